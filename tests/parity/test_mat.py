"""Every real MAT-file that is no WFDB record, against scipy.io: version 5 of ECG-FM (CODE-15%) and of CPSC 2018, and what we write."""

import json

import numpy as np
import pytest

scipy_io = pytest.importorskip("scipy.io")


def ours(einthoven, path, tmp_path):
    einthoven("convert-recording", path, tmp_path / "x.npy", check=True)
    return np.load(tmp_path / "x.npy")


def theirs(path):
    file = scipy_io.loadmat(path)
    return file["feats"] if "feats" in file else file["ECG"]["data"][0, 0]


def test_every_real_file(einthoven, shared, tmp_path):
    folders = ["code15_ecgfm/org", "code15_ecgfm/segmented", "cpsc2018_raw"]
    paths = sorted(path for folder in folders for path in (shared / "data" / folder).glob("*.mat"))
    assert len(paths) > 15
    for path in paths:
        np.testing.assert_array_equal(ours(einthoven, path, tmp_path), theirs(path).astype(np.float32), str(path))


@pytest.mark.parametrize("options", [{"do_compression": True}, {"format": "4"}])
def test_compressed_and_version_4(einthoven, shared, tmp_path, options):
    path = next((shared / "data/code15_ecgfm/org").glob("*.mat"))
    feats = theirs(path)
    scipy_io.savemat(tmp_path / "a.mat", {"feats": feats, "curr_sample_rate": 400}, **options)
    np.testing.assert_array_equal(ours(einthoven, tmp_path / "a.mat", tmp_path), feats.astype(np.float32))


def test_leads_in_a_cell_array(einthoven, tmp_path):
    names = ["V6", "V1", "aVF"]
    samples = np.random.default_rng(1).normal(size=(3, 500)).astype(np.float32)
    scipy_io.savemat(tmp_path / "c.mat", {"feats": samples, "fs": 500.0, "leads": np.array(names, object)})
    np.testing.assert_array_equal(ours(einthoven, tmp_path / "c.mat", tmp_path), samples)
    assert json.loads((tmp_path / "x.json").read_text())["leads"] == names


def test_scipy_reads_what_we_write(einthoven, shared, tmp_path):
    path = shared / "data/formats/muse_muse-sinus_redacted.xml"
    einthoven("convert-recording", path, tmp_path / "y.mat", check=True)
    file = scipy_io.loadmat(tmp_path / "y.mat")
    np.testing.assert_array_equal(file["feats"], ours(einthoven, path, tmp_path))
    assert [str(lead).strip() for lead in file["leads"]][:3] == ["I", "II", "III"]
    assert '"statements"' in file["info"][0]
