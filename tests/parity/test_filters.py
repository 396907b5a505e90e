"""Filters, resampling and normalisation of `preprocess` against scipy.signal, scipy.interpolate and PyWavelets."""

import json
import sqlite3

import numpy as np
import pytest
import pywt
import wfdb
from scipy import signal
from scipy.interpolate import interp1d

RATE = 500
RECORD = "data/ptbxl_1.0.3_subset/records500"


@pytest.fixture(scope="module")
def record(shared):
    return sorted((shared / RECORD).rglob("*_hr.hea"))[3].with_suffix("")


@pytest.fixture(scope="module")
def millivolts(record):
    return wfdb.rdrecord(str(record)).p_signal.T


def notch(x, hz, quality=30):
    return signal.filtfilt(*signal.iirnotch(hz, quality, fs=RATE), x)


def butter(x, kind, cutoff, order=4):
    return signal.sosfiltfilt(signal.butter(order, cutoff, kind, fs=RATE, output="sos"), x)


def wavelet(x, rule="coarsest"):
    bands = pywt.wavedec(x, "db6", "symmetric", 4)
    sigma = np.median(np.abs(bands[1 if rule == "coarsest" else -1])) / 0.6745
    threshold = sigma if rule == "coarsest" else sigma * np.sqrt(2 * np.log(len(x)))
    soft = [pywt.threshold(band, threshold, "soft") for band in bands[1:]]
    return pywt.waverec([bands[0]] + soft, "db6", "symmetric")[:len(x)]


def each(function, *args):
    return lambda x: np.stack([function(lead, *args) for lead in x])


CHAINS = {
    "notch:50": each(notch, 50),
    "notch:60:10": each(notch, 60, 10),
    "bandpass:0.5:40": each(butter, "bandpass", [0.5, 40]),
    "bandpass:0.05:150:3": each(butter, "bandpass", [0.05, 150], 3),
    "bandpass:1:30:1": each(butter, "bandpass", [1, 30], 1),
    "bandpass:2:12:6": each(butter, "bandpass", [2, 12], 6),
    "highpass:0.05": each(butter, "highpass", 0.05),
    "highpass:0.5:5": each(butter, "highpass", 0.5, 5),
    "wavelet": each(wavelet),
    "wavelet:universal": each(wavelet, "universal"),
    "notch:50,notch:60,bandpass:0.5:100,highpass:0.05,wavelet": each(
        lambda x: wavelet(butter(butter(notch(notch(x, 50), 60), "bandpass", [0.5, 100]), "highpass", 0.05))),
}


@pytest.mark.parametrize("length", [5000, 4999, 1001])
@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_equals_scipy_and_pywavelets(einthoven, tmp_path, millivolts, chain, length):
    np.save(tmp_path / "x.npy", millivolts[:, :length].astype(np.float32))
    einthoven("convert-recording", tmp_path / "x.npy", tmp_path / "y.npy", "--rate", RATE, "--lead-names",
              ",".join(map(str, range(1, 13))), "--filters", chain, check=True)
    wanted = CHAINS[chain](millivolts[:, :length].astype(np.float32).astype(float))
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), wanted, atol=1e-6, rtol=1e-6)


@pytest.fixture
def listed(shared, record, tmp_path):
    """Path of the recording inside PTB-XL, as a table of recordings names it."""
    path = record.relative_to(shared / "data/ptbxl_1.0.3_subset")
    (tmp_path / "list.csv").write_text(f"path\n{path}\n")
    return shared / "data/ptbxl_1.0.3_subset"


def whole(einthoven, listed, tmp_path, *options):
    store = tmp_path / "s.ecgstore"
    einthoven("preprocess", "ptb-xl", listed, "--dest", store, "--records", tmp_path / "list.csv",
              "--source-rate", 500, "--segment-seconds", 0, *options, check=True)
    index = sqlite3.connect(store / "index.sqlite")
    return np.load(store / "signals-00000.npy").reshape(12, -1), index


def test_filters_then_spline_then_millivolts(einthoven, listed, tmp_path, millivolts):
    found, index = whole(einthoven, listed, tmp_path, "--filters", "notch:50,bandpass:0.5:40", "--resample",
                         "spline", "--rate", 250, "--normalise", "off")
    smooth = CHAINS["bandpass:0.5:40"](CHAINS["notch:50"](millivolts))
    wanted = interp1d(np.linspace(0, 10, 5000), smooth, kind="cubic")(np.linspace(0, 10, 2500))
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    options = json.loads(index.execute("SELECT value FROM store WHERE key = 'options'").fetchone()[0])
    assert options["filters"] == ["notch:50:30", "bandpass:0.5:40:4"]
    assert (options["resampling"], options["normalise"], options["standardised"]) == ("spline", "off", False)


NORMALISED = {
    "lead-zscore": lambda x, e: (x - x.mean(1, keepdims=True)) / (x.std(1, keepdims=True) + e),
    "recording-zscore": lambda x, e: (x - x.mean()) / (x.std() + e),
    "lead-minmax": lambda x, e: (x - x.min(1, keepdims=True)) / (np.ptp(x, 1, keepdims=True) + e),
    "recording-minmax": lambda x, e: np.clip((x - x.min()) / (x.max() - x.min() + e), 0, 1),
}


@pytest.mark.parametrize("epsilon", [0, 1e-6, 0.01])
@pytest.mark.parametrize("name", NORMALISED)
def test_normalisations_and_what_the_store_keeps_of_them(einthoven, listed, tmp_path, millivolts, name, epsilon):
    found, index = whole(einthoven, listed, tmp_path, "--normalise", name, "--norm-eps", epsilon)
    np.testing.assert_allclose(found, NORMALISED[name](millivolts, epsilon), atol=1e-6)
    offset, scale = (np.frombuffer(blob)[:, None] for blob in index.execute("SELECT mean, std FROM records").fetchone())
    np.testing.assert_allclose(found * scale + offset, millivolts, atol=1e-5)
