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


def test_a_checkpoint_without_optimizer_is_continued_with_a_warning(einthoven, shared, tmp_path):
    plain = ["checkpoint.no_save_optimizer_state=true", "dataset.disable_validation=true"]
    einthoven(*command(shared, tmp_path, *plain, "optimization.max_update=2"), check=True)
    done = einthoven(*command(shared, tmp_path, *plain, "optimization.max_update=3"), check=True)
    assert "the checkpoint holds no state of the optimizer" in done.stderr


def continued(einthoven, shared, folder, *more, **how):
    return einthoven(*command(shared, folder, *more), **how)


def test_resets_keep_the_logs_and_the_schedule_its_updates(einthoven, shared, tmp_path):
    """Of the reference's resets only that of the optimizer counts updates anew; what was logged stays."""
    short = ["optimization.max_update=4", "dataset.disable_validation=true"]
    continued(einthoven, shared, tmp_path, *short, check=True)
    before = (tmp_path / "log.jsonl").read_text()
    done = continued(einthoven, shared, tmp_path, *short, "checkpoint.reset_lr_scheduler=true",
                     "optimization.max_update=6", check=True)
    assert "update 4)" in done.stderr and (tmp_path / "log.jsonl").read_text().startswith(before)
    continued(einthoven, shared, tmp_path, *short, "checkpoint.reset_optimizer=true",
              "optimization.max_update=2", check=True)
    kept, = tmp_path.glob("log.before-*")
    assert (kept / "log.jsonl").read_text().startswith(before) and (kept / "tensorboard").is_dir()
    assert (kept / "train_inner.csv").read_text().count("\n") == 7
    assert [record["num_updates"] for record in training.read_log(tmp_path / "log.jsonl", "train_inner")] == [1, 2]


def test_a_run_that_lost_patience_stays_ended(einthoven, shared, tmp_path):
    args = ["optimization.lr=[1e-12]", "checkpoint.patience=2", "optimization.max_update=0"]
    first = continued(einthoven, shared, tmp_path, *args, check=True)
    log = (tmp_path / "log.jsonl").read_text()
    again = continued(einthoven, shared, tmp_path, *args, check=True)
    assert "no improvement in 2 validations" in first.stdout + first.stderr
    assert "no improvement in 2 validations" in again.stdout + again.stderr
    assert (tmp_path / "log.jsonl").read_text() == log


def test_the_end_is_saved_whatever_the_interval(einthoven, shared, tmp_path):
    whole, rare = tmp_path / "whole", tmp_path / "rare"
    for folder, interval in ((whole, 1), (rare, 5)):
        folder.mkdir()
        continued(einthoven, shared, folder, "optimization.max_update=0", "optimization.max_epoch=2",
                  "checkpoint.save_interval_updates=0", f"checkpoint.save_interval={interval}", check=True)
    assert_equal_runs(rare, whole)
    assert einthoven(*command(shared, tmp_path, "checkpoint.save_interval=0")).returncode == 2


def test_another_batch_size_within_an_epoch_is_refused(einthoven, shared, tmp_path):
    continued(einthoven, shared, tmp_path, "optimization.max_update=1", check=True)
    done = continued(einthoven, shared, tmp_path, "dataset.batch_size=2")
    assert done.returncode == 3 and "within epoch 1" in done.stderr and "reset_dataloader" in done.stderr
    continued(einthoven, shared, tmp_path, "dataset.batch_size=2", "checkpoint.reset_dataloader=true", check=True)


def test_overrides_of_the_optimizer_have_to_be_known(einthoven, shared, tmp_path, uninterrupted):
    done = continued(einthoven, shared, tmp_path, f"checkpoint.restore_file={uninterrupted}/ckpt/checkpoint_last",
                     "checkpoint.optimizer_overrides=\"{'nosuch':3}\"")
    assert done.returncode == 2 and "the optimizer has no nosuch" in done.stderr
