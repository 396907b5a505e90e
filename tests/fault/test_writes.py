"""Writes that fail, and two runs in one folder."""

import os
import re
import resource
import signal
import subprocess
import sys
import pathlib
import time

import numpy as np

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import training  # noqa: E402
from conftest import program_path  # noqa: E402


def command(shared, folder, updates, *more):
    data = training.pretraining_data(shared, folder)
    return training.pretraining_command(
        data, f"hydra.run.dir={folder}", f"optimization.max_update={updates}",
        "optimization.update_freq=[1]", "dataset.disable_validation=true",
        "checkpoint.save_interval_updates=1", "common.log_format=none", *more)


def with_small_files(args):
    """As on a full disk: the kernel refuses what would make a file larger than 64 KiB."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))

    return subprocess.run([str(program_path()), *args], capture_output=True, text=True,
                          preexec_fn=limit, timeout=120)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_full_disk_harms_no_former_checkpoint(einthoven, shared, tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir(), parts.mkdir()
    einthoven(*command(shared, whole, 6), check=True)
    einthoven(*command(shared, parts, 3), check=True)
    before = training.weights(parts / "ckpt/checkpoint_last")
    there = names(parts / "ckpt")
    full = with_small_files(command(shared, parts, 6))
    assert full.returncode == 4, full.stderr
    assert full.stderr.count("no checkpoint written, the one before stays") == 2
    assert re.search(r"einthoven: .*model\.safetensors: cannot write: File too large", full.stderr)
    assert training.weights(parts / "ckpt/checkpoint_last") == before
    assert names(parts / "ckpt") == there
    einthoven(*command(shared, parts, 6), check=True)
    assert training.weights(parts / "ckpt/checkpoint_last") == \
        training.weights(whole / "ckpt/checkpoint_last")
    assert training.read_log(parts / "log.jsonl") == training.read_log(whole / "log.jsonl")


def test_results_that_do_not_reach_the_standard_output_are_an_error():
    for command in (["recipes"], ["labels", "codes"], ["version"]):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([str(program_path()), *command], stdout=full, stderr=subprocess.PIPE,
                                  text=True, timeout=60)
        assert done.returncode == 4, command
        assert "einthoven: standard output: cannot write all results" in done.stderr


def test_links_and_pipes_given_as_output_stay_what_they_are(einthoven, tmp_path):
    np.save(tmp_path / "x.npy", np.sin(np.arange(12 * 600, dtype=np.float32).reshape(12, 600) / 20))
    convert = ["convert-recording", tmp_path / "x.npy"]
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/real.npy").write_bytes(b"old")
    (tmp_path / "link.npy").symlink_to("deep/real.npy")
    einthoven(*convert, tmp_path / "link.npy", "--rate", 500, check=True)
    assert (tmp_path / "link.npy").is_symlink()
    assert np.load(tmp_path / "deep/real.npy").shape == (12, 600)
    os.mkfifo(tmp_path / "pipe.npy")
    reader = subprocess.Popen(["cat", tmp_path / "pipe.npy"], stdout=subprocess.PIPE)
    einthoven(*convert, tmp_path / "pipe.npy", "--rate", 500, timeout=60)
    assert (tmp_path / "pipe.npy").is_fifo()
    assert reader.communicate(timeout=60)[0].startswith(b"\x93NUMPY")
    assert not list(tmp_path.rglob("*.tmp.*"))


def test_a_second_run_in_the_folder_is_refused(einthoven, shared, tmp_path):
    args = command(shared, tmp_path, 100000)
    first = subprocess.Popen([str(program_path()), *args], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    try:
        lock = tmp_path / "ckpt/run.lock"
        end = time.monotonic() + 60
        while not (lock.is_file() and lock.read_text()) and time.monotonic() < end:
            time.sleep(0.01)
        second = einthoven(*args)
        assert second.returncode == 4
        assert second.stderr.splitlines()[-1].endswith(
            "/ckpt/run.lock: another run is at work here (" + lock.read_text().strip() + ")")
        assert f"process {first.pid} on " in second.stderr
    finally:
        first.kill()
        first.communicate()
    assert lock.is_file()
    einthoven(*command(shared, tmp_path, 1), check=True)
    assert not lock.exists()
