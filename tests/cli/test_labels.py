"""einthoven labels: build, show, weights."""

import csv
import json
import sqlite3

import numpy as np
import pytest

from ecg_corpora import write_challenge_corpus


@pytest.fixture
def store(einthoven, tmp_path):
    write_challenge_corpus(tmp_path / "raw", 20)
    path = tmp_path / "s.ecgstore"
    einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", path, check=True)
    einthoven("manifest", "split", path, "--dest", tmp_path / "m", check=True)
    return path


def test_build_from_a_store(einthoven, tmp_path, store):
    einthoven("labels", "build", store, "--dest", tmp_path / "l", "--splits", tmp_path / "m/splits.csv",
              check=True)
    y = np.load(tmp_path / "l/y.npy")
    assert y.shape == (20, 26) and y.dtype == np.float64
    with open(tmp_path / "l/labels.csv") as file:
        labels = list(csv.DictReader(file))
    index = sqlite3.connect(store / "index.sqlite")
    fibrillating = {idx for idx, in index.execute("SELECT idx FROM labels WHERE name='164889003'")}
    assert {i for i in range(20) if y[i, 0] == 1} == fibrillating == {
        int(row["idx"]) for row in labels if row["AF"] == "1"}
    assert y[:, list(labels[0]).index("NSR") - 1].all()
    weights = (tmp_path / "l/pos_weight.txt").read_text()
    printed = einthoven("labels", "weights", store, "--splits", tmp_path / "m/splits.csv", check=True)
    assert printed.stdout.strip() == weights and weights.count("inf") == 24
    capped = einthoven("labels", "weights", store, "--splits", tmp_path / "m/splits.csv", "--cap", 50,
                       check=True)
    assert "inf" not in capped.stdout and "50.0" in capped.stdout


def test_fixture_is_exact(einthoven, tmp_path, shared):
    expected = shared / "fixtures/data_pipeline/expected"
    tables = shared / "data/labels/cinc2021"
    arguments = ["labels", "build", expected / "physionet2021_meta.csv", "--splits",
                 expected / "meta_split_fixed.csv", "--weights", tables / "weights.csv",
                 "--abbreviations", tables / "weights_abbreviations.csv"]
    einthoven(*arguments, "--dest", tmp_path / "l", check=True)
    for ours, theirs in (("labels.csv", "physionet2021_labels.csv"), ("label_def.csv",) * 2,
                         ("pos_weight.txt",) * 2, ("y.npy",) * 2):
        assert (tmp_path / "l" / ours).read_bytes() == (expected / theirs).read_bytes(), ours
    einthoven(*arguments, "--uncombined", "--dest", tmp_path / "u", check=True)
    assert (tmp_path / "u/labels.csv").read_bytes() == (
        expected / "physionet2021_labels_uncombined.csv").read_bytes()


def test_ptbxl_superclasses(einthoven, tmp_path, shared):
    store = tmp_path / "p.ecgstore"
    einthoven("preprocess", "ptb-xl", shared / "data/ptbxl_1.0.3_subset", "--dest", store, check=True)
    done = einthoven("labels", "show", store, "--classes", "superclass", check=True)
    names = [line.split()[0] for line in done.stdout.splitlines()[1:-1]]
    assert names == ["NORM", "MI", "STTC", "CD", "HYP"]


def test_errors(einthoven, tmp_path, store):
    missing = einthoven("labels", "show", store, "--classes", "superclass")
    assert missing.returncode == 3 and "there are: dx" in missing.stderr
    assert einthoven("labels", "weights", store).returncode == 2
    assert einthoven("labels", "show", tmp_path / "no").returncode == 4
    assert einthoven("labels", "show", store, "--classes", "ptb-xl-from").returncode == 3


def test_show_counts_pairs(einthoven, store):
    done = einthoven("labels", "show", store, "--format", "json", check=True)
    report = json.loads(done.stdout)
    names = [label["name"] for label in report["labels"]]
    af, sinus = names.index("AF"), names.index("NSR")
    assert report["recordings"] == 20 and report["unlabelled"] == 0
    assert report["labels"][af]["count"] == report["co_occurrence"][af][sinus] == 7
    assert report["co_occurrence"][sinus][sinus] == 20
    text = einthoven("labels", "show", store, "--co-occurrence", "--classes", "snomed", check=True).stdout
    assert [line.split() for line in text.splitlines()[-2:]] == [
        ["1", "164889003", "7", "7"], ["2", "426783006", "7", "20"]]


def test_codes(einthoven):
    rows = list(csv.DictReader(einthoven("labels", "codes", "scp:CLBBB", "aha:50+346", check=True)
                               .stdout.splitlines()))
    assert [row["name"] for row in rows] == ["left bundle branch block", "atrial fibrillation"]
    assert rows[0]["minnesota"].startswith("7-1-1")
    assert [row["cinc2021"] for row in rows] == ["CLBBB|LBBB", "AF"]
    assert einthoven("labels", "codes", "scp:NOPE").returncode == 2
