"""Segmentation targets of LUDB and of QTDB-like records: the recorded reference, wfdb, scipy."""

import json

import numpy as np
import pytest
import scipy.interpolate
import scipy.io
import wfdb

CLASSES = ("p", "qrs", "t", "none")


def runs(values):
    values = np.asarray(values).ravel()
    edges = np.flatnonzero(np.diff(values)) + 1
    starts = np.concatenate([[0], edges])
    return [[int(values[a]), int(n)] for a, n in zip(starts, np.diff([*starts, len(values)]))]


@pytest.mark.parametrize("separate", [False, True])
def test_fixture_is_exact(einthoven, tmp_path, shared, separate):
    folder = shared / "fixtures/ludb"
    expected = json.loads((folder / "expected.json").read_text())
    einthoven("labels", "waves", "ludb", folder, "--dest", tmp_path,
              *(["--separate-leads"] if separate else []), check=True)
    files = sorted(path.name for path in tmp_path.glob("*.mat"))
    assert files == sorted(name for name in expected if ("_" in name) == separate)
    signal, _ = wfdb.rdsamp(str(folder / "1"))
    leads = [name.lower() for name in wfdb.rdheader(str(folder / "1")).sig_name]
    for name in files:
        mat, want = scipy.io.loadmat(tmp_path / name), expected[name]
        for key in (*CLASSES, "segment_label", "segment_mask"):
            assert runs(mat[key]) == want[key], (name, key)
        assert np.flatnonzero(mat["label"]).tolist() == want["label_on"]
        assert mat["curr_sample_rate"].item() == want["curr_sample_rate"]
        assert list(mat["feats"].shape) == want["feats_shape"]
        rows = slice(None) if not separate else [leads.index(name[2:-4])]
        assert (mat["feats"] == signal.T[rows]).all()
        assert mat["label"].dtype == mat["segment_label"].dtype == np.int64
        order = [entry[0] for entry in scipy.io.whosmat(tmp_path / name)]
        assert order == ["label", "curr_sample_rate", "feats", *CLASSES, "segment_label",
                         "segment_mask", "patient_id"]


def test_ludb_converts_whole(einthoven, tmp_path, shared):
    source = shared / "data/ludb_1.0.1"
    done = einthoven("labels", "waves", "ludb", source, "--dest", tmp_path, "--digital-uv", check=True)
    assert done.stdout == "130 recordings, 130 files, 0 quarantined\n"
    feats = scipy.io.loadmat(tmp_path / "1.mat")["feats"]
    assert np.abs(feats[1] - feats[0] - feats[2]).max() < 0.0025  # in uV, III = II - I


def write_qtdb(folder, name="sel1", rate=250, length=3000):
    """Two beats; the second T wave has no onset, as in q1c files, and a u wave follows."""
    folder.mkdir()
    time = np.arange(length) / rate
    signal = np.stack([np.sin(5 * time), np.cos(7 * time) * time], 1)
    wfdb.wrsamp(name, fs=rate, units=["mV", "mV"], sig_name=["MLII", "V5"], p_signal=signal,
                fmt=["16", "16"], write_dir=str(folder))
    marks = [(1000, "("), (1010, "p"), (1020, ")"), (1030, "("), (1040, "N"), (1050, ")"),
             (1080, "("), (1100, "t"), (1120, ")"),
             (1200, "("), (1210, "p"), (1230, ")"), (1230, "("), (1240, "N"), (1250, ")"),
             (1300, "t"), (1320, ")"), (1330, "("), (1340, "u"), (1350, ")")]
    wfdb.wrann(name, "atr", np.array([s for s, _ in marks]), symbol=[s for _, s in marks], fs=rate,
               write_dir=str(folder))
    (folder / f"{name}.atr").rename(folder / f"{name}.q1c")  # wrann writes no digits


def test_qtdb(einthoven, tmp_path):
    write_qtdb(tmp_path / "qtdb")
    einthoven("labels", "waves", "qtdb", tmp_path / "qtdb", "--dest", tmp_path / "a", check=True)
    mat = scipy.io.loadmat(tmp_path / "a/sel1.mat")
    assert runs(mat["segment_label"]) == [
        [3, 1000], [0, 21], [3, 9], [1, 21], [3, 29], [2, 41], [3, 79], [0, 30], [1, 21], [3, 49],
        [2, 21], [3, 1679]]
    # nothing is learned outside of the annotated beats, nor in the rise of the second T wave
    assert runs(mat["segment_mask"]) == [[1, 1000], [0, 251], [1, 49], [0, 21], [1, 1679]]
    assert mat["feats"].shape == (2, 3000) and mat["curr_sample_rate"].item() == 250


def test_pieces_without_annotation_are_left_out(einthoven, tmp_path):
    write_qtdb(tmp_path / "qtdb")
    einthoven("labels", "waves", "qtdb", tmp_path / "qtdb", "--dest", tmp_path / "a",
              "--segment-seconds", 2, check=True)
    assert sorted(path.name for path in (tmp_path / "a").glob("*.mat")) == ["sel1_2.mat"]


def test_resampling_keeps_marks_and_signal_together(einthoven, tmp_path):
    """The reference fails here; the spline is scipy's, at the times of the new samples."""
    write_qtdb(tmp_path / "qtdb")
    refused = einthoven("labels", "waves", "qtdb", tmp_path / "qtdb", "--dest", tmp_path / "no",
                        "--sample-rate", 500)
    assert refused.returncode == 3 and "1 quarantined" in refused.stdout
    assert "250 Hz" in (tmp_path / "no/quarantine.csv").read_text()
    einthoven("labels", "waves", "qtdb", tmp_path / "qtdb", "--dest", tmp_path / "a",
              "--sample-rate", 360, "--resample", check=True)
    mat = scipy.io.loadmat(tmp_path / "a/sel1.mat")
    signal, _ = wfdb.rdsamp(str(tmp_path / "qtdb/sel1"))
    at = np.minimum(np.arange(4320) * 250 / 360, 2999)
    spline = scipy.interpolate.CubicSpline(np.arange(3000), signal)
    assert np.abs(mat["feats"] - spline(at).T).max() < 1e-12
    assert runs(mat["qrs"])[:2] == [[0, round(1030 * 1.44)], [1, round(1050 * 1.44) - round(1030 * 1.44) + 1]]


def test_damaged_records_are_quarantined(einthoven, tmp_path, shared):
    folder = tmp_path / "data"
    folder.mkdir()
    for path in (shared / "fixtures/ludb").glob("1.*"):
        text = path.read_bytes()
        (folder / path.name).write_bytes(text)
        renamed = text.replace(b"1.dat", b"2.dat").replace(b"1 12 500", b"2 12 500")
        if path.suffix == ".hea":
            renamed = renamed.replace(b"Rhythm: Sinus bradycardia.", b"Rhythm: unheard of.")
        (folder / f"2{path.suffix}").write_bytes(renamed)
    header = (folder / "1.hea").read_text().replace("1.dat", "3.dat").replace("1 12 500", "3 12 500")
    (folder / "3.hea").write_text(header.replace(" avf\n", " a/../../../avf\n"))
    (folder / "3.dat").write_bytes((folder / "1.dat").read_bytes())
    done = einthoven("labels", "waves", "ludb", tmp_path, "--dest", tmp_path / "out", check=True)
    assert done.stdout == "1 recordings, 1 files, 2 quarantined\n"
    reasons = (tmp_path / "out/quarantine.csv").read_text()
    assert "unheard of" in reasons and "not a lead name" in reasons
    assert einthoven("labels", "waves", "mitdb", folder, "--dest", tmp_path / "x").returncode == 2
    assert einthoven("labels", "waves", "ludb", tmp_path / "out", "--dest", tmp_path / "x").returncode == 3
