"""Our EDF and BDF reader and the EDF+ writer against pyedflib."""

import datetime
import json

import numpy as np
import pytest

pyedflib = pytest.importorskip("pyedflib")


def ours(einthoven, path, tmp_path, *options):
    out = tmp_path / "ours.npy"
    einthoven("convert-recording", path, out, "--log-level", "error", *options, check=True)
    return np.load(out), json.loads(out.with_suffix(".json").read_text())


def theirs(path):
    """Millivolts, labels, rates."""
    with pyedflib.EdfReader(str(path)) as file:
        scale = {"uV": 1e-3, "mV": 1, "V": 1e3}
        values = [file.readSignal(i) * scale[file.getPhysicalDimension(i)]
                  for i in range(file.signals_in_file)]
        return values, file.getSignalLabels(), file.getSampleFrequencies()


def write(path, kind, signals, rate, marks=()):
    with pyedflib.EdfWriter(str(path), len(signals), file_type=kind) as file:
        largest = 2 ** (23 if kind in (pyedflib.FILETYPE_BDF, pyedflib.FILETYPE_BDFPLUS) else 15)
        for i, (label, _) in enumerate(signals):
            file.setSignalHeader(i, {
                "label": label, "dimension": "uV", "sample_frequency": rate,
                "physical_min": -5000.5, "physical_max": 4000, "digital_min": -largest,
                "digital_max": largest - 1, "transducer": "",
                "prefilter": "HP:0.05Hz LP:150Hz N:50Hz"})
        file.setStartdatetime(datetime.datetime(2021, 3, 4, 5, 6, 7))
        file.setPatientName("Nobody Atall")
        file.writeSamples([values for _, values in signals])
        for onset, text in marks:
            file.writeAnnotation(onset, -1, text)


@pytest.mark.parametrize("kind", [pyedflib.FILETYPE_EDF, pyedflib.FILETYPE_EDFPLUS,
                                  pyedflib.FILETYPE_BDF, pyedflib.FILETYPE_BDFPLUS])
def test_we_read_what_pyedflib_writes(einthoven, tmp_path, kind):
    random = np.random.default_rng(kind)
    signals = [(label, random.uniform(-5000, 4000, 2500)) for label in ["ECG I", "EKG V2", "aVR"]]
    path = tmp_path / "x"  # known by content alone
    write(path, kind, signals, 250)
    values, sidecar = ours(einthoven, path, tmp_path)
    expected, _, _ = theirs(path)
    np.testing.assert_allclose(values, np.array(expected), rtol=0, atol=1e-6)
    assert sidecar["leads"] == ["I", "V2", "aVR"]
    assert sidecar["rate_hz"] == 250


def test_the_demonstration_file(einthoven, tmp_path):
    """11 signals of one rate in uV, none of them named as an ECG."""
    path = pyedflib.data.get_generator_filename()
    expected, labels, rates = theirs(path)
    values, sidecar = ours(einthoven, path, tmp_path)
    assert len(values) == len(labels)
    assert set(rates) == {sidecar["rate_hz"]}
    np.testing.assert_allclose(values, np.array(expected), rtol=1e-6, atol=1e-6)


def test_pyedflib_reads_what_we_write(einthoven, shared, tmp_path):
    records = [("ptbxl_1.0.3_subset/records500", "*_hr.hea"), ("ludb_1.0.1/data", "*.hea"),
               ("physionet_annotated", "208.hea"), ("cinc2021_smoke/S", "*.hea")]
    for folder, pattern in records:
        header = sorted((shared / "data" / folder).rglob(pattern))[0]
        options = ["--to", 60, "--log-level", "error"]
        if pattern == "208.hea":
            options += ["--annotator", "atr"]
        einthoven("convert-recording", header, tmp_path / "x.edf", *options, check=True)
        expected, sidecar = ours(einthoven, header, tmp_path, "--to", 60)
        values, labels, rates = theirs(tmp_path / "x.edf")
        np.testing.assert_allclose(np.array(values), expected, rtol=0, atol=1e-4 / 2 + 1e-7)
        assert [label.removeprefix("ECG ") for label in labels] == sidecar["leads"]
        assert set(rates) == {sidecar["rate_hz"]}
        back, again = ours(einthoven, tmp_path / "x.edf", tmp_path)
        np.testing.assert_allclose(back, expected, rtol=0, atol=1e-4 / 2 + 1e-7)
        kept = {key: value for key, value in sidecar.items() if key != "comments"}  # EDF has none
        again.pop("annotations", None)  # the test below has them
        assert again == kept


@pytest.mark.parametrize("start", ["1975-01-31T23:59:59.999", "1984-11-09T09:17:34.250", "2125-07-23T08:44:00.004"])
def test_years_and_fractions_of_a_second(einthoven, tmp_path, start):
    date, time = start.split("T")
    np.save(tmp_path / "x.npy", np.zeros((1, 1237), np.float32))
    (tmp_path / "x.json").write_text(json.dumps(
        {"leads": ["I"], "rate_hz": 500, "base_date": date, "base_time": time,
         "annotations": [{"sample": 500, "symbol": "N"}]}))
    einthoven("convert-recording", tmp_path / "x.npy", tmp_path / "x.edf", check=True)
    with pyedflib.EdfReader(str(tmp_path / "x.edf")) as file:
        told = file.getStartdatetime().replace(microsecond=file.starttime_subsecond // 10)  # of 100 ns: it takes 1 us
        assert file.readAnnotations()[0] == pytest.approx([1.0])
    assert told == datetime.datetime.fromisoformat(start)
    _, sidecar = ours(einthoven, tmp_path / "x.edf", tmp_path)
    assert (sidecar["base_date"], sidecar["base_time"]) == (date, time)
    assert [mark["sample"] for mark in sidecar["annotations"]] == [500]


def test_annotations_both_ways(einthoven, shared, tmp_path):
    wfdb = pytest.importorskip("wfdb")
    record = shared / "data" / "physionet_annotated" / "208"
    einthoven("convert-recording", record, tmp_path / "x.edf", "--annotator", "atr", "--to", 60,
              check=True)
    marks = wfdb.rdann(str(record), "atr", sampto=360 * 60 - 1)
    with pyedflib.EdfReader(str(tmp_path / "x.edf")) as file:
        onsets, _, texts = file.readAnnotations()
    np.testing.assert_array_equal(np.round(onsets * 360).astype(int), marks.sample)
    assert list(texts) == [aux.rstrip("\0") or symbol
                           for aux, symbol in zip(marks.aux_note, marks.symbol)]
    einthoven("convert-recording", tmp_path / "x.edf", tmp_path / "y", "--log-level", "error",
              check=True)
    np.testing.assert_array_equal(wfdb.rdann(str(tmp_path / "y"), "atr").sample, marks.sample)


def test_odd_lengths_and_rates(einthoven, tmp_path):
    values = np.random.default_rng(2).normal(size=(2, 1237)).astype(np.float32)  # a prime
    values[1, 7] = np.nan
    np.save(tmp_path / "x.npy", values)
    for rate in [250.5, 360, 128, 1000 / 3]:
        einthoven("convert-recording", tmp_path / "x.npy", tmp_path / "x.edf", "--rate", rate,
                  check=True)
        back, sidecar = ours(einthoven, tmp_path / "x.edf", tmp_path)
        np.testing.assert_allclose(back, values, rtol=0, atol=1e-4 / 2 + 1e-7)
        assert sidecar["rate_hz"] == pytest.approx(rate, rel=1e-6)
        expected, _, _ = theirs(tmp_path / "x.edf")
        np.testing.assert_allclose(back[0], expected[0], rtol=0, atol=1e-6)


def test_truncated_and_nonsense(einthoven, tmp_path):
    write(tmp_path / "x.edf", pyedflib.FILETYPE_EDFPLUS, [("ECG I", np.zeros(2500))], 250)
    content = (tmp_path / "x.edf").read_bytes()
    for bad in [content[:-10], content[:300], content.replace(b"ECG I", b"Temp ").replace(
            b"uV", b"C "), content[:252] + b"9999" + content[256:]]:
        (tmp_path / "bad.edf").write_bytes(bad)
        done = einthoven("convert-recording", tmp_path / "bad.edf", tmp_path / "y.npy")
        assert done.returncode == 3, done.stderr
        assert "Nobody" not in done.stderr
