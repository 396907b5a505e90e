"""Several processes train as one does with as many batches an update."""

import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import time

import json
import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import training  # noqa: E402
from conftest import ROOT, program_path  # noqa: E402

ENVIRONMENT = {"OMP_NUM_THREADS": "1"}
PAIR = ["launch", "--nproc", "2"]
NO_DROPOUT = [f"++model.{key}=0" for key in (
    "dropout", "attention_dropout", "activation_dropout", "dropout_input", "dropout_features",
    "encoder_layerdrop")]


def command(shared, folder, *more):
    """12 signals as 10 pairs: 3 batches an epoch, so that the second process runs out of them."""
    folder.mkdir(exist_ok=True)
    data = training.pretraining_data(shared, folder)
    return [*training.pretraining_command(
        data, f"hydra.run.dir={folder}", "optimization.max_update=6", "checkpoint.save_interval=1",
        "common.log_format=none", *more), "--threads", "1"]


def floats(path):
    """name -> values of the float32 tensors of a safetensors file."""
    data = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            tensors[name] = struct.unpack(f"<{(end - begin) // 4}f",
                                          data[8 + size + begin:8 + size + end])
    return tensors


def assert_close_runs(folder, other, tolerance=1e-5):
    mine, theirs = (training.read_log(run / "log.jsonl") for run in (folder, other))
    assert len(mine) == len(theirs) > 0
    for one, two in zip(mine, theirs):
        assert one.keys() == two.keys()
        for key, value in one.items():
            if isinstance(value, float):
                assert two[key] == pytest.approx(value, rel=tolerance, abs=tolerance, nan_ok=True), key
            else:
                assert two[key] == value, key
    last = "ckpt/checkpoint_last/model.safetensors"
    got, want = floats(folder / last), floats(other / last)
    assert got.keys() == want.keys()
    for name in want:
        assert got[name] == pytest.approx(want[name], abs=2e-5), name


@pytest.fixture(scope="module")
def one(einthoven, shared, tmp_path_factory):
    """One process that takes two batches an update."""
    folder = tmp_path_factory.mktemp("one")
    einthoven(*command(shared, folder, "optimization.update_freq=[2]"), check=True, env=ENVIRONMENT)
    return folder


def test_two_processes_equal_one_with_two_batches(einthoven, shared, tmp_path, one):
    einthoven(*PAIR, *command(shared, tmp_path, "optimization.update_freq=[1]"), check=True,
              env=ENVIRONMENT)
    assert_close_runs(tmp_path, one)


def test_a_run_goes_on_with_another_number_of_processes(einthoven, shared, tmp_path, one):
    pair = command(shared, tmp_path, "optimization.update_freq=[1]", "optimization.max_update=3",
                   "dataset.disable_validation=true")
    einthoven(*PAIR, *pair, check=True, env=ENVIRONMENT)
    whole = tmp_path / "whole"
    alone = ["optimization.update_freq=[2]", "dataset.disable_validation=true"]
    einthoven(*command(shared, whole, *alone), check=True, env=ENVIRONMENT)
    einthoven(*command(shared, tmp_path, *alone), check=True, env=ENVIRONMENT)
    assert_close_runs(tmp_path, whole)


def contrast(shared, folder, method, batch_size, *more):
    """CMSC of pairs of segments, or SimCLR of segments of which both views are the segment itself."""
    folder.mkdir(exist_ok=True)
    data = training.pretraining_data(shared, folder, method)
    config = {"cmsc": "cmsc", "simclr": "simclr_rlm"}[method]
    views = [] if method == "cmsc" else ["task.p=[0.0]"]
    return ["train", "--config-dir", f"fairseq-signals/examples/{method}/config/pretraining/ecg_transformer",
            "--config-name", config, f"task.data={data}", f"hydra.run.dir={folder}",
            f"dataset.batch_size={batch_size}", "++dataset.required_batch_size_multiple=1",
            "dataset.num_workers=0", "++dataset.curriculum=100", "++dataset.disable_validation=true",
            "++distributed_training.distributed_world_size=1", "++optimization.max_update=6",
            "++optimization.update_freq=[1]", "optimization.lr=[1e-3]", "checkpoint.save_dir=ckpt",
            "++common.log_format=none", "++common.log_interval=1", f"criterion._name={method}",
            *training.SMALL, *NO_DROPOUT, *views, *more, "--threads", "1"]


@pytest.mark.parametrize("method", ["cmsc", "simclr"])
def test_contrast_over_all_processes_is_that_of_the_double_batch(einthoven, shared, tmp_path, method):
    whole, pair, apart = (tmp_path / name for name in ("whole", "pair", "apart"))
    einthoven(*contrast(shared, whole, method, 4), check=True, env=ENVIRONMENT)
    gathered = "++model.all_gather=true"
    einthoven(*PAIR, *contrast(shared, pair, method, 2, gathered), check=True, env=ENVIRONMENT)
    assert_close_runs(pair, whole)
    einthoven(*PAIR, *contrast(shared, apart, method, 2), check=True, env=ENVIRONMENT)
    with pytest.raises(AssertionError):
        assert_close_runs(apart, whole)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_by_hand(*commands):
    """A command for each of two processes, or one for both."""
    port = str(free_port())
    return [subprocess.Popen(
        [str(program_path()), *map(str, commands[rank % len(commands)])], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **ENVIRONMENT, "RANK": str(rank), "WORLD_SIZE": "2",
             "LOCAL_WORLD_SIZE": "2", "MASTER_PORT": port}) for rank in range(2)]


def wait_for(path):
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end, f"{path} does not appear"
        time.sleep(0.02)


def test_a_dead_process_ends_the_run_which_then_goes_on(einthoven, shared, tmp_path, one):
    more = ["optimization.update_freq=[1]", "checkpoint.save_interval_updates=1"]
    first, second = start_by_hand(command(shared, tmp_path, "optimization.max_update=100000", *more))
    wait_for(tmp_path / "ckpt/checkpoint_1_1")
    second.kill()
    second.communicate()
    _, errors = first.communicate(timeout=60)
    assert first.returncode == 5, errors
    assert "einthoven: process 0 of 2: another process has ended or does not answer: " in errors
    assert "continues from the last checkpoint" in errors
    assert "Warning" not in errors and "frame #" not in errors
    processes = start_by_hand(command(shared, tmp_path, "optimization.max_update=100000", *more))
    time.sleep(2)
    for process in processes:
        process.send_signal(signal.SIGTERM)
    out = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], out
    assert "signal" in out[0][0] and not out[1][0]
    assert "continues from" in out[0][1]


def test_launch_passes_signals_on_and_reports_failures(einthoven, shared, tmp_path):
    args = [str(program_path()), *PAIR, *command(shared, tmp_path, "optimization.max_update=100000",
                                                  "checkpoint.save_interval_updates=1")]
    run = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(tmp_path / "ckpt/checkpoint_last")
    run.send_signal(signal.SIGUSR1)
    out, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    assert re.search(r"^ended stopped by a signal", out, re.M)
    broken = einthoven(*PAIR, *command(shared, tmp_path / "new", "task.data=/nowhere"), env=ENVIRONMENT)
    assert broken.returncode not in (0, 70), broken.stderr
    assert einthoven("launch", "--nproc", "0", "train").returncode == 2


def test_processes_have_to_have_one_configuration(shared, tmp_path):
    """One key differs: both end at once and name it, instead of waiting for each other."""
    port = str(free_port())
    runs = []
    for rank, seed in (("0", 3), ("1", 9)):
        place = {"RANK": rank, "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
        args = command(shared, tmp_path, f"common.seed={seed}", f"dataset.num_workers={rank}")
        runs.append(subprocess.Popen([program_path(), *args], stderr=subprocess.PIPE, text=True,
                                     env={**os.environ, **ENVIRONMENT, **place}))
    for run in runs:
        errors = run.communicate(timeout=60)[1]
        assert run.returncode == 2, errors
        assert "process 1 has another configuration than the first: common.seed (3, here 9)" in errors


def test_launch_is_for_what_works_in_several_processes(einthoven, tmp_path):
    done = einthoven("launch", "--nproc", "2", "simulate", tmp_path / "x")
    assert done.returncode == 2 and "want one of train" in done.stderr and not (tmp_path / "x").exists()


def test_torchrun_starts_the_same_run(shared, tmp_path, one):
    torchrun = ROOT / ".venv/bin/torchrun"
    done = subprocess.run(
        [torchrun, "--no-python", "--nproc-per-node", "2", "--master-port", str(free_port()),
         program_path(), *command(shared, tmp_path, "optimization.update_freq=[1]")],
        capture_output=True, text=True, env={**os.environ, **ENVIRONMENT}, timeout=120)
    assert done.returncode == 0, done.stderr
    assert_close_runs(tmp_path, one)


# ---- Optimizer state spread over the processes


SHARDED = "++distributed_training.zero_sharding=os"


@pytest.mark.parametrize("precision", [[], ["common.fp16=true"]], ids=["fp32", "fp16"])
def test_spread_state_gives_the_same_run_and_files(einthoven, shared, tmp_path, precision):
    whole, spread = tmp_path / "whole", tmp_path / "spread"
    more = ["optimization.update_freq=[1]", *precision]
    einthoven(*PAIR, *command(shared, whole, *more), check=True, env=ENVIRONMENT)
    einthoven(*PAIR, *command(shared, spread, *more, SHARDED), check=True, env=ENVIRONMENT)
    assert_close_runs(spread, whole, tolerance=1e-6)
    for part in ("model.safetensors", "optimizer.safetensors", "state.yaml"):
        files = [run / "ckpt/checkpoint_last" / part for run in (spread, whole)]
        assert files[0].stat().st_size == files[1].stat().st_size or part == "state.yaml"
        if part != "state.yaml":
            assert floats(files[0]) == floats(files[1])


def test_spread_state_goes_on_in_one_process_and_back(einthoven, shared, tmp_path, one):
    updates = lambda count: f"optimization.max_update={count}"  # noqa: E731
    off = "dataset.disable_validation=true"
    pair = ["optimization.update_freq=[1]", off, SHARDED]
    alone = ["optimization.update_freq=[2]", off]
    einthoven(*PAIR, *command(shared, tmp_path, updates(2), *pair), check=True, env=ENVIRONMENT)
    einthoven(*command(shared, tmp_path, updates(4), *alone), check=True, env=ENVIRONMENT)
    einthoven(*PAIR, *command(shared, tmp_path, *pair), check=True, env=ENVIRONMENT)
    whole = tmp_path / "whole"
    einthoven(*command(shared, whole, *alone), check=True, env=ENVIRONMENT)
    assert_close_runs(tmp_path, whole)


def test_gradients_travel_as_half_precision(einthoven, shared, tmp_path, one):
    einthoven(*PAIR, *command(shared, tmp_path, "optimization.update_freq=[1]",
                              "++distributed_training.ddp_comm_hook=fp16",
                              "++distributed_training.broadcast_buffers=true"),
              check=True, env=ENVIRONMENT)
    got, want = (training.read_log(run / "log.jsonl", "train_inner") for run in (tmp_path, one))
    norms = [[record["gnorm"] for record in records] for records in (got, want)]
    assert norms[0] == pytest.approx(norms[1], rel=2e-3)
    last = "ckpt/checkpoint_last"
    assert training.weights(tmp_path / last) != training.weights(one / last)


@pytest.mark.parametrize("more", [[SHARDED], [SHARDED, "common.fp16=true"]], ids=["fp32", "fp16"])
def test_a_dead_process_ends_a_run_with_spread_state(einthoven, shared, tmp_path, more):
    first, second = start_by_hand(command(
        shared, tmp_path, "optimization.max_update=100000", "optimization.update_freq=[1]",
        "checkpoint.save_interval_updates=1", *more))
    wait_for(tmp_path / "ckpt/checkpoint_1_1")
    second.kill()
    second.communicate()
    _, errors = first.communicate(timeout=60)
    assert first.returncode == 5, errors
    assert "another process has ended or does not answer" in errors


# ---- Evaluation and prediction


SIZES = [2, 3, 5]


def assert_same_files(folder, other):
    names = sorted(path.name for path in other.iterdir())
    assert sorted(path.name for path in folder.iterdir()) == names and names
    for name in names:
        assert (folder / name).read_bytes() == (other / name).read_bytes(), name


@pytest.fixture(scope="module")
def classifier(shared, tmp_path_factory):
    """A checkpoint of the reference, manifests of 18, 6 and 6 signals, and their labels."""
    fixture = shared / "fixtures/fairseq"
    data = training.copy_manifests(fixture / "data/man", tmp_path_factory.mktemp("man"),
                                   fixture / "data/proc/segmented")
    return (fixture / "run_finetune/ckpt/checkpoint_best.pt", data,
            fixture / "data/proc/labels/y.npy")


def evaluation(classifier, results, *more):
    """Batches of 4 out of 6 and of 18 signals: neither come out even."""
    checkpoint, data, labels = classifier
    extracted = ["output", "encoder_out", "saliency", "embedding", "attn_max"]
    return ["evaluate", "--checkpoint", checkpoint, "--data", data, "--subset", "train,valid",
            "--batch-size", "4", "--format", "json", "--results-path", results, "--arrays",
            "--bootstrap", "20", "--threads", "1", f"task.label_file={labels}",
            f"++common_eval.extract=[{','.join(extracted)}]", *more]


def test_evaluation_is_the_same_for_any_number_of_processes(einthoven, tmp_path, classifier):
    want = einthoven(*evaluation(classifier, tmp_path / "1"), check=True, env=ENVIRONMENT)
    assert '"auroc' in want.stdout
    for size in SIZES:
        got = einthoven("launch", "--nproc", str(size), *evaluation(classifier, tmp_path / str(size)),
                        check=True, env=ENVIRONMENT)
        assert got.stdout.replace(str(tmp_path / str(size)), str(tmp_path / "1")) == want.stdout
        assert_same_files(tmp_path / str(size), tmp_path / "1")


def test_pretraining_is_evaluated_by_several_processes(einthoven, tmp_path, one):
    args = ["evaluate", "--checkpoint", one / "ckpt/checkpoint_last", "--format", "json",
            "--subset", "train,valid", "--batch-size", "2", "--threads", "1"]
    want = einthoven(*args, check=True, env=ENVIRONMENT)
    got = einthoven("launch", "--nproc", "3", *args, check=True, env=ENVIRONMENT)
    assert got.stdout == want.stdout and '"loss"' in want.stdout


@pytest.mark.parametrize("command", ["infer", "embed"])
def test_tables_are_the_same_for_any_number_of_processes(einthoven, tmp_path, classifier, command):
    checkpoint, data, _ = classifier
    broken = tmp_path / "broken.mat"
    broken.write_bytes(b"nothing")
    args = [command, data / "train.tsv", broken, "--checkpoint", checkpoint, "--format", "csv",
            "--batch-size", "2", "--threads", "1"]
    want = einthoven(*args, check=True, env=ENVIRONMENT)
    assert want.stdout.count("\n") > 3 and "left out" in want.stderr
    for size in SIZES:
        got = einthoven("launch", "--nproc", str(size), *args, check=True, env=ENVIRONMENT)
        assert got.stdout == want.stdout
        assert got.stderr.count("left out") == want.stderr.count("left out")


def test_a_dead_process_ends_an_evaluation(tmp_path, classifier):
    """The second has met the first, then ends: it finds no manifests."""
    good = evaluation(classifier, tmp_path / "out")
    bad = ["/nowhere" if word == classifier[1] else word for word in good]
    first, second = start_by_hand(good, bad)
    assert second.wait(timeout=60) in (2, 3, 4)
    out, errors = first.communicate(timeout=60)
    assert first.returncode == 5, errors
    assert "process 0 of 2: another process has ended or does not answer" in errors and not out
