"""convert-recording and formats, from outside."""

import json

import numpy as np
import pytest


@pytest.fixture
def ecg(tmp_path):
    values = np.random.default_rng(0).integers(-2000, 2000, (12, 500)) / 1000
    np.save(tmp_path / "ecg.npy", values.astype(np.float32))
    return tmp_path / "ecg.npy"


def test_round_trip_through_every_format(einthoven, ecg, tmp_path):
    path, options = ecg, ["--rate", 500]
    for name in ["a.hea", "b.csv", "c.mat", "e.h5", "f.npz", "d.npy"]:
        done = einthoven("convert-recording", path, tmp_path / name, *options, check=True)
        assert "12 leads, 500 samples at 500 Hz" in done.stdout
        path, options = tmp_path / name, []
    np.testing.assert_array_equal(np.load(tmp_path / "d.npy"), np.load(ecg))
    sidecar = json.loads((tmp_path / "d.json").read_text())
    assert sidecar["rate_hz"] == 500
    assert sidecar["leads"][:4] == ["I", "II", "III", "aVR"]


def test_leads_and_cut(einthoven, ecg, tmp_path):
    einthoven("convert-recording", ecg, tmp_path / "x.npy", "--rate", 500, "--leads", "v1,II",
              "--from", 0.2, "--to", 0.6, check=True)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), np.load(ecg)[[6, 1], 100:300])


def test_notes_go_to_stderr(einthoven, ecg, tmp_path):
    done = einthoven("convert-recording", ecg, tmp_path / "x.csv", "--rate", 500, check=True)
    assert "does not name its leads" in done.stderr
    assert "does not name its leads" not in done.stdout


@pytest.mark.parametrize("arguments,code,text", [
    (["{ecg}", "{dir}/x.csv"], 2, "--rate"),
    (["{ecg}", "{dir}/x.docx", "--rate", "500"], 2, ".docx"),
    (["{ecg}", "{dir}/x.npy", "--rate", "500", "--leads", "V9"], 3, "V9"),
    (["{ecg}", "{dir}/x.npy", "--rate", "500", "--digital"], 2, "WFDB"),
    (["{dir}/none", "{dir}/x.npy"], 4, "none"),
    (["{dir}/bad.hea", "{dir}/x.npy"], 3, "bad.hea:1: number of signals"),
    (["{ecg}"], 2, "out"),
])
def test_errors_are_one_line_with_the_right_code(einthoven, ecg, tmp_path, arguments, code, text):
    (tmp_path / "bad.hea").write_text("bad two 500\n")
    done = einthoven("convert-recording", *(a.format(ecg=ecg, dir=tmp_path) for a in arguments))
    assert done.returncode == code
    assert text in done.stderr
    assert not list(tmp_path.glob("x.*"))


def test_help_and_formats(einthoven):
    assert "Examples:" in einthoven("convert-recording", "--help", check=True).stdout
    table = einthoven("formats", check=True).stdout
    for name in ["wfdb", "mat", "npy", "csv", "hdf5", "npz", "edf", "muse",
                 "aecg", "sierra", "dicom", "scp", "ishne", "fhir"]:
        assert f"\n{name} " in table
