"""The steps of fairseq-signals' multi-source preprocessing with the libraries that it uses (wfdb, NumPy, scipy.io), written anew:
read a WFDB record, write org/*.mat; read it, standardise, write preprocessed/*.mat; read it, cut 5 s, write segmented/*.mat.
Recordings a second of CPU time and bytes left on disk; start-up is not counted. Compare with `einthoven preprocess --threads 1`.

  python bench/peer_preprocess.py FOLDER_OF_WFDB [COUNT]
"""

import pathlib
import sys
import tempfile
import time

import numpy as np
import scipy.io
import wfdb


def extract(record, path):
    signals, fields = wfdb.rdsamp(str(record))
    feats = signals.T
    facts = feats.mean(1), feats.std(1), np.isnan(feats).any(), [(lead - lead.mean() == 0).all() for lead in feats]
    scipy.io.savemat(path, {"org_sample_rate": fields["fs"], "curr_sample_rate": fields["fs"], "org_sample_size": feats.shape[1],
                            "curr_sample_size": feats.shape[1], "feats": feats, "idx": 0})
    return facts


def standardise(source, path):
    file = scipy.io.loadmat(source)
    feats = file["feats"] - file["feats"].mean(1, keepdims=True)
    deviation = feats.std(1, keepdims=True)
    feats = feats / np.where(deviation == 0, 1, deviation)
    scipy.io.savemat(path, {"curr_sample_rate": file["curr_sample_rate"], "feats": feats, "std": deviation})


def segment(source, stem):
    file = scipy.io.loadmat(source)
    for i in range(file["feats"].shape[1] // 2500):
        scipy.io.savemat(f"{stem}_{i}.mat", {"curr_sample_rate": file["curr_sample_rate"], "segment_i": i,
                                             "feats": file["feats"][:, 2500 * i:2500 * (i + 1)]})


def main():
    records = sorted(pathlib.Path(sys.argv[1]).rglob("*.hea"))[:int(sys.argv[2]) if len(sys.argv) > 2 else 200]
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        for i, header in enumerate(records):
            extract(header.with_suffix(""), f"{folder}/org{i}.mat")
            standardise(f"{folder}/org{i}.mat", f"{folder}/pre{i}.mat")
            segment(f"{folder}/pre{i}.mat", f"{folder}/seg{i}")
        seconds = time.process_time() - start
        size = sum(path.stat().st_size for path in pathlib.Path(folder).iterdir())
    print(f"{len(records) / seconds:.1f} recordings a CPU second, {size / len(records):.0f} bytes a recording")


if __name__ == "__main__":
    main()
