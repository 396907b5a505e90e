"""Options of the reference's *_signals.py: --constant_lead_strategy and --dataset_subset.

Both were also compared with the scripts of fairseq-signals 6b9e137 themselves (docs/preprocess.md).
"""

import csv

import numpy as np
import pytest
from scipy.io import loadmat

from ecg_corpora import write_challenge_corpus

FLAT = 123  # adu: 0.123 mV, whose running mean over 5000 samples is rounded


def rows(path):
    with open(path) as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("strategies") / "raw"
    write_challenge_corpus(folder)
    path = folder / "A" / "R000.mat"
    header = path.read_bytes()[:24]
    digital = np.frombuffer(path.read_bytes()[24:], "<i2").reshape(-1, 12).copy()
    digital[:, 7] = FLAT
    path.write_bytes(header + digital.tobytes())
    return folder


def export(einthoven, raw, folder, *options):
    einthoven("preprocess", "physionet2021", raw, "--dest", folder / "s.ecgstore", "--export", "fairseq",
              folder / "f", *options, check=True)
    return folder / "f"


@pytest.mark.parametrize("strategy", ["zero", "nan", "constant"])
def test_constant_leads(einthoven, tmp_path, raw, strategy):
    mat = loadmat(export(einthoven, raw, tmp_path, "--constant-lead-strategy", strategy)
                  / "preprocessed" / "physionet2021_A_R000.mat")
    total = 0.0
    for _ in range(mat["feats"].shape[1]):
        total += FLAT / 1000
    mean = total / mat["feats"].shape[1]
    assert mat["mean"][7, 0] == mean and mat["std"][7, 0] == 0
    left = FLAT / 1000 - mean
    assert left != 0
    wanted = {"zero": 0.0, "nan": np.nan, "constant": left}[strategy]
    np.testing.assert_array_equal(mat["feats"][7], np.full(mat["feats"].shape[1], wanted))
    others = np.delete(mat["feats"], 7, axis=0)
    np.testing.assert_allclose(others.std(axis=1), 1, atol=1e-9)


def test_a_subset_of_datasets_keeps_the_numbers_of_the_whole(einthoven, tmp_path, raw):
    whole = {row["path"]: row["idx"] for row in rows(export(einthoven, raw, tmp_path / "all") / "meta.csv")}
    part = export(einthoven, raw, tmp_path / "part", "--dataset-subset", "B")
    meta = rows(part / "meta.csv")
    assert {row["dataset"] for row in meta} == {"B"} and 0 < len(meta) < len(whole)
    assert all(row["idx"] == whole[row["path"]] for row in meta)
    assert int(meta[0]["idx"]) > 0
    segments = {path.name for path in (part / "segmented").iterdir()}
    assert segments == {row["path"].rsplit("/", 1)[1] for row in rows(part / "segmented.csv")}
    assert {name.rsplit("_", 1)[0] + ".mat" for name in segments} == {row["save_file"] for row in meta}
