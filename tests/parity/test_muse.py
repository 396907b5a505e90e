"""Our GE MUSE reader against the recorded outputs of ECG-FM's preprocessing and a decoding here."""

import base64
import csv
import json
import re
import xml.etree.ElementTree

import numpy as np
import pytest


def ours(einthoven, path, tmp_path):
    out = tmp_path / "ours.npy"
    einthoven("convert-recording", path, out, check=True)
    return np.load(out), json.loads(out.with_suffix(".json").read_text())


def decoded(path):
    """Millivolts by lead of the rhythm waveform."""
    text = re.sub("&(?!amp;|lt;|gt;)", "&amp;", path.read_text("latin-1"))
    root = xml.etree.ElementTree.fromstring(text.encode("latin-1"))
    leads = {}
    for waveform in root.findall("Waveform"):
        if waveform.find("WaveformType").text == "Rhythm":
            for lead in waveform.findall("LeadData"):
                counts = np.frombuffer(base64.b64decode(lead.find("WaveFormData").text), "<i2")
                leads[lead.find("LeadID").text] = counts * float(
                    lead.find("LeadAmplitudeUnitsPerBit").text) / 1000
    i, ii = leads["I"], leads["II"]
    return {"III": ii - i, "aVR": -(i + ii) / 2, "aVL": i - ii / 2, "aVF": ii - i / 2, **leads}


def muse_files(shared):
    return [shared / "fixtures/muse/1.xml", shared / "fixtures/muse/2.xml",
            shared / "data/formats/muse_muse-sinus_redacted.xml"]


def test_samples(einthoven, shared, tmp_path):
    for path in muse_files(shared):
        values, sidecar = ours(einthoven, path, tmp_path)
        expected = decoded(path)
        assert sorted(sidecar["leads"]) == sorted(expected)
        assert sidecar["leads"][:7] == ["I", "II", "III", "aVR", "aVL", "aVF", "V1"]
        for name, lead in zip(sidecar["leads"], values):
            np.testing.assert_allclose(lead, expected[name], rtol=0, atol=1e-5)


def test_against_the_recorded_run_of_ecg_fm(einthoven, shared, tmp_path):
    """Its values are ADC counts (4.88 uV each); mean and deviation of each lead, rate, length."""
    with open(shared / "fixtures/muse/expected_meta.csv") as file:
        rows = list(csv.DictReader(file))
    order = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
    for row, name in zip(rows, ["1.xml", "2.xml"]):
        values, sidecar = ours(einthoven, shared / "fixtures/muse" / name, tmp_path)
        assert sidecar["rate_hz"] == float(row["sample_rate"])
        assert values.shape[1] == int(row["sample_size"])
        for lead, samples in zip(sidecar["leads"], values.astype(np.float64) / 4.88e-3):
            index = order.index(lead)
            assert samples.mean() == pytest.approx(float(row[f"mean_{index}"]), abs=1e-3)
            assert samples.std() == pytest.approx(float(row[f"std_{index}"]), rel=1e-5)


def test_statements_and_annotations(einthoven, shared, tmp_path):
    path = muse_files(shared)[2]
    einthoven("convert-recording", path, tmp_path / "x.h5", check=True)
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "x.h5") as file:
        statements = [text.decode() for text in file["statements"]]
        assert statements[:2] == ["Normal Sinus rhythm", "Anterior infarct, age undetermined"]
        assert file["annotations/sample"][:3].tolist() == [106, 436, 769]  # 212, 872, 1538 ms
        assert not any("DOE" in text for text in statements)


@pytest.mark.parametrize("old,new", [
    ("<WaveformType>Rhythm", "<WaveformType>Other"), ("MICROVOLTS", "PARSECS"),
    ("<SampleBase>500", "<SampleBase>fast"), ("</RestingECG>", ""),
    ("<LeadSampleCountTotal>5000", "<LeadSampleCountTotal>4000"), ("<WaveFormData>", "<WaveFormData>*")])
def test_malformed_files(einthoven, shared, tmp_path, old, new):
    text = muse_files(shared)[1].read_text("latin-1")
    assert old in text
    (tmp_path / "bad.xml").write_text(text.replace(old, new), "latin-1")
    done = einthoven("convert-recording", tmp_path / "bad.xml", tmp_path / "x.npy")
    assert done.returncode == 3, done.stderr


def test_one_qrs_time_and_large_samples(einthoven, shared, tmp_path):
    """ECG-FM misreads a list of one QRS time, and its sums of int16 wrap around."""
    text = muse_files(shared)[0].read_text("latin-1")
    text, lists = re.subn(r"(<QRS>.*?</QRS>)(<QRS>.*?</QRS>)+", r"\1", text, flags=re.S)
    assert lists == 1

    def larger(data):
        counts = np.full(len(base64.b64decode(data[1])) // 2, 30000, "<i2")
        return f"<WaveFormData>{base64.b64encode(counts.tobytes()).decode()}<"

    (tmp_path / "one.xml").write_text(re.sub("<WaveFormData>([^<]*)<", larger, text), "latin-1")
    values, sidecar = ours(einthoven, tmp_path / "one.xml", tmp_path)
    np.testing.assert_allclose(values[sidecar["leads"].index("aVR")], -30000 * 4.88e-3, rtol=1e-6)
    einthoven("convert-recording", tmp_path / "one.xml", tmp_path / "x.h5", check=True)
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "x.h5") as file:
        assert len(file["annotations/sample"]) == 1


def test_the_type_of_the_waveform_in_capitals(einthoven, shared, tmp_path):
    text = muse_files(shared)[1].read_text("latin-1")
    (tmp_path / "x.xml").write_text(text.replace("<WaveformType>Rhythm", "<WaveformType>RHYTHM"), "latin-1")
    np.testing.assert_array_equal(ours(einthoven, tmp_path / "x.xml", tmp_path)[0],
                                  ours(einthoven, muse_files(shared)[1], tmp_path)[0])
