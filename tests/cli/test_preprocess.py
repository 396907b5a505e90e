"""einthoven preprocess and store: bytes that NumPy, SQLite and SciPy can read."""

import csv
import os
import signal
import sqlite3
import subprocess
import time

import numpy as np
import pytest
from scipy.io import loadmat

from conftest import program_path
from ecg_corpora import LEADS, write_challenge_corpus, write_challenge_record


@pytest.fixture
def corpus(tmp_path):
    return write_challenge_corpus(tmp_path / "raw")


def read_segments(store):
    index = sqlite3.connect(store / "index.sqlite")
    shards = [np.load(store / file) for file, in index.execute("SELECT file FROM shards ORDER BY shard")]
    rows = index.execute("SELECT r.path, s.number, s.shard, s.position FROM segments s "
                         "JOIN records r USING (idx) ORDER BY s.row")
    return {(path, number): shards[shard][position] for path, number, shard, position in rows}


def test_segments_are_z_scores_of_whole_recordings(einthoven, tmp_path, corpus):
    store = tmp_path / "s.ecgstore"
    done = einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", store, check=True)
    assert "10 recordings, 20 segments, 0 too short, 0 quarantined" in done.stdout
    segments = read_segments(store)
    for path, digital in corpus.items():
        x = digital / 1000.0
        z = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)
        for number in (0, 1):
            np.testing.assert_allclose(
                segments[path, number], z[:, 2500 * number:2500 * (number + 1)], atol=1e-6)


def test_index_holds_labels_fields_and_no_plain_patient(einthoven, tmp_path, corpus):
    store = tmp_path / "s.ecgstore"
    einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", store, check=True)
    index = sqlite3.connect(store / "index.sqlite")
    assert index.execute("SELECT count(*) FROM labels WHERE kind='dx' AND name='164889003'").fetchone() == (4,)
    assert index.execute("SELECT value FROM fields WHERE idx=0 AND name='sex'").fetchone() == ("1",)
    info = einthoven("store", "info", store, check=True).stdout
    assert "dataset      A 5" in info and "dx: 164889003 4" in info
    einthoven("store", "verify", store, check=True)


def test_dtypes_rate_and_leads(einthoven, tmp_path, corpus):
    reference = None
    for dtype, tolerance in (("float32", 0), ("float16", 3e-3), ("int16", 1e-4)):
        store = tmp_path / f"{dtype}.ecgstore"
        einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", store, "--dtype", dtype,
                  "--rate", 250, "--segment-seconds", "2.5", "--leads", "V1,II", check=True)
        signals = np.load(store / "signals-00000.npy")
        assert signals.shape == (40, 2, 625)
        if dtype == "int16":
            signals = signals * np.load(store / "scales-00000.npy")[:, :, None]
        if reference is None:
            reference = signals
        np.testing.assert_allclose(signals.astype(float), reference, atol=tolerance)


def test_bad_recordings_are_quarantined(einthoven, tmp_path, corpus):
    raw = tmp_path / "raw"
    (raw / "A" / "R000.mat").write_bytes(b"short")
    (raw / "B" / "R001.hea").write_text("\x00\x01 garbage")
    write_challenge_record(raw / "A", "tiny", samples=100)
    store = tmp_path / "s.ecgstore"
    done = einthoven("preprocess", "physionet2021", raw, "--dest", store, check=True)
    assert "9 recordings, 16 segments, 1 too short, 2 quarantined" in done.stdout
    lines = (store / "quarantine.csv").read_text().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["A/R000", "B/R001"]


def test_export_and_import_go_round(einthoven, tmp_path, corpus):
    store, folder, again = tmp_path / "s.ecgstore", tmp_path / "ref", tmp_path / "again.ecgstore"
    einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", store,
              "--export", "fairseq", folder, check=True)
    mat = loadmat(folder / "segmented" / "physionet2021_A_R002_1.mat")
    assert mat["curr_sample_rate"].item() == 500 and mat["segment_i"].item() == 1
    assert mat["feats"].dtype == np.float64 and mat["mean"].shape == (12, 1)
    einthoven("store", "import", folder, "--dest", again, check=True)
    first, second = read_segments(store), read_segments(again)
    assert len(first) == len(second) == 20
    for (path, number), x in first.items():
        np.testing.assert_array_equal(x, second["physionet2021_" + path.replace("/", "_"), number])
    labels = [sqlite3.connect(s / "index.sqlite").execute(
        "SELECT idx, kind, name FROM labels ORDER BY 1, 3").fetchall() for s in (store, again)]
    assert labels[0] == labels[1]


@pytest.mark.parametrize("first, then, continued", [
    ([], [], True),
    (["--filters", "notch:50,wavelet", "--stride-seconds", "2.5"], ["--filters", "notch:50:30,wavelet:coarsest",
                                                                    "--stride-seconds", "2.5"], True),
    (["--filters", "notch:50"], ["--filters", "notch:60"], False),
    (["--normalise", "lead-minmax"], ["--normalise", "recording-minmax"], False),
    (["--stride-seconds", "1"], [], False),
])
def test_a_killed_run_continues_to_the_same_bytes(einthoven, tmp_path, first, then, continued):
    """If the options are the same; else it starts again."""
    raw = tmp_path / "raw"
    write_challenge_corpus(raw, 400)
    whole, cut = tmp_path / "whole.ecgstore", tmp_path / "cut.ecgstore"
    options = ["--shard-mib", "1", "--threads", "1"]
    einthoven("preprocess", "physionet2021", raw, "--dest", whole, *options, *then, check=True)
    child = subprocess.Popen([str(program_path()), "preprocess", "physionet2021", str(raw),
                              "--dest", str(cut), *options, *first], stderr=subprocess.DEVNULL)
    while child.poll() is None and not (tmp_path / "cut.ecgstore.partial/signals-00003.npy").exists():
        time.sleep(0.005)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    done = einthoven("preprocess", "physionet2021", raw, "--dest", cut, *options, *then, check=True)
    assert ("continuing after" in done.stderr) == continued
    assert "cut.ecgstore: 400 recordings, " in done.stdout  # not the rest alone
    names = sorted(p.name for p in whole.iterdir())
    assert names == sorted(p.name for p in cut.iterdir())
    for name in names:
        assert (whole / name).read_bytes() == (cut / name).read_bytes(), name


def test_segments_that_overlap(einthoven, tmp_path, corpus):
    stores = {}
    for name, options in {"whole": ["--segment-seconds", "0"], "cut": ["--stride-seconds", "1.5"]}.items():
        store = tmp_path / f"{name}.ecgstore"
        einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", store, *options, check=True)
        stores[name] = store
    whole = np.load(stores["whole"] / "signals-00000.npy").reshape(10, 12, 5000)
    segments = read_segments(stores["cut"])
    assert len(segments) == 10 * 4  # from 0, 1.5, 3 and 4.5 s
    for i, path in enumerate(sorted(corpus)):
        for number in range(4):
            np.testing.assert_array_equal(segments[path, number], whole[i][:, 750 * number:750 * number + 2500])


def test_shards_with_filters_join_to_the_undivided_store(einthoven, tmp_path, corpus):
    options = ["--filters", "bandpass:0.5:40,wavelet", "--normalise", "recording-zscore", "--dtype", "int16"]
    run = ["preprocess", "physionet2021", tmp_path / "raw", *options]
    einthoven(*run, "--dest", tmp_path / "whole.ecgstore", check=True)
    parts = [tmp_path / f"{part}.ecgstore" for part in (1, 2, 3)]
    for part, store in enumerate(parts, 1):
        einthoven(*run, "--dest", store, "--shard", f"{part}/3", check=True)
    einthoven("store", "merge", *parts, "--dest", tmp_path / "joined.ecgstore", check=True)
    whole, joined = read_segments(tmp_path / "whole.ecgstore"), read_segments(tmp_path / "joined.ecgstore")
    assert whole.keys() == joined.keys()
    for key, x in whole.items():
        np.testing.assert_array_equal(x, joined[key])
    info = [sqlite3.connect(tmp_path / f"{name}.ecgstore/index.sqlite").execute(
        "SELECT value FROM store WHERE key = 'options'").fetchone() for name in ("whole", "joined")]
    assert info[0] == info[1]
    other = tmp_path / "other.ecgstore"
    einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", other, "--dtype", "int16", check=True)
    done = einthoven("store", "merge", tmp_path / "whole.ecgstore", other, "--dest", tmp_path / "no.ecgstore")
    assert done.returncode == 3 and "normalise: differs" in done.stderr


@pytest.mark.parametrize("option, value, message", [
    ("--filters", "lowpass:40", 'not a filter (got "lowpass:40")'),
    ("--stride-seconds", "0.0013", "stride-seconds: 0.0013 s at 500 Hz"),
    ("--stride-seconds", "1e-9", "stride-seconds: 1e-09 s at 500 Hz"),
    ("--labels", "x.csv", "labels: is for folder alone, not for physionet2021"),
    ("--patients", "x.csv", "patients: is for mimic-iv-ecg alone"),
    ("--source-rate", "100", "source-rate: is for ptb-xl alone"),
    ("--window-seconds", "10", "window-seconds: physionet2021 is not cut into recordings"),
    ("--file-gain", "200", "file-rate, file-gain, file-leads: recordings of physionet2021 say these themselves"),
    ("--norm-eps", "-1", "--norm-eps: want a number of 0 or more, got -1"),
    ("--segment-seconds", "inf", "--segment-seconds: want a number of 0 or more, got inf"),
    ("--rate", "0", "--rate: want a number above 0, got 0"),
    ("--normalise", "zscore", "zscore"),
])
def test_wrong_options_are_usage_errors(einthoven, tmp_path, corpus, option, value, message):
    done = einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", tmp_path / "s.ecgstore", option, value)
    assert done.returncode == 2 and message in done.stderr
    assert not (tmp_path / "s.ecgstore.partial").exists()


def test_a_filter_that_does_not_fit_quarantines_the_recording(einthoven, tmp_path, corpus):
    write_challenge_record(tmp_path / "raw/A", "slow", samples=1000, rate=100)
    store = tmp_path / "s.ecgstore"
    done = einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", store, "--filters", "notch:60", check=True)
    assert "10 recordings" in done.stdout and "1 quarantined" in done.stdout
    assert "notch at 60 Hz: want a frequency between 0 and 50 Hz" in (store / "quarantine.csv").read_text()


@pytest.mark.parametrize("options, reason", [
    (["--filters", "highpass:1e-9"], "make samples that are no numbers"),
    (["--dtype", "float16", "--normalise", "off"], "float16: holds no more than 65504"),
])
def test_what_cannot_be_stored_is_quarantined(einthoven, tmp_path, options, reason):
    (tmp_path / "raw").mkdir()
    np.savetxt(tmp_path / "raw/a.csv", np.random.default_rng(0).normal(size=(5000, 2)) * 2e5, delimiter=",",
               header="I,II", comments="")
    store = tmp_path / "s.ecgstore"
    done = einthoven("preprocess", "folder", tmp_path / "raw", "--file-rate", 500, "--dest", store, *options)
    assert done.returncode == 3
    assert reason in (tmp_path / "s.ecgstore/quarantine.csv").read_text()


def test_errors_have_their_exit_codes(einthoven, tmp_path, corpus):
    store = tmp_path / "s.ecgstore"
    raw = tmp_path / "raw"
    assert einthoven("preprocess", "mitbih", raw, "--dest", store).returncode == 2
    assert einthoven("preprocess", "physionet2021", raw).returncode == 2
    assert einthoven("preprocess", "physionet2021", tmp_path / "no", "--dest", store).returncode == 4
    (tmp_path / "empty").mkdir()
    assert einthoven("preprocess", "physionet2021", tmp_path / "empty", "--dest", store).returncode == 3
    wrong = einthoven("preprocess", "physionet2021", raw, "--dest", store, "--dataset-subset", "a")
    assert wrong.returncode == 2 and "there are: A, B" in wrong.stderr
    einthoven("preprocess", "physionet2021", raw, "--dest", store, check=True)
    assert einthoven("preprocess", "physionet2021", raw, "--dest", store).returncode == 2
    signals = store / "signals-00000.npy"
    damaged = bytearray(signals.read_bytes())
    damaged[-1] ^= 1
    signals.write_bytes(damaged)
    assert einthoven("store", "verify", store).returncode == 3


def test_ptbxl(einthoven, tmp_path, shared):
    store = tmp_path / "p.ecgstore"
    einthoven("preprocess", "ptb-xl", shared / "data/ptbxl_1.0.3_subset", "--dest", store, check=True)
    index = sqlite3.connect(store / "index.sqlite")
    assert index.execute("SELECT count(*) FROM records").fetchone() == (254,)
    assert index.execute("SELECT count(*) FROM quarantine").fetchone() == (0,)
    assert index.execute("SELECT count(DISTINCT split) FROM splits WHERE scheme='strat_fold'").fetchone()[0] == 10
    assert np.isfinite(np.load(store / "signals-00000.npy")).all()


def test_a_running_manifest_numbers_several_corpora(einthoven, tmp_path, corpus):
    """--manifest-file: idx goes on over corpora, gaps of a subset included; rates and lengths are the original ones."""
    write_challenge_record(tmp_path / "more/C", "X1", samples=3000, rate=250)
    table = tmp_path / "all.csv"
    einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", tmp_path / "a.ecgstore",
              "--dataset-subset", "A", "--manifest-file", table, check=True)
    einthoven("preprocess", "physionet2021", tmp_path / "more", "--dest", tmp_path / "b.ecgstore",
              "--manifest-file", table, check=True)
    with open(table) as file:
        rows = list(csv.DictReader(file))
    assert [int(row["idx"]) for row in rows] == [0, 1, 2, 3, 4, 5]
    assert rows[-1] == {"idx": "5", "source": "physionet2021", "source_path": str(tmp_path / "more/C/X1"),
                        "save_file": "physionet2021_C_X1.mat", "sample_rate": "250", "sample_size": "3000"}
    assert sqlite3.connect(tmp_path / "b.ecgstore/index.sqlite").execute("SELECT idx FROM records").fetchall() == [(5,)]
    table.write_text("idx\nx\n")
    done = einthoven("preprocess", "physionet2021", tmp_path / "more", "--dest", tmp_path / "c.ecgstore",
                     "--manifest-file", table)
    assert done.returncode == 3 and f'{table}:2: idx: got "x"' in done.stderr


def test_skipped_folders_of_the_export(einthoven, tmp_path, corpus):
    einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", tmp_path / "s.ecgstore", "--export", "fairseq",
              tmp_path / "f", "--skip", "org,preprocessed", check=True)
    assert sorted(path.name for path in (tmp_path / "f").iterdir()) == ["meta.csv", "records.csv", "segmented",
                                                                      "segmented.csv"]
    assert len(list((tmp_path / "f/segmented").iterdir())) == 20
    done = einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", tmp_path / "t.ecgstore", "--export",
                     "fairseq", tmp_path / "g", "--skip", "orig")
    assert done.returncode == 2 and 'skip: no folder "orig"' in done.stderr
