"""A training run that is interrupted and started again equals one that never was."""

import random
import signal
import subprocess
import time

import pytest
import training
from conftest import program_path

UPDATES = 12


def command(shared, folder, *more):
    data = training.pretraining_data(shared, folder)
    return training.pretraining_command(
        data, f"hydra.run.dir={folder}", f"optimization.max_update={UPDATES}",
        "optimization.update_freq=[1]", "checkpoint.save_interval=1",
        "checkpoint.save_interval_updates=1", "checkpoint.keep_interval_updates=2",
        "dataset.num_workers=2", *more)


@pytest.fixture(scope="module")
def uninterrupted(einthoven, shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    einthoven(*command(shared, folder), check=True)
    return folder


def assert_equal_runs(folder, other):
    assert training.read_log(folder / "log.jsonl") == training.read_log(other / "log.jsonl")
    last = "ckpt/checkpoint_last"
    assert training.weights(folder / last) == training.weights(other / last)


def start(args):
    return subprocess.Popen([str(program_path()), *args], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def wait_for_lines(log, count, process):
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        if log.is_file() and log.read_text().count("\n") >= count:
            return
        time.sleep(0.005)


def test_killed_at_random_moments(einthoven, shared, tmp_path, uninterrupted):
    rng = random.Random()
    args = command(shared, tmp_path)
    for _ in range(3):
        process = start(args)
        written = (tmp_path / "log.jsonl")
        lines = written.read_text().count("\n") if written.is_file() else 0
        wait_for_lines(written, lines + rng.randint(1, 5), process)
        time.sleep(rng.random() * 0.1)
        process.kill()
        process.communicate()
    einthoven(*args, check=True)
    assert_equal_runs(tmp_path, uninterrupted)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1])
def test_a_signal_saves_and_ends_with_success(einthoven, shared, tmp_path, uninterrupted, number):
    # Without saves by updates, only the signal can have written a checkpoint within an epoch.
    args = command(shared, tmp_path, "dataset.num_workers=0")
    process = start(args)
    wait_for_lines(tmp_path / "log.jsonl", 2, process)
    process.send_signal(number)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "signal" in out
    assert (tmp_path / "ckpt/checkpoint_last").is_dir()
    einthoven(*args, check=True)
    assert_equal_runs(tmp_path, uninterrupted)


@pytest.mark.parametrize("workers", [0, 3])
def test_loader_workers_change_nothing(einthoven, shared, tmp_path, uninterrupted, workers):
    einthoven(*command(shared, tmp_path, f"dataset.num_workers={workers}"), check=True)
    assert_equal_runs(tmp_path, uninterrupted)


def test_a_longer_run_continues_a_shorter_one(einthoven, shared, tmp_path):
    """max_update in the middle of an epoch, then more: as if it had been longer from the start."""
    plain = ["dataset.disable_validation=true", "checkpoint.save_interval_updates=0"]
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir(), parts.mkdir()
    einthoven(*command(shared, whole, *plain), check=True)
    einthoven(*command(shared, parts, *plain, "optimization.max_update=5"), check=True)
    einthoven(*command(shared, parts, *plain), check=True)
    assert_equal_runs(parts, whole)


def test_another_optimizer_is_refused_unless_the_optimizer_is_reset(
        einthoven, shared, tmp_path, uninterrupted):
    args = command(shared, tmp_path, f"checkpoint.restore_file={uninterrupted}/ckpt/checkpoint_last",
                   "optimizer._name=adamw")
    done = einthoven(*args)
    assert done.returncode == 2
    assert "reset_optimizer" in done.stderr
