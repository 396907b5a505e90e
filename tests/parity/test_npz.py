"""Our .npz reader and writer against numpy."""

import h5py
import numpy as np
import pytest


@pytest.fixture
def values():
    return np.random.default_rng(5).normal(size=(2, 300)).astype(np.float32)


def test_numpy_reads_what_we_write(einthoven, tmp_path, values):
    np.save(tmp_path / "x.npy", values)
    einthoven("convert-recording", tmp_path / "x.npy", tmp_path / "x.npz", "--rate", 360.5,
              "--lead-names", "MLII,Ünnamed", check=True)
    with np.load(tmp_path / "x.npz") as archive:
        np.testing.assert_array_equal(archive["samples"], values)
        assert float(archive["rate_hz"]) == 360.5
        assert archive["leads"].tolist() == ["MLII", "Ünnamed"]


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("leads", [["II", "Ünnamed"], np.array([b"II", b"V5"])])
def test_we_read_what_numpy_writes(einthoven, tmp_path, values, save, leads):
    save(tmp_path / "x.npz", fs=250, ecg=values.T, leads=leads)
    einthoven("convert-recording", tmp_path / "x.npz", tmp_path / "y.npz", check=True)
    with np.load(tmp_path / "y.npz") as archive:
        np.testing.assert_array_equal(archive["samples"], values)
        assert float(archive["rate_hz"]) == 250
        assert archive["leads"].tolist() == [
            lead.decode() if isinstance(lead, bytes) else lead for lead in list(leads)]


def test_the_gain_of_integers(einthoven, tmp_path):
    """In the archive, in HDF5 attributes, or by option, which comes first."""
    counts = np.arange(600, dtype=np.int16).reshape(2, 300)
    np.savez(tmp_path / "x.npz", samples=counts, fs=250, leads=["I", "II"], gain_adu_per_mv=200)
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["samples"], file["leads"] = counts, ["I", "II"]
        file.attrs["rate_hz"] = 250
        file["samples"].attrs["gain_adu_per_mv"] = 200
    for name in ("x.npz", "x.h5"):
        for gain, options in ((200, []), (400, ["--gain", 400])):
            einthoven("convert-recording", tmp_path / name, tmp_path / "y.npy", *options, check=True)
            np.testing.assert_allclose(np.load(tmp_path / "y.npy"), counts / gain, rtol=1e-6)
    with h5py.File(tmp_path / "x.h5", "a") as file:
        del file["samples"].attrs["gain_adu_per_mv"]
    done = einthoven("convert-recording", tmp_path / "x.h5", tmp_path / "y.npy")
    assert done.returncode == 2 and "--gain" in done.stderr


def test_a_member_is_named_where_there_are_two(einthoven, tmp_path, values):
    np.savez(tmp_path / "x.npz", a=values, b=2 * values)
    out = tmp_path / "y.npy"
    done = einthoven("convert-recording", tmp_path / "x.npz", out, "--rate", 500)
    assert done.returncode == 3
    assert "PATH::NAME (2 matrices: a, b)" in done.stderr
    einthoven("convert-recording", f"{tmp_path / 'x.npz'}::b", out, "--rate", 500, check=True)
    np.testing.assert_array_equal(np.load(out), 2 * values)


def test_cut_archives_are_refused(einthoven, tmp_path, values):
    np.savez(tmp_path / "x.npz", samples=values, fs=500)
    content = (tmp_path / "x.npz").read_bytes()
    for size in [40, 1000, len(content) - 10]:
        (tmp_path / "cut.npz").write_bytes(content[:size])
        done = einthoven("convert-recording", tmp_path / "cut.npz", tmp_path / "y.npy")
        assert done.returncode == 3, done.stderr
