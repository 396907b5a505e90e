"""Reads that fail, files that may not be read, files that change meanwhile, many bad files."""

import csv
import errno
import json
import sqlite3

import faults
import numpy as np
import pytest
from ecg_corpora import write_challenge_corpus, write_challenge_record


def contents(store):
    """Rows of the store, of its quarantine by path, and of the table of the quarantine."""
    with sqlite3.connect(f"file:{store / 'index.sqlite'}?mode=ro", uri=True) as index:
        names = [row[0] for row in index.execute("SELECT path FROM records ORDER BY idx")]
        bad = dict(index.execute("SELECT path, reason FROM quarantine"))
    with open(store / "quarantine.csv", newline="") as file:
        assert {row["path"]: row["reason"] for row in csv.DictReader(file)} == bad
    return names, bad


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    write_challenge_corpus(folder, 4)
    return folder


def preprocess(folder, dest, kind="physionet2021"):
    return ["preprocess", kind, folder, "--dest", dest, "--threads", "1"]


@pytest.mark.parametrize("layout,kind,error,text", [("physionet2021", "read", errno.EIO, "Input/output error"),
                                                    ("physionet2021", "open", errno.EACCES, "Permission denied"),
                                                    ("folder", "open", errno.EACCES, "Permission denied"),
                                                    ("physionet2021", "shrink", 0, "became smaller")])
def test_a_recording_that_cannot_be_read_is_quarantined(broken, corpus, tmp_path, layout, kind, error, text):
    """Whichever call fails, the other recordings are there and the account is exact."""
    record = corpus / "A/R002"
    before = {path: path.read_bytes() for path in record.parent.glob("R002.*")}
    done = broken.run(preprocess(corpus, tmp_path / "0.ecgstore", layout), kind, record)
    assert done.code == 0 and done.calls > 0, done.text
    everything, bad = contents(tmp_path / "0.ecgstore")
    assert not bad
    for at in range(1, done.calls + 1):
        store = tmp_path / f"{at}.ecgstore"
        broken_run = broken.run(preprocess(corpus, store, layout), kind, record, at, error)
        assert broken_run.code == 0, broken_run.text
        names, bad = contents(store)
        assert len(names) + len(bad) == len(everything)
        assert set(bad) <= {"A/R002"}
        for reason in bad.values():
            assert text in reason or kind == "shrink", reason
        for path, content in before.items():
            path.write_bytes(content)
    assert bad or kind == "shrink"


def test_a_mapped_checkpoint_that_shrinks(broken, tmp_path):
    """No core dump: one line that names the file."""
    tiny = faults.HERE.parent / "fuzz/corpus/checkpoint/state_zip.pt"
    large = tmp_path / "large.safetensors"
    header = json.dumps({"w": {"dtype": "F32", "shape": [1 << 20], "data_offsets": [0, 1 << 22]}}).encode()
    content = len(header).to_bytes(8, "little") + header + bytes(1 << 22)
    assert tiny.is_file()
    ends = set()
    for at in range(1, 6):
        large.write_bytes(content)
        done = broken.run(["convert", large, tmp_path / "out.safetensors"], "shrink", large, at)
        ends.add(done.code)
        if done.code != 0:
            assert done.code in (3, 4), done.text
            assert len(done.faults()) == 1 and "large.safetensors" in done.faults()[0], done.text
    assert 4 in ends


BAD = {  # what is written for NAME: header, signal file
    "empty": ("", None),
    "no signal file": ("{0} 1 500 10\n{0}.mat 16+24 1000/mV 16 0 0 0 0 I\n", None),
    "short": ("{0} 12 500 5000\n" + "{0}.mat 16+24 1000/mV 16 0 0 0 0 I\n" * 12, bytes(100)),
    "above": ("{0} 1 500 10\n../{0}.mat 16 1000/mV 16 0 0 0 0 I\n", bytes(20)),
    "absolute": ("{0} 1 500 10\n/etc/passwd 16 1000/mV 16 0 0 0 0 I\n", bytes(20)),
    "huge": ("{0} 1 500 99999999999\n{0}.mat 16 1000/mV 16 0 0 0 0 I\n", bytes(20)),
    "unknown format": ("{0} 1 500 10\n{0}.mat 99 1000/mV 16 0 0 0 0 I\n", bytes(20)),
    "no leads": ("{0} 1 500 10\n{0}.mat 16 1000/mV 16 0 0 0 0 ABP\n", bytes(20)),
    "noise": ("\x00\xff\x13\x07{0}", bytes(7)),
    "nan rate": ("{0} 1 nan 10\n{0}.mat 16 1000/mV 16 0 0 0 0 I\n", bytes(20)),
}


def test_ten_thousand_bad_recordings_among_good_ones(broken, einthoven, tmp_path):
    folder = tmp_path / "corpus"
    good = {f"g/G{i:03d}" for i in range(50)}
    for name in good:
        write_challenge_record(folder / "g", name[2:], samples=2500)
    kinds = sorted(BAD)
    bad = {}
    for number in range(10_000):
        kind, name = kinds[number % len(kinds)], f"B{number:05d}"
        place = folder / f"b{number % 10}"
        place.mkdir(exist_ok=True)
        header, signals = BAD[kind]
        (place / f"{name}.hea").write_text(header.format(name), encoding="latin-1")
        (place / f"{name}.mat").write_bytes(signals or b"")
        bad[f"{place.name}/{name}"] = kind
    for name, kind in bad.items():
        if BAD[kind][1] is None and kind == "no signal file":
            (folder / f"{name}.mat").unlink()
    store = tmp_path / "s.ecgstore"
    done = einthoven("preprocess", "physionet2021", folder, "--dest", store, check=True)
    names, quarantined = contents(store)
    assert set(names) == good
    listed = {name for name in bad if name in quarantined}
    assert quarantined.keys() == listed == bad.keys()
    reasons = {}
    for name, kind in bad.items():
        reasons.setdefault(kind, set()).add(quarantined[name].replace(name.split("/")[1], "N").replace(name[:2], "b"))
    assert all(reason for found in reasons.values() for reason in found)
    assert {len(found) for found in reasons.values()} == {1}, reasons  # the same fault, the same words
    assert "10000" in done.stdout + done.stderr
    signals = np.load(store / "signals-00000.npy", mmap_mode="r")
    assert signals.shape == (50, 12, 2500)
