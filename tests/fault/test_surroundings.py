"""Little memory, a clock that jumps, two runs in one place."""

import json
import resource
import shutil
import signal
import subprocess
import time

import faults
import numpy as np
import pytest
import training
from ecg_corpora import write_challenge_corpus
from conftest import program_path


def with_memory(limit, *args):
    done = subprocess.run([str(program_path()), *map(str, args), "--log-level", "error"],
                          capture_output=True, text=True, timeout=120, errors="replace",
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    return done.returncode, [line for line in done.stderr.splitlines() if line.startswith("einthoven: ")], done.stderr


def test_too_little_memory_is_one_line(tmp_path):
    np.save(tmp_path / "long.npy", np.zeros((12, 1_000_000), np.float32))  # 48 MB, twice in memory
    command = ["convert-recording", tmp_path / "long.npy", tmp_path / "o.npy", "--rate", 500]
    ends = set()
    for limit in range(32, 400, 24):
        if with_memory(limit << 20, "version")[0] != 0:
            continue  # not even the libraries find room
        code, lines, stderr = with_memory(limit << 20, *command)
        ends.add(code)
        assert code in (0, 4), stderr
        assert code == 0 or lines == ["einthoven: out of memory"], stderr
        assert code == 0 or not (tmp_path / "o.npy").exists()
        assert not list(tmp_path.glob("*.tmp.*"))
        if code == 0:
            break
    assert ends == {0, 4}


def test_the_clock_is_set_back(broken, tmp_path):
    write_challenge_corpus(tmp_path / "corpus", 6)
    results = []
    for at in (0, 1, 2, 5):
        store = tmp_path / "s.ecgstore"
        done = broken.run(["preprocess", "physionet2021", tmp_path / "corpus", "--dest", store], "clock", "/", at)
        assert done.code == 0, done.text
        assert "-" not in done.text.split("preprocess:")[-1].split("/s")[0], done.text
        results.append(faults.content(store))
        for path in sorted(store.rglob("*"), reverse=True):
            path.unlink()
        store.rmdir()
    assert all(result == results[0] for result in results)


REFUSALS = ("einthoven: out of memory", "einthoven: cannot start a thread: Resource temporarily unavailable")
ABRUPT = "einthoven: out of memory in the middle of something: unfinished files may be left"


def training_run(shared, folder, data):
    return training.pretraining_command(
        data, f"hydra.run.dir={folder}", "optimization.max_update=4", "optimization.update_freq=[1]",
        "checkpoint.save_interval_updates=2", "common.log_format=none")


def test_training_goes_on_while_the_clock_is_set_back(broken, shared, tmp_path):
    data = training.pretraining_data(shared, tmp_path)
    folder = tmp_path / "run"
    results = []
    for at in (0, 1, 3, 10, 30):
        done = broken.run(training_run(shared, folder, data), "clock", "/", at)
        assert done.code == 0 and (at > 0 or done.calls > 3), done.text
        seconds = [record[name] for line in (folder / "log.jsonl").read_text().splitlines()
                   for record in [json.loads(line)] for name in training.TIMES & record.keys()]
        assert seconds and all(float(value) >= 0 for value in seconds)
        results.append((training.read_log(folder / "log.jsonl"), training.weights(folder / "ckpt/checkpoint_last")))
        shutil.rmtree(folder)
    assert all(result == results[0] for result in results)


def test_training_with_too_little_memory_is_one_line(shared, tmp_path):
    """LibTorch takes its address space as it goes: between too little for it and enough lies a refusal of ours."""
    data = training.pretraining_data(shared, tmp_path)
    ends = set()
    for number, limit in enumerate(range(600, 6000, 300)):
        if with_memory(limit << 20, "train", "--help")[0] != 0:
            continue  # not even the libraries find room
        folder = tmp_path / f"run{number}"
        code, lines, stderr = with_memory(limit << 20, *training_run(shared, folder, data))
        ends.add(code)
        assert code in (0, 4), (limit, stderr)
        assert code == 0 or lines == [ABRUPT] or lines[0] in REFUSALS and len(lines) == 1, (limit, stderr)
        assert lines == [ABRUPT] or not list(folder.rglob("*.tmp.*"))
        if code == 0:
            break
    assert 0 in ends


@pytest.mark.parametrize("command", ["preprocess", "merge"])
def test_two_runs_on_one_store(einthoven, tmp_path, command):
    corpus = tmp_path / "corpus"
    write_challenge_corpus(corpus, 60)
    for part in ("1/2", "2/2"):
        einthoven("preprocess", "physionet2021", corpus, "--dest", tmp_path / f"p{part[0]}.ecgstore", "--shard", part,
                  check=True)
    dest = tmp_path / "s.ecgstore"
    args = ["preprocess", "physionet2021", corpus, "--dest", dest, "--log-level", "error"]
    if command == "merge":
        args = ["store", "merge", tmp_path / "p1.ecgstore", tmp_path / "p2.ecgstore", "--dest", dest]
    first = subprocess.Popen([str(program_path()), *map(str, args)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lock = tmp_path / "s.ecgstore.lock"
    while not (lock.is_file() and lock.read_text()) and first.poll() is None:
        time.sleep(0.001)
    first.send_signal(signal.SIGSTOP)
    try:
        if not lock.is_file():
            pytest.skip("the first run was faster than this test")
        second = einthoven(*args)
        assert second.returncode == 4
        assert "s.ecgstore.lock: another run is at work here (process " in second.stderr
    finally:
        first.send_signal(signal.SIGCONT)
        assert first.wait(60) == 0
    assert dest.is_dir() and not lock.exists()
    einthoven("store", "verify", dest, check=True)
