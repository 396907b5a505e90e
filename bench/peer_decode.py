"""What `bench_decode` measures, by the Python library that people use for each format: recordings a second of CPU time.

  build/release/bench/bench_decode --files /tmp/decode      writes a recording of 12 leads and 10 s at 500 Hz in every format
  python bench/peer_decode.py /tmp/decode                   reads the same files
"""

import base64
import pathlib
import sys
import time
import xml.etree.ElementTree

import numpy as np


def wfdb(path):
    import wfdb
    return wfdb.rdrecord(str(path.with_suffix(""))).p_signal


def mat(path):
    import scipy.io
    return scipy.io.loadmat(path)["feats"]


def hdf5(path):
    import h5py
    with h5py.File(path) as file:
        return file["samples"][()]


def edf(path):
    import pyedflib
    with pyedflib.EdfReader(str(path)) as file:
        return [file.readSignal(i) for i in range(12)]


def dicom(path):
    import pydicom
    return pydicom.dcmread(path).waveform_array(0)


def csv(path):
    import pandas
    return pandas.read_csv(path, comment="#").to_numpy()


def npz(path):
    return np.load(path)["samples"]


def npy(path):
    return np.load(path)


def muse(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    leads = {}
    for waveform in root.findall("Waveform"):
        if waveform.findtext("WaveformType") == "Rhythm":
            for lead in waveform.findall("LeadData"):
                counts = np.frombuffer(base64.b64decode(lead.findtext("WaveFormData")), "<i2")
                leads[lead.findtext("LeadID")] = counts * float(lead.findtext("LeadAmplitudeUnitsPerBit")) / 1000
    return leads


def sierra(path):
    import sierraecg
    return sierraecg.read_file(str(path)).leads


PEERS = {"r16.hea": wfdb, "r212.hea": wfdb, "r516.hea": wfdb, "r.mat": mat, "r.h5": hdf5, "r.edf": edf, "r.dcm": dicom,
         "r.csv": csv, "r.npz": npz, "r.npy": npy}


def rate(read, path, seconds=1.0):
    read(path)
    start, count = time.process_time(), 0
    while time.process_time() - start < seconds:
        read(path)
        count += 1
    return count / (time.process_time() - start)


def main():
    folder = pathlib.Path(sys.argv[1])
    cases = [(folder / name, read) for name, read in PEERS.items()]
    cases += [(pathlib.Path(path), muse if "muse" in path else sierra) for path in sys.argv[2:]]
    for path, read in cases:
        print(f"{path.name:40} {read.__name__:8} {rate(read, path):10.1f}/s")


if __name__ == "__main__":
    main()
