"""The stratified split against the package iterative-stratification."""

import csv

import numpy as np
import pytest

FRACTIONS = (0.8, 0.1, 0.1)


def errors(parts, y):
    """Distance of each part's count of each label from its share."""
    return np.array([abs(y[parts == p].sum(0) - share * y.sum(0)) for p, share in enumerate(FRACTIONS)])


def test_labels_are_shared_out_as_well(einthoven, tmp_path, shared):
    peer = pytest.importorskip("iterstrat.ml_stratifiers")
    store = tmp_path / "p.ecgstore"
    einthoven("preprocess", "ptb-xl", shared / "data/ptbxl_1.0.3_subset", "--dest", store, check=True)
    einthoven("labels", "build", store, "--classes", "ptb-xl-superclass", "--dest", tmp_path / "l",
              check=True)
    y = np.load(tmp_path / "l/y.npy")
    einthoven("manifest", "split", store, "--dest", tmp_path / "m", "--strategy", "stratified",
              "--labels", "ptb-xl-superclass", "--group-col", "name", check=True)
    ours = np.full(len(y), -1)
    with open(tmp_path / "m/splits.csv") as file:
        for row in csv.DictReader(file):
            ours[int(row["idx"])] = ("train", "valid", "test").index(row["split"])
    assert (ours >= 0).all()
    theirs = np.empty(len(y), int)
    folds = peer.MultilabelStratifiedKFold(10, shuffle=True, random_state=1)
    for fold, (_, held_out) in enumerate(folds.split(y, y)):
        theirs[held_out] = max(0, fold - 7)
    assert errors(ours, y).max() <= max(1.5, errors(theirs, y).max())
    assert errors(ours, y).mean() <= 1.1 * errors(theirs, y).mean()
