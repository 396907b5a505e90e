"""Our ISHNE reader against ishneholterlib."""

import json

import numpy as np
import pytest

ishneholterlib = pytest.importorskip("ishneholterlib")


@pytest.fixture
def holter(tmp_path, monkeypatch):
    """A file written by ishneholterlib, and the values in mV that it reads back."""
    read = ishneholterlib.get_val
    monkeypatch.setattr(ishneholterlib, "get_val", lambda name, at, kind: read(
        name, at, kind.replace("a", "S") if isinstance(kind, str) else kind))  # numpy 2
    path = tmp_path / "x.ecg"
    header = bytearray(522)
    header[:8] = b"ISHNE1.0"
    header[28:34] = b"Nobody"
    for at, value in [(18, 522), (22, 522)]:
        header[at:at + 4] = value.to_bytes(4, "little")
    for at, value in [(26, 1), (128, 2), (138, 29), (140, 2), (142, 2020), (150, 1), (152, 2),
                      (154, 3), (156, 3), (158, 6), (160, 11), (162, 0), (206, 2500), (208, 5000),
                      (210, 1), (272, 200)]:
        header[at:at + 2] = value.to_bytes(2, "little")
    path.write_bytes(header)
    file = ishneholterlib.Holter(str(path), check_valid=False)
    counts = np.random.default_rng(1).integers(-32768, 32768, (3, 1000), np.int16)
    for lead, data in zip(file.lead, counts):
        lead.data = data
    for name in ["first_name", "last_name", "id", "proprietary", "copyright", "reserved"]:
        setattr(file, name, getattr(file, name).decode())
    file.write_file(overwrite=True, convert_data=False)
    again = ishneholterlib.Holter(str(path), check_valid=False)
    again.load_data()
    return path, np.array([lead.data for lead in again.lead])


def test_samples(einthoven, holter, tmp_path):
    path, expected = holter
    done = einthoven("convert-recording", path, tmp_path / "x.npy", "--checksums", "error",
                     check=True)
    assert "Nobody" not in done.stderr
    np.testing.assert_allclose(np.load(tmp_path / "x.npy"), expected, rtol=1e-6)
    sidecar = json.loads((tmp_path / "x.json").read_text())
    assert sidecar["leads"] == ["II", "V1", "signal_3"]
    assert sidecar["rate_hz"] == 200
    assert b"2020-02-29" in convert(einthoven, path, tmp_path)


def convert(einthoven, path, tmp_path):
    einthoven("convert-recording", path, tmp_path / "x.h5", check=True)
    return (tmp_path / "x.h5").read_bytes()


def test_damaged_files(einthoven, holter, tmp_path):
    content = holter[0].read_bytes()
    out = tmp_path / "y.npy"
    for bad in [content[:300], content[:522], content[:1000],
                content[:156] + b"\x63\0" + content[158:], content[:22] + b"\xff" * 4 + content[26:]]:
        (tmp_path / "bad").write_bytes(bad)
        assert einthoven("convert-recording", tmp_path / "bad", out).returncode == 3
    (tmp_path / "bad").write_bytes(content[:300] + b"x" + content[301:])
    assert "checksum" in einthoven("convert-recording", tmp_path / "bad", out, check=True).stderr
    assert einthoven("convert-recording", tmp_path / "bad", out, "--checksums",
                     "error").returncode == 3
