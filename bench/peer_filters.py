"""What bench_filters measures, by scipy.signal, scipy.interpolate and PyWavelets: recordings a second on one core."""

import time

import numpy as np
import pywt
from scipy import signal
from scipy.interpolate import interp1d

RATE = 500


def notch(x, hz):
    return signal.filtfilt(*signal.iirnotch(hz, 30, fs=RATE), x)


def butter(x, kind, cutoff):
    return signal.sosfiltfilt(signal.butter(4, cutoff, kind, fs=RATE, output="sos"), x)


def wavelet(x):
    leads = []
    for lead in x:
        bands = pywt.wavedec(lead, "db6", "symmetric", 4)
        threshold = np.median(np.abs(bands[1])) / 0.6745
        leads.append(pywt.waverec(bands[:1] + [pywt.threshold(band, threshold, "soft") for band in bands[1:]], "db6"))
    return np.array(leads)


CASES = {
    "notch": lambda x: notch(x, 50),
    "bandpass": lambda x: butter(x, "bandpass", [0.5, 40]),
    "wavelet": wavelet,
    "ecg_bench": lambda x: wavelet(butter(butter(notch(notch(x, 50), 60), "bandpass", [0.5, 100]), "highpass", 0.05)),
    "spline": lambda x: interp1d(np.linspace(0, 10, 5000), x, kind="cubic", axis=1)(np.linspace(0, 10, 2500)),
    "lead_zscore": lambda x: (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True),
}


def main():
    x = np.sin(0.37 * np.arange(60000)).reshape(12, 5000)
    for name, run in CASES.items():
        run(x)
        start, count = time.process_time(), 0
        while time.process_time() - start < 1:
            run(x)
            count += 1
        print(f"{name:12} {count / (time.process_time() - start):10.0f}/s")


if __name__ == "__main__":
    main()
