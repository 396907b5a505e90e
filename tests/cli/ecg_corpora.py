"""Small corpora for the tests of preprocess, manifest, store and labels."""

import zlib

import numpy as np

LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]


def write_challenge_record(folder, name, samples=5000, dx="426783006", rate=500, age=50):
    """A record as the PhysioNet Challenges store it: .hea and a MATLAB v4 .mat ("16+24")."""
    folder.mkdir(parents=True, exist_ok=True)
    seed = zlib.crc32(name.encode())
    digital = np.random.default_rng(seed).integers(-900, 900, (12, samples)).astype("<i2")
    header = np.array([30, 12, samples, 0, 4], "<i4").tobytes() + b"val\0"
    (folder / f"{name}.mat").write_bytes(header + digital.T.tobytes())
    lines = [f"{name} 12 {rate} {samples}"]
    for lead, row in zip(LEADS, digital):
        checksum = row.sum(dtype=np.int16)
        lines.append(f"{name}.mat 16+24 1000/mV 16 0 {row[0]} {checksum} 0 {lead}")
    lines += [f"#Age: {age}", "#Sex: Female", f"#Dx: {dx}", "#Rx: Unknown"]
    (folder / f"{name}.hea").write_text("\n".join(lines) + "\n")
    return digital


def write_challenge_corpus(root, count=10):
    """`count` records in two datasets; every third has atrial fibrillation."""
    return {
        f"{'AB'[i % 2]}/R{i:03d}": write_challenge_record(
            root / "AB"[i % 2], f"R{i:03d}", dx="164889003,426783006" if i % 3 == 0 else "426783006")
        for i in range(count)
    }
