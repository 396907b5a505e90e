"""manifest split --dataset-subset and --filter-cols, as the reference's splits.py has them."""

import csv

import numpy as np
import pytest

from ecg_corpora import write_challenge_corpus


@pytest.fixture(scope="module")
def corpus(einthoven, tmp_path_factory):
    """Ten recordings in datasets A and B: R002 and R003 with a flat lead, R004 with an invalid sample."""
    folder = tmp_path_factory.mktemp("filter")
    write_challenge_corpus(folder / "raw")
    for name, value in {"A/R002": 0, "B/R003": 0, "A/R004": -32768}.items():
        path = folder / "raw" / f"{name}.mat"
        raw = path.read_bytes()
        digital = np.frombuffer(raw[24:], "<i2").reshape(-1, 12).copy()
        digital[: 1 if value else None, 7] = value
        path.write_bytes(raw[:24] + digital.tobytes())
    einthoven("preprocess", "physionet2021", folder / "raw", "--dest", folder / "s.ecgstore",
              "--export", "fairseq", folder / "f", check=True)
    return folder


def names(folder):
    with open(folder / "splits.csv") as file:
        return sorted(row["save_file"].removesuffix(".mat").rsplit("_", 1)[1] for row in csv.DictReader(file))


@pytest.mark.parametrize("source", ["s.ecgstore", "f", "f/segmented.csv"])
@pytest.mark.parametrize("options,left", [
    (["--dataset-subset", "B"], [1, 3, 5, 7, 9]),
    (["--dataset-subset", "A, B"], range(10)),
    (["--filter-cols", "constant_leads_any"], [0, 1, 4, 5, 6, 7, 8, 9]),
    (["--filter-cols", "nan_any"], [0, 1, 2, 3, 5, 6, 7, 8, 9]),
    (["--filter-cols", "nan_any,constant_leads_any", "--dataset-subset", "A"], [0, 6, 8]),
])
def test_what_is_left(einthoven, corpus, tmp_path, source, options, left):
    einthoven("manifest", "split", corpus / source, "--dest", tmp_path / "m", "--strategy", "random",
              "--fractions", "0.7,0.3", "--split-labels", "train,valid", *options, check=True)
    assert names(tmp_path / "m") == [f"R{i:03d}" for i in left]
    segments = sum(len((tmp_path / "m" / f"{part}.tsv").read_text().splitlines()) - 1
                   for part in ("train", "valid"))
    assert segments == 2 * len(left)


@pytest.mark.parametrize("source,options,code,text", [
    ("s.ecgstore", ["--dataset-subset", "C"], 3, "no recording has this dataset"),
    ("s.ecgstore", ["--filter-cols", "nan_all"], 3, "nan_all"),
    ("f", ["--filter-cols", "nan_all"], 3, "nan_all"),
    ("f/segmented", ["--filter-cols", "nan_any"], 2, "has no columns"),
])
def test_faults(einthoven, corpus, tmp_path, source, options, code, text):
    done = einthoven("manifest", "split", corpus / source, "--dest", tmp_path / "m", *options)
    assert done.returncode == code and text in done.stderr
