"""Our Philips Sierra reader against sierraecg."""

import json

import numpy as np
import pytest

sierraecg = pytest.importorskip("sierraecg")


@pytest.fixture
def files(shared):
    found = sorted((shared / "data/formats").glob("philips_*.xml"))
    assert len(found) == 2
    return found


def test_samples(einthoven, files, tmp_path):
    for path in files:
        done = einthoven("convert-recording", path, tmp_path / "x.npy", check=True)
        assert "calibration pulse: --to 10.6 leaves it out" in done.stderr
        values = np.load(tmp_path / "x.npy")
        sidecar = json.loads((tmp_path / "x.json").read_text())
        leads = sierraecg.read_file(str(path)).leads
        assert sidecar["leads"] == [lead.label for lead in leads]
        assert sidecar["rate_hz"] == leads[0].sampling_freq == 500
        counts = np.array([lead.samples for lead in leads])
        assert values.shape == counts.shape == (12, 5500)
        np.testing.assert_array_equal(values, (counts * 0.005).astype(np.float32))
        i, ii, iii = values[:3]
        np.testing.assert_allclose(iii[:5000], (ii - i)[:5000], atol=0.006)


def test_statements_without_the_patient(einthoven, files, tmp_path):
    h5py = pytest.importorskip("h5py")
    wanted = [b"Sinus rhythm", b"SINUS BRADYCARDIA"]
    for path, first in zip(files, wanted):
        einthoven("convert-recording", path, tmp_path / "x.h5", check=True)
        with h5py.File(tmp_path / "x.h5") as file:
            assert file["statements"][0] == first
            assert file.attrs["base_date"] in (b"2020-05-18", b"2008-12-23")


def test_malformed_files(einthoven, files, tmp_path):
    text = files[0].read_text("utf-16") if files[0].read_bytes()[:2] == b"\xff\xfe" else \
        files[0].read_text()
    text = text.replace('encoding="utf-16"', 'encoding="utf-8"')
    data = text.index(">", text.index("<parsedwaveforms")) + 1
    start = text.index("+QwAAAE", data)
    for bad in [text.replace("1.04.01", "2.0"), text.replace('"XLI"', '"ZIP"'),
                text[:start] + "////" + text[start:], text[:start] + text[start + 400:],
                text.replace('dataencoding="Base64" comp', 'dataencoding="Hex" comp'),
                text.replace("<samplingrate>500", "<samplingrate>"), text[:-200]]:
        assert bad != text
        (tmp_path / "bad.xml").write_text(bad)
        done = einthoven("convert-recording", tmp_path / "bad.xml", tmp_path / "y.npy")
        assert done.returncode == 3, done.stderr
