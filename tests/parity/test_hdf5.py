"""Our HDF5 and MATLAB 7.3 readers and the HDF5 writer against h5py, hdf5storage and mat73."""

import json

import numpy as np
import pytest
from hdf5_attributes import attributes_of_every_type

h5py = pytest.importorskip("h5py")
hdf5storage = pytest.importorskip("hdf5storage")
mat73 = pytest.importorskip("mat73")


def ours(einthoven, path, tmp_path, *options):
    out = tmp_path / "ours.npy"
    einthoven("convert-recording", path, out, "--log-level", "error", *options, check=True)
    return np.load(out), json.loads(out.with_suffix(".json").read_text())


def test_sph(einthoven, shared, tmp_path):
    paths = sorted((shared / "data" / "sph").glob("*.h5"))
    assert len(paths) == 6
    for path in paths:
        values, sidecar = ours(einthoven, path, tmp_path)
        with h5py.File(path) as file:
            np.testing.assert_array_equal(values, file["ecg"][:].astype(np.float32))
        assert sidecar["rate_hz"] == 500
        assert sidecar["leads"][3] == "aVR"


@pytest.fixture
def code_part(tmp_path):
    """As exams_part0.hdf5 of CODE-15%: zero-padded at both ends, the last row of it empty."""
    random = np.random.default_rng(3)
    tracings = np.zeros((4, 512, 12), np.float32)
    for row, (first, last) in enumerate([(0, 512), (50, 462), (3, 511)]):
        tracings[row, first:last] = random.normal(size=(last - first, 12))
    with h5py.File(tmp_path / "exams_part0.hdf5", "w") as file:
        file.create_dataset("tracings", data=tracings, chunks=(1, 512, 12), compression="gzip")
        file["exam_id"] = np.array([590673, 7, 11, 0])
    return tmp_path / "exams_part0.hdf5", tracings


def test_code_15(einthoven, code_part, tmp_path):
    path, tracings = code_part
    for row, (exam, first, last) in enumerate([(590673, 0, 512), (7, 50, 462), (11, 3, 511)]):
        values, sidecar = ours(einthoven, f"{path}::{exam}", tmp_path)
        np.testing.assert_array_equal(values, tracings[row, first:last].T)
        assert sidecar["rate_hz"] == 400
    scaled, _ = ours(einthoven, f"{path}::7", tmp_path, "--gain", 2)
    np.testing.assert_array_equal(scaled, tracings[1, 50:462].T / 2)


@pytest.mark.parametrize("place", ["/", "tracings"])
def test_code_15_of_another_rate_and_gain(einthoven, code_part, tmp_path, place):
    path, tracings = code_part
    with h5py.File(path, "a") as file:
        file[place].attrs["rate_hz"] = 500.0
        file[place].attrs["gain_adu_per_mv"] = 4.0
    done = einthoven("convert-recording", f"{path}::7", tmp_path / "x.npy", check=True)
    assert "names no sample rate" not in done.stderr
    assert json.loads((tmp_path / "x.json").read_text())["rate_hz"] == 500
    values, sidecar = ours(einthoven, f"{path}::7", tmp_path, "--rate", 250)
    assert sidecar["rate_hz"] == 250
    np.testing.assert_array_equal(values, tracings[1, 50:462].T / 4)


@pytest.mark.parametrize("libver", ["earliest", "latest"])
@pytest.mark.parametrize("order", [False, True])
@pytest.mark.parametrize("user_block", [0, 512])
def test_attributes_of_every_type(einthoven, tmp_path, libver, order, user_block):
    path = tmp_path / "many.hdf5"
    signal = np.random.default_rng(4).normal(size=(1, 500, 12)).astype(np.float32)
    with h5py.File(path, "w", libver=libver, userblock_size=user_block) as file:
        file.create_dataset("tracings", data=signal, track_order=order)
        file["exam_id"] = np.array([7])
        attributes_of_every_type(file["tracings"])
    values, sidecar = ours(einthoven, f"{path}::7", tmp_path)
    np.testing.assert_array_equal(values, signal[0].T)
    assert sidecar["rate_hz"] == 250


def test_an_attribute_with_a_shared_type_is_refused_only_where_one_is_looked_for(einthoven, tmp_path):
    path = tmp_path / "shared.hdf5"
    with h5py.File(path, "w", libver="earliest") as file:
        file["tracings"] = np.ones((1, 500, 12), np.float32)
        file["exam_id"] = np.array([7])
        file["kind"] = np.dtype("<i4")
        file["tracings"].attrs.create("number", 5, dtype=file["kind"])
    assert ours(einthoven, f"{path}::7", tmp_path)[1]["rate_hz"] == 400
    with h5py.File(path, "a") as file:
        file["tracings"].attrs["rate_hz"] = 500
    done = einthoven("convert-recording", f"{path}::7", tmp_path / "x.npy")
    assert done.returncode == 3
    assert "has a shared type" in done.stderr


@pytest.mark.parametrize("name, value, problem", [
    ("rate_hz", "250", "attribute rate_hz: is not one number"),
    ("rate_hz", [250.0, 250.0], "attribute rate_hz: is not one number"),
    ("units", 3, "attribute units: is not one text"),
    ("gain_adu_per_mv", "100", "attribute gain_adu_per_mv: is not one number"),
])
def test_attributes_of_a_wrong_kind_are_refused(einthoven, tmp_path, name, value, problem):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["ecg"] = np.ones((12, 500), np.float16)
        file["ecg"].attrs[name] = value
    done = einthoven("convert-recording", tmp_path / "x.h5", tmp_path / "x.npy")
    assert done.returncode == 3 and problem in done.stderr


@pytest.mark.parametrize("user_block", [512, 4096, 65536])
@pytest.mark.parametrize("samples", [1, 12, 500])
def test_sph_of_any_length_behind_a_user_block(einthoven, tmp_path, user_block, samples):
    signal = np.arange(12 * samples).reshape(12, samples).astype(np.float16)
    with h5py.File(tmp_path / "x.h5", "w", userblock_size=user_block) as file:
        file["ecg"] = signal
    values, _ = ours(einthoven, tmp_path / "x.h5", tmp_path)
    np.testing.assert_array_equal(values, signal.astype(np.float32))


@pytest.mark.parametrize("storage", [{}, {"chunks": (1,), "compression": "gzip"}])
@pytest.mark.parametrize("libver", ["earliest", ("v110", "v110")])
def test_texts_of_variable_length(einthoven, tmp_path, storage, libver):
    path = tmp_path / "texts.h5"
    comments = ["", "Größe", "x" * 5000, "last"]
    with h5py.File(path, "w", libver=libver) as file:
        file["samples"] = np.ones((2, 100), np.float32)
        file.attrs["rate_hz"] = 100.0
        file.create_dataset("leads", data=["I", "V2"], dtype=h5py.string_dtype(), **storage)
        file.create_dataset("comments", data=comments, dtype=h5py.string_dtype(), **storage)
    einthoven("convert-recording", path, tmp_path / "again.h5", check=True)
    with h5py.File(tmp_path / "again.h5") as file:
        assert [text.decode() for text in file["comments"][:]] == comments
        assert [text.decode() for text in file["leads"][:]] == ["I", "V2"]


def test_code_15_needs_a_member(einthoven, code_part, tmp_path):
    path, _ = code_part
    out = tmp_path / "x.npy"
    for name, code, text in [(path, 2, "EXAM_ID"), (f"{path}::8", 3, '"8"'),
                             (f"{path}::x", 3, '"x"')]:
        done = einthoven("convert-recording", name, out)
        assert done.returncode == code
        assert text in done.stderr
        assert not out.exists()


def test_h5py_reads_what_we_write(einthoven, shared, tmp_path):
    record = shared / "data" / "physionet_annotated" / "208"
    einthoven("convert-recording", record, tmp_path / "x.h5", "--annotator", "atr", "--to", 60,
              check=True)
    wfdb = pytest.importorskip("wfdb")
    expected = wfdb.rdrecord(str(record), sampto=360 * 60)
    marks = wfdb.rdann(str(record), "atr", sampto=360 * 60 - 1)
    with h5py.File(tmp_path / "x.h5") as file:
        np.testing.assert_allclose(file["samples"][:], expected.p_signal.T, rtol=1e-6)
        assert file.attrs["rate_hz"] == 360
        assert file.attrs["units"] == b"mV"
        np.testing.assert_array_equal(file["annotations/sample"], marks.sample)
        assert [s.decode() for s in file["annotations/symbol"]] == marks.symbol


def test_links_out_of_the_file_are_not_followed(einthoven, shared, tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["ecg"] = h5py.ExternalLink(str(shared / "data" / "sph" / "SPH00001.h5"), "/ecg")
    done = einthoven("convert-recording", tmp_path / "x.h5", tmp_path / "x.npy")
    assert done.returncode == 3
    assert "no recording" in done.stderr


def test_a_claim_larger_than_the_file_is_refused(einthoven, tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_dataset("ecg", (12, 10**9), np.float16, chunks=(1, 1000), compression="gzip")
    done = einthoven("convert-recording", tmp_path / "x.h5", tmp_path / "x.npy")
    assert done.returncode == 3
    assert "claims more data" in done.stderr


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16])
def test_matlab_73(einthoven, tmp_path, dtype):
    values = np.random.default_rng(1).integers(-900, 900, (12, 300)).astype(dtype)
    path = tmp_path / "x.mat"
    name = "val" if dtype is np.int16 else "feats"
    hdf5storage.savemat(path, {name: values, "curr_sample_rate": 500.0})
    np.testing.assert_array_equal(mat73.loadmat(str(path))[name], values)
    options = ["--gain", 1000] if name == "val" else []
    read, sidecar = ours(einthoven, path, tmp_path, *options)
    np.testing.assert_allclose(read, values / (1000 if options else 1), rtol=1e-6)
    assert sidecar["rate_hz"] == 500


def test_matlab_73_structure(einthoven, tmp_path):
    values = np.random.default_rng(1).normal(size=(12, 300))
    path = tmp_path / "x.mat"
    hdf5storage.savemat(path, {"ECG": {"data": values, "sex": "Male"}})
    read, sidecar = ours(einthoven, path, tmp_path)
    np.testing.assert_array_equal(read, values.astype(np.float32))
    assert sidecar["rate_hz"] == 500
