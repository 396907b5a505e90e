"""Ranking metrics against scikit-learn, through `einthoven score`."""

import json

import numpy as np
import pytest
from sklearn import metrics

SINUS = "426783006"


@pytest.mark.parametrize("seed", range(5))
def test_scores_equal_scikit_learn(einthoven, tmp_path, seed):
    random = np.random.RandomState(seed)
    codes = [SINUS, "100", "200", "300"]
    count = 200
    labels = random.rand(count, 4) < [0.4, 0.2, 0.05, 0.3]
    # Coarse scores, so that many are tied.
    scores = np.round(random.rand(count, 4) * 0.6 + labels * random.rand(4) * 0.4, 2)
    answers = scores > 0.5
    for folder in ("labels", "outputs"):
        (tmp_path / folder).mkdir()
    for i in range(count):
        named = ",".join(code for code, yes in zip(codes, labels[i]) if yes)
        (tmp_path / "labels" / f"R{i:03}.hea").write_text(f"R{i:03} 12 500 5000\n#Dx: {named}\n")
        (tmp_path / "outputs" / f"R{i:03}.csv").write_text("\n".join([
            f"#R{i:03}", ",".join(codes), ",".join(str(int(x)) for x in answers[i]),
            ",".join(repr(float(x)) for x in scores[i])]))
    weights = np.eye(4) + 0.25 * (1 - np.eye(4))
    (tmp_path / "w.csv").write_text("\n".join(
        ["," + ",".join(codes)] + [f"{c}," + ",".join(map(str, row)) for c, row in zip(codes, weights)]))
    done = einthoven("score", tmp_path / "labels", tmp_path / "outputs", "--weights",
                     tmp_path / "w.csv", "--format", "json", check=True)
    ours = json.loads(done.stdout)
    for j in range(4):
        assert abs(ours["classes"]["auroc"][j] - metrics.roc_auc_score(labels[:, j], scores[:, j])) < 1e-12
        assert abs(ours["classes"]["auprc"][j] - metrics.average_precision_score(labels[:, j], scores[:, j])) < 1e-12
        assert abs(ours["classes"]["f_measure"][j] - metrics.f1_score(labels[:, j], answers[:, j])) < 1e-12
    assert abs(ours["accuracy"] - metrics.accuracy_score(labels, answers)) < 1e-12
    assert abs(ours["challenge_metric"] - challenge_metric(weights, labels, answers)) < 1e-12


def challenge_metric(weights, labels, answers):
    def total(chosen):
        named = np.maximum(1, (labels | chosen).sum(1))
        return np.einsum("jk,ij,ik,i->", weights, labels, chosen, 1 / named)

    normal = np.zeros_like(labels)
    normal[:, 0] = True
    return (total(answers) - total(normal)) / (total(labels) - total(normal))
