"""Our DICOM waveform reader against pydicom."""

import copy
import json

import numpy as np
import pytest

pydicom = pytest.importorskip("pydicom")

MILLIVOLTS = {"uV": 1e-3, "mV": 1}


@pytest.fixture
def files(shared):
    test_file = pydicom.data.get_testdata_file("waveform_ecg.dcm")
    return [shared / "data/formats/dicom_anonymous_ecg.dcm", test_file]


def ours(einthoven, path, tmp_path):
    done = einthoven("convert-recording", path, tmp_path / "x.npy", check=True)
    assert "Anonymous" not in done.stderr
    return np.load(tmp_path / "x.npy"), json.loads((tmp_path / "x.json").read_text())


def theirs(dataset, group):
    waveform = dataset.WaveformSequence[group]
    scale = [MILLIVOLTS[channel.ChannelSensitivityUnitsSequence[0].CodeValue]
             for channel in waveform.ChannelDefinitionSequence]
    return (dataset.waveform_array(group) * scale).T, float(waveform.SamplingFrequency)


def assert_agrees(einthoven, path, dataset, tmp_path):
    for group in range(len(dataset.WaveformSequence)):
        values, sidecar = ours(einthoven, f"{path}::{group}", tmp_path)
        expected, rate = theirs(dataset, group)
        np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-7)
        assert sidecar["rate_hz"] == rate
        assert sidecar["leads"] == ["I", "II", "III", "aVR", "aVL", "aVF",
                                    "V1", "V2", "V3", "V4", "V5", "V6"]


def test_samples(einthoven, files, tmp_path):
    for path in files:
        assert_agrees(einthoven, path, pydicom.dcmread(path), tmp_path)
    values, _ = ours(einthoven, files[0], tmp_path)
    assert values.shape == (12, 10000)
    i, ii, iii = values[:3]
    np.testing.assert_allclose(iii, ii - i, atol=0.01)


def test_skew_of_a_channel_is_told(einthoven, files, tmp_path):
    dataset = pydicom.dcmread(files[0])
    channels = dataset.WaveformSequence[0].ChannelDefinitionSequence
    channels[0].ChannelTimeSkew, channels[1].ChannelSampleSkew = 3 / dataset.WaveformSequence[0].SamplingFrequency, 0.5
    dataset.save_as(tmp_path / "skew.dcm")
    done = einthoven("convert-recording", f"{tmp_path / 'skew.dcm'}::0", tmp_path / "x.npy", check=True)
    assert "lead I starts 3 samples after its group: it is not shifted" in done.stderr
    assert "lead II starts" not in done.stderr


@pytest.mark.parametrize("implicit,little", [(True, True), (False, True), (False, False)])
def test_transfer_syntaxes(einthoven, files, tmp_path, implicit, little):
    dataset = pydicom.dcmread(files[0])
    for waveform in dataset.WaveformSequence:  # pydicom turns numbers round, but not samples
        waveform.is_undefined_length_sequence_item = True
        if not little:
            waveform.WaveformData = np.frombuffer(waveform.WaveformData, "<i2").astype(
                ">i2").tobytes()
    dataset.file_meta.TransferSyntaxUID = (
        pydicom.uid.ImplicitVRLittleEndian if implicit else
        pydicom.uid.ExplicitVRLittleEndian if little else pydicom.uid.ExplicitVRBigEndian)
    pydicom.dcmwrite(tmp_path / "x", dataset, implicit_vr=implicit, little_endian=little,
                     enforce_file_format=False)
    values, _ = ours(einthoven, tmp_path / "x", tmp_path)
    expected, _ = theirs(pydicom.dcmread(files[0]), 0)
    np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-7)


def test_baseline_correction_padding_and_mdc_codes(einthoven, files, tmp_path):
    dataset = pydicom.dcmread(files[0])
    waveform = dataset.WaveformSequence[0]
    for channel in waveform.ChannelDefinitionSequence:
        channel.ChannelBaseline = 40
        channel.ChannelSensitivityCorrectionFactor = "1.01"
    source = waveform.ChannelDefinitionSequence[2].ChannelSourceSequence[0]
    source.CodeValue, source.CodingSchemeDesignator, source.CodeMeaning = "2:61", "MDC", "x"
    counts = np.frombuffer(waveform.WaveformData, "<i2").copy()
    counts[17] = -32768
    waveform.WaveformData = counts.tobytes()
    waveform.add_new(0x5400100A, "OW", b"\x00\x80")
    dataset.save_as(tmp_path / "x.dcm")
    values, sidecar = ours(einthoven, tmp_path / "x.dcm", tmp_path)
    expected, _ = theirs(dataset, 0)
    assert np.isnan(values[5, 1])
    values[5, 1] = expected[5, 1]
    np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-7)
    assert sidecar["leads"][2] == "III"


def test_statements_without_the_patient(einthoven, files, tmp_path):
    h5py = pytest.importorskip("h5py")
    einthoven("convert-recording", files[0], tmp_path / "x.h5", check=True)
    with h5py.File(tmp_path / "x.h5") as file:
        assert file["statements"][:].tolist()[:2] == [b"RITMO SINUSALE", b"ECG NORMALE"]
        assert file.attrs["base_date"] == b"2000-01-01"
        assert file.attrs["base_time"] == b"10:59:19"
    assert b"Anonymous" not in (tmp_path / "x.h5").read_bytes()


def test_damaged_files(einthoven, files, tmp_path):
    content = files[0].read_bytes()
    for size in [131, 140, 400, 5000, 100_000]:
        (tmp_path / "cut").write_bytes(content[:size])
        done = einthoven("convert-recording", tmp_path / "cut", tmp_path / "y.npy")
        assert done.returncode == 3, (size, done.stderr)
    done = einthoven("convert-recording", f"{files[0]}::7", tmp_path / "y.npy")
    assert done.returncode == 3
    assert 'no group "7"' in done.stderr


def test_pydicom_reads_what_we_write(einthoven, shared, tmp_path):
    records = [(sorted((shared / "data/ptbxl_1.0.3_subset/records500").rglob("*_hr.hea"))[0], 1),
               (shared / "data/physionet_annotated/208.hea", 2),
               (shared / "data/formats/philips_2020-5-18_15-48-11.xml", 1)]
    for path, kind in records:
        einthoven("convert-recording", path, tmp_path / "x.dcm", "--to", 60, check=True)
        einthoven("convert-recording", path, tmp_path / "w.npy", "--to", 60, check=True)
        dataset = pydicom.dcmread(tmp_path / "x.dcm")
        assert str(dataset.SOPClassUID).endswith(f".9.1.{kind}")
        values, rate = theirs(dataset, 0)
        written = np.load(tmp_path / "w.npy")
        np.testing.assert_allclose(values, written, rtol=0, atol=1e-4 / 2 + 1e-7)
        assert dataset.PatientID == "" and dataset.PatientName == ""
        back, sidecar = ours(einthoven, tmp_path / "x.dcm", tmp_path)
        np.testing.assert_allclose(back, values, rtol=1e-6, atol=1e-7)
        told = json.loads((tmp_path / "w.json").read_text())
        told.pop("comments", None)  # DICOM has none
        assert sidecar == told
    assert dataset.WaveformAnnotationSequence[0].UnformattedTextValue == "Sinus rhythm"
    assert dataset.WaveformSequence[0].ChannelDefinitionSequence[0].FilterHighFrequency == 150


def test_deflated(einthoven, files, tmp_path):
    dataset = pydicom.dcmread(files[0])
    expected, _ = theirs(dataset, 0)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    pydicom.dcmwrite(tmp_path / "x.dcm", dataset, implicit_vr=False, little_endian=True, enforce_file_format=False)
    assert (tmp_path / "x.dcm").stat().st_size < 0.9 * files[0].stat().st_size
    values, _ = ours(einthoven, tmp_path / "x.dcm", tmp_path)
    np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-7)
    content = (tmp_path / "x.dcm").read_bytes()
    (tmp_path / "cut.dcm").write_bytes(content[:len(content) // 2])
    done = einthoven("inspect", tmp_path / "cut.dcm")
    assert done.returncode == 3 and "does not inflate" in done.stderr


def part(waveform, first, last, offset="0"):
    """A group of some channels only, at a time offset in ms."""
    group = copy.deepcopy(waveform)
    channels = waveform.NumberOfWaveformChannels
    group.ChannelDefinitionSequence = waveform.ChannelDefinitionSequence[first:last]
    group.NumberOfWaveformChannels = last - first
    samples = np.frombuffer(waveform.WaveformData, "<i2").reshape(-1, channels)
    group.WaveformData = samples[:, first:last].tobytes()
    group.MultiplexGroupTimeOffset = offset
    return group


def test_groups_of_other_leads_at_the_same_time_are_joined(einthoven, files, tmp_path):
    dataset = pydicom.dcmread(files[0])
    rhythm = dataset.WaveformSequence[0]
    whole, sidecar = ours(einthoven, files[0], tmp_path)
    dataset.WaveformSequence = [part(rhythm, at, at + 3) for at in (0, 3, 6, 9)]
    dataset.save_as(tmp_path / "joined.dcm")
    values, joined = ours(einthoven, tmp_path / "joined.dcm", tmp_path)
    assert joined["leads"] == sidecar["leads"]
    np.testing.assert_array_equal(values, whole)
    dataset.WaveformSequence = [part(rhythm, at, at + 3, str(at * 1000)) for at in (0, 3, 6, 9)]
    dataset.save_as(tmp_path / "printed.dcm")
    done = einthoven("convert-recording", tmp_path / "printed.dcm", tmp_path / "x.npy", check=True)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), whole[:3])
    assert "group 1 is left out (PATH::1 reads it), and so are leads aVR, aVL, aVF" in done.stderr


def test_derived_groups_come_last(einthoven, files, tmp_path):
    dataset = pydicom.dcmread(files[0])
    whole, _ = ours(einthoven, files[0], tmp_path)
    rhythm, median = dataset.WaveformSequence[:2]
    rhythm.WaveformOriginality, median.WaveformOriginality = "ORIGINAL", "DERIVED"
    dataset.WaveformSequence = [median, rhythm]
    dataset.save_as(tmp_path / "turned.dcm")
    values, _ = ours(einthoven, tmp_path / "turned.dcm", tmp_path)
    np.testing.assert_array_equal(values, whole)


def test_the_start_and_its_fraction_of_a_second(einthoven, tmp_path):
    start = {"base_date": "2125-01-31", "base_time": "23:59:59.250"}
    (tmp_path / "in.json").write_text(json.dumps({"leads": ["I"], "rate_hz": 500, **start}))
    np.save(tmp_path / "in.npy", np.zeros((1, 1000), np.float32))
    einthoven("convert-recording", tmp_path / "in.npy", tmp_path / "x.dcm", check=True)
    dataset = pydicom.dcmread(tmp_path / "x.dcm")
    assert pydicom.valuerep.DT(dataset.AcquisitionDateTime).isoformat() == "2125-01-31T23:59:59.250000"
    dataset.AcquisitionDateTime += "+0100"
    dataset.save_as(tmp_path / "zone.dcm")
    del dataset.AcquisitionDateTime
    dataset.save_as(tmp_path / "study.dcm")
    for name in ["zone.dcm", "study.dcm"]:
        _, sidecar = ours(einthoven, tmp_path / name, tmp_path)
        assert {key: sidecar[key] for key in start} == start
