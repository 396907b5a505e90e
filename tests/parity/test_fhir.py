"""Our FHIR Observations against the models of fhir.resources."""

import numpy as np
import pytest

observation = pytest.importorskip("fhir.resources.R4B.observation")


def read(path):
    resource = observation.Observation.model_validate_json(path.read_text())
    values = [[np.nan if text == "E" else float(text)
               for text in component.valueSampledData.data.split(" ")]
              for component in resource.component]
    return resource, np.array(values, np.float32)


def test_samples_come_back(einthoven, shared, tmp_path):
    record = sorted((shared / "data/ptbxl_1.0.3_subset/records500").rglob("*_hr.hea"))[0]
    einthoven("convert-recording", record, tmp_path / "array.npy", check=True)
    einthoven("convert-recording", record, tmp_path / "x.json", check=True)
    resource, values = read(tmp_path / "x.json")
    np.testing.assert_array_equal(values, np.load(tmp_path / "array.npy"))
    sampled = resource.component[0].valueSampledData
    assert float(sampled.period) == 2
    assert sampled.origin.code == "mV"
    codes = [component.code.coding[0].code for component in resource.component]
    assert codes[:4] == ["131329", "131330", "131389", "131390"]
    assert resource.subject is None


def test_invalid_samples_statements_and_dates(einthoven, shared, tmp_path):
    values = np.array([[1e-7, np.nan, -2.5]], np.float32)
    np.save(tmp_path / "x.npy", values)
    einthoven("convert-recording", tmp_path / "x.npy", tmp_path / "y.json", "--rate", 300,
              "--lead-names", "MLII", check=True)
    resource, back = read(tmp_path / "y.json")
    np.testing.assert_array_equal(back, values)
    assert resource.component[0].code.coding is None
    assert resource.component[0].code.text == "MLII"
    einthoven("convert-recording", shared / "data/formats/aecg_ecg_hl7.xml", tmp_path / "z.json",
              check=True)
    resource, _ = read(tmp_path / "z.json")
    assert str(resource.effectiveDateTime) == "2002-11-22"
    assert [note.text for note in resource.note] == ["Sinus Rhythm"]
    assert "Clark" not in (tmp_path / "z.json").read_text()


def test_the_device_is_a_valid_resource(einthoven, shared, tmp_path):
    path = next((shared / "data/formats").glob("philips_*.xml"))
    einthoven("convert-recording", path, tmp_path / "x.json", check=True)
    resource, _ = read(tmp_path / "x.json")
    device, = resource.contained
    assert resource.device.reference == f"#{device.id}" and device.manufacturer
    assert {entry.type.text for entry in device.property} <= {"high-pass filter", "low-pass filter", "notch filter"}
    assert all(entry.valueQuantity[0].code == "Hz" for entry in device.property)
