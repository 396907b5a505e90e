"""Our HL7 aECG reader against a decoding by Python's XML library."""

import copy
import json
import xml.etree.ElementTree

import numpy as np
import pytest

NS = {"": "urn:hl7-org:v3"}


@pytest.fixture
def example(shared):
    return shared / "data/formats/aecg_ecg_hl7.xml"


def test_samples(einthoven, example, tmp_path):
    einthoven("convert-recording", example, tmp_path / "x.npy", check=True)
    values = np.load(tmp_path / "x.npy")
    sidecar = json.loads((tmp_path / "x.json").read_text())
    series = xml.etree.ElementTree.parse(example).getroot().find("component/series", NS)
    expected = {}
    for sequence in series.find("component/sequenceSet", NS).findall("component/sequence", NS):
        code = sequence.find("code", NS).get("code")
        if code.startswith("MDC_ECG_LEAD_"):
            value = sequence.find("value", NS)
            counts = np.array(value.find("digits", NS).text.split(), float)
            assert value.find("scale", NS).get("unit") == "uV"
            expected[code[13:].upper()] = counts * float(
                value.find("scale", NS).get("value")) / 1000
    assert values.shape == (12, 5000)
    assert sidecar["rate_hz"] == 500
    for name, lead in zip(sidecar["leads"], values):
        np.testing.assert_allclose(lead, expected[name.upper()], rtol=0, atol=1e-6)


def test_limb_leads_agree(einthoven, example, tmp_path):
    einthoven("convert-recording", example, tmp_path / "x.npy", "--leads", "I,II,III,aVR",
              check=True)
    i, ii, iii, avr = np.load(tmp_path / "x.npy")
    np.testing.assert_allclose(iii, ii - i, atol=0.006)
    np.testing.assert_allclose(avr, -(i + ii) / 2, atol=0.006)


def test_waves_and_statements(einthoven, example, tmp_path):
    h5py = pytest.importorskip("h5py")
    einthoven("convert-recording", example, tmp_path / "x.h5", check=True)
    with h5py.File(tmp_path / "x.h5") as file:
        assert file.attrs["base_date"] == b"2002-11-22"
        assert file.attrs["base_time"] == b"09:10:00"
        assert file["statements"][:].tolist() == [b"Sinus Rhythm"]
        symbols = file["annotations/symbol"][:].tolist()
        samples = file["annotations/sample"][:].tolist()
    # the first P wave lies at 122 to 224 ms, the first QRS at 270 to 390 ms
    assert list(zip(samples, symbols))[:6] == [(61, b"("), (86, b"p"), (112, b")"),
                                               (135, b"("), (165, b"N"), (195, b")")]
    assert symbols.count(b"N") >= 10
    text = (tmp_path / "x.h5").read_bytes()
    assert b"Clark" not in text and b"SBJ-123" not in text


def test_sequence_sets_on_one_time_axis(einthoven, example, tmp_path):
    """The example cut into groups of leads one after the other, as on a page, and a strip after a pause."""
    tree = xml.etree.ElementTree.parse(example)
    for key, uri in {"": NS[""], "xsi": "http://www.w3.org/2001/XMLSchema-instance"}.items():
        xml.etree.ElementTree.register_namespace(key, uri)
    series = tree.getroot().find("component/series", NS)
    whole = series.find("component", NS)
    einthoven("convert-recording", example, tmp_path / "whole.npy", check=True)
    samples = np.load(tmp_path / "whole.npy")
    names = json.loads((tmp_path / "whole.json").read_text())["leads"]
    expected = np.full((12, 6500), np.nan, np.float32)
    # 3x4: leads 0-2 at 0 s, 3-5 at 2.5 s, ...; all leads from 12 to 13 s; once more a lead that is there
    pieces = [(names[i:i + 3], 1250 * (i // 3), 1250) for i in range(0, 12, 3)] + [(names, 6000, 500), (["I"], 0, 10)]
    for number, (leads, first, length) in enumerate(pieces):
        piece = copy.deepcopy(whole)
        sequences = piece.find("sequenceSet", NS)
        sequences.find(".//head", NS).set("value", f"200211220910{first / 500:06.3f}")
        for component in sequences.findall("component", NS):
            code = component.find("sequence/code", NS).get("code")
            if code.startswith("TIME"):
                continue
            lead = next(name for name in names if name.upper() == code[13:].upper())
            digits = component.find(".//digits", NS)
            digits.text = " ".join(digits.text.split()[first % 5000:first % 5000 + length])
            if lead not in leads:
                sequences.remove(component)
        series.insert(list(series).index(whole), piece)
        if number < 5:
            rows = [names.index(lead) for lead in leads]
            expected[rows, first:first + length] = samples[rows, first % 5000:first % 5000 + length]
    series.remove(whole)
    tree.write(tmp_path / "sets.xml")
    done = einthoven("convert-recording", tmp_path / "sets.xml", tmp_path / "x.npy", check=True)
    assert "sequence set 6 left out: another set has the same leads" in done.stderr
    read = np.load(tmp_path / "x.npy")
    order = [json.loads((tmp_path / "x.json").read_text())["leads"].index(name) for name in names]
    np.testing.assert_array_equal(read[order], expected)


@pytest.mark.parametrize("old,new", [
    ("<digits>", "<digits>x "), ('unit="uV"', 'unit="kg"'), ("<increment", "<decrement"),
    ("<sequenceSet>", "<set>"), ("</AnnotatedECG>", ""), ("MDC_ECG_LEAD_", "LEAD_")])
def test_malformed_files(einthoven, example, tmp_path, old, new):
    text = example.read_text()
    assert old in text
    text = text.replace(old, new)
    if old == "<sequenceSet>":
        text = text.replace("</sequenceSet>", "</set>")
    (tmp_path / "bad.xml").write_text(text)
    done = einthoven("convert-recording", tmp_path / "bad.xml", tmp_path / "x.npy")
    assert done.returncode == 3, done.stderr
    assert "Clark" not in done.stderr
