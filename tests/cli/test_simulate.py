"""einthoven simulate: what it writes is read by wfdb and is what truth.csv says."""

import collections
import hashlib

import numpy as np
import pandas as pd
import pytest
import wfdb


@pytest.fixture(scope="module")
def corpus(einthoven, tmp_path_factory):
    out = tmp_path_factory.mktemp("simulate") / "corpus"
    done = einthoven("simulate", out, "--count", 40, "--seed", 5, check=True)
    return out, done


def truth_of(out):
    return pd.read_csv(out / "truth.csv", dtype={"dx": str}, keep_default_na=False)


def digests(out):
    return {p.relative_to(out): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(out.rglob("*")) if p.is_file()}


def test_layout_is_that_of_the_challenge(corpus):
    out, done = corpus
    headers = sorted(out.glob("training/*/*/*.hea"))
    assert len(headers) == 40
    assert all(h.with_suffix(".mat").is_file() and h.with_suffix(".atr").is_file() for h in headers)
    assert "40 records of" in done.stdout
    assert "atrial fibrillation" in done.stdout


def test_headers_carry_the_truth(corpus):
    out, _ = corpus
    for row in truth_of(out).itertuples():
        lines = (out / f"{row.path}.hea").read_text().splitlines()
        assert f"#Dx: {row.dx}" in lines
        assert f"#Age: {row.age}" in lines
        assert f"#Sex: {row.sex}" in lines
        assert 18 <= row.age <= 95


def test_wfdb_reads_twelve_consistent_leads(corpus):
    out, _ = corpus
    for row in truth_of(out).itertuples():
        record = wfdb.rdrecord(str(out / row.path))
        signal = dict(zip(record.sig_name, record.p_signal.T))
        assert record.fs == 500 and record.p_signal.shape == (5000, 12)
        # to the rounding of 1 uV steps
        assert np.abs(signal["I"] + signal["III"] - signal["II"]).max() < 0.0016
        assert np.abs(signal["aVR"] + signal["aVL"] + signal["aVF"]).max() < 0.0016
        assert 0.2 < np.ptp(signal["II"]) < 8


def test_annotations_give_the_heart_rate_and_the_rhythm(corpus):
    out, _ = corpus
    names = {"AF": "(AFIB", "AFL": "(AFL", "PR": "(P", "SB": "(SBR"}
    for row in truth_of(out).itertuples():
        marks = wfdb.rdann(str(out / row.path), "atr")
        beats = [s for s, m in zip(marks.sample, marks.symbol) if m in "NVA/"]
        rate = 60 * (len(beats) - 1) / ((beats[-1] - beats[0]) / 500)
        assert rate == pytest.approx(row.heart_rate_bpm, rel=0.12)
        rhythm = row.conditions.split(",")[0]
        assert marks.aux_note[0].rstrip("\0") == names.get(rhythm, "(N")
        counts = collections.Counter(marks.symbol)
        assert counts["("] == counts[")"] > 8
        assert ("PVC" in row.conditions.split(",")) == (counts["V"] > 0)
        assert (counts["p"] == 0) == (rhythm in ("AF", "AFL", "PR"))


def test_records_of_a_patient_are_alike(corpus):
    out, _ = corpus
    truth = truth_of(out)
    assert truth.groupby("patient")[["age", "sex"]].nunique().max().max() == 1
    assert 1 < truth.groupby("patient").size().max() <= 4


def test_same_seed_same_bytes_for_any_threads(einthoven, tmp_path):
    for name, threads, seed in (("a", 1, 9), ("b", 4, 9), ("c", 2, 10)):
        einthoven("simulate", tmp_path / name, "--count", 6, "--seconds", 3, "--seed", seed,
                  "--threads", threads, check=True)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_classes_rate_and_layout_are_as_asked(einthoven, tmp_path):
    einthoven("simulate", tmp_path / "x", "--count", 12, "--classes", "AF,733534002", "--rate", 250,
              "--seconds", 5, "--noise", "none", "--layout", "wfdb",
        check=True)
    truth = truth_of(tmp_path / "x")
    assert set(",".join(truth.conditions).split(",")) <= {"AF", "CLBBB", "NSR"}
    assert (tmp_path / "x" / "RECORDS").read_text().split() == list(truth.path)
    record = wfdb.rdrecord(str(tmp_path / "x" / truth.path[0]))
    assert record.fs == 250 and record.sig_len == 1250 and record.fmt[0] == "16"


@pytest.mark.parametrize("arguments, words", [
    (["--classes", "AFF"], "did you mean \"AF"),
    (["--noise", "loud"], "noise"),
    (["--count", "0"], "count"),
    (["--rate", "5"], "rate"),
])
def test_faulty_options_are_refused(einthoven, tmp_path, arguments, words):
    done = einthoven("simulate", tmp_path / "x", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_a_filled_folder_is_not_touched(einthoven, tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    done = einthoven("simulate", tmp_path, "--count", 2)
    assert done.returncode == 2 and "not an empty folder" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_nothing_is_left_of_a_wrong_command(einthoven, tmp_path):
    for wrong in (["--seconds", 100000000], ["--rate", 99999999], ["--seconds", 0.5],
                  ["--as", "ludb", "--layout", "wfdb"]):
        done = einthoven("simulate", tmp_path / "c", "--count", 3, *wrong)
        assert done.returncode == 2 and not (tmp_path / "c").exists()
        assert done.stderr.startswith("einthoven: ")
