"""einthoven score: the CinC 2021 scorer on folders."""

import json


def score(einthoven, shared, *args):
    fixture = shared / "fixtures" / "cinc2021"
    weights = shared / "data" / "labels" / "cinc2021" / "weights.csv"
    return einthoven("score", fixture / "labels", fixture / "outputs", "--weights", weights, *args,
                     check=True)


def test_text_of_the_official_scorer(einthoven, shared, tmp_path):
    fixture = shared / "fixtures" / "cinc2021"
    done = score(einthoven, shared, "--output", tmp_path / "s.csv",
                 "--class-output", tmp_path / "c.csv")
    expected = (fixture / "scores.csv").read_text()
    assert done.stdout == expected + "\n"
    assert (tmp_path / "s.csv").read_text() == expected
    assert (tmp_path / "c.csv").read_text() == (fixture / "class_scores.csv").read_text()


def test_all_digits_as_json(einthoven, shared):
    scores = json.loads(score(einthoven, shared, "--format", "json").stdout)
    expected = {"auroc": 0.4659830966717408, "auprc": 0.18746489462684723,
                "accuracy": 0.16666666666666666, "f_measure": 0.5531135531135531,
                "challenge_metric": 0.5948936105096443}
    for name, value in expected.items():
        assert abs(scores[name] - value) <= 1e-12
    assert len(scores["classes"]["names"]) == 26


def test_missing_weights(einthoven, shared, tmp_path):
    fixture = shared / "fixtures" / "cinc2021"
    done = einthoven("score", fixture / "labels", fixture / "outputs")
    assert done.returncode == 2
    done = einthoven("score", fixture / "labels", fixture / "outputs", "--weights",
                     tmp_path / "none.csv")
    assert done.returncode == 4
    assert "none.csv" in done.stderr
