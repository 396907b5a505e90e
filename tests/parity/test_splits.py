"""Splits of PTB-XL against its table and the package iterative-stratification."""

import csv

import numpy as np
import pytest

FRACTIONS = (0.8, 0.1, 0.1)


def errors(parts, y):
    """Distance of each part's count of each label from its share."""
    return np.array([abs(y[parts == p].sum(0) - share * y.sum(0)) for p, share in enumerate(FRACTIONS)])


@pytest.fixture(scope="module")
def store(einthoven, tmp_path_factory, shared):
    path = tmp_path_factory.mktemp("ptbxl") / "p.ecgstore"
    einthoven("preprocess", "ptb-xl", shared / "data/ptbxl_1.0.3_subset", "--dest", path, check=True)
    return path


def parts_of(folder):
    with open(folder / "splits.csv") as file:
        return {int(row["idx"]): row["split"] for row in csv.DictReader(file)}


def test_published_folds_and_time(einthoven, tmp_path, shared, store):
    with open(shared / "data/ptbxl_1.0.3_subset/ptbxl_database.csv") as file:
        table = list(csv.DictReader(file))
    einthoven("manifest", "split", store, "--dest", tmp_path / "folds", "--strategy", "predefined", check=True)
    wanted = {"9": "valid", "10": "test"}
    assert parts_of(tmp_path / "folds") == {i: wanted.get(row["strat_fold"], "train") for i, row in enumerate(table)}
    einthoven("manifest", "split", store, "--dest", tmp_path / "time", "--strategy", "temporal", "--date-col",
              "recording_date", check=True)
    dates = {part: [] for part in ("train", "valid", "test")}
    for i, part in parts_of(tmp_path / "time").items():
        dates[part].append(table[i]["recording_date"])
    assert max(dates["train"]) <= min(dates["valid"]) and max(dates["valid"]) <= min(dates["test"])
    assert [len(dates[part]) for part in dates] == [203, 26, 25]


def test_labels_are_shared_out_as_well(einthoven, tmp_path, store):
    peer = pytest.importorskip("iterstrat.ml_stratifiers")
    einthoven("labels", "build", store, "--classes", "ptb-xl-superclass", "--dest", tmp_path / "l",
              check=True)
    y = np.load(tmp_path / "l/y.npy")
    einthoven("manifest", "split", store, "--dest", tmp_path / "m", "--strategy", "stratified",
              "--labels", "ptb-xl-superclass", "--group-col", "name", check=True)
    parts = parts_of(tmp_path / "m")
    ours = np.array([("train", "valid", "test").index(parts[i]) for i in range(len(y))])
    theirs = np.empty(len(y), int)
    folds = peer.MultilabelStratifiedKFold(10, shuffle=True, random_state=1)
    for fold, (_, held_out) in enumerate(folds.split(y, y)):
        theirs[held_out] = max(0, fold - 7)
    assert errors(ours, y).max() <= max(1.5, errors(theirs, y).max())
    assert errors(ours, y).mean() <= 1.1 * errors(theirs, y).mean()
