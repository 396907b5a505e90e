"""Training in half precision and bfloat16 follows float32, resumes exactly, and says when it cannot."""

import pytest
import torch
import training

UPDATES = 12
PRECISIONS = {
    "fp16": ["common.fp16=true"],
    "fp16 without master weights": ["common.fp16=true", "++common.memory_efficient_fp16=true"],
    "bf16": ["++common.bf16=true"],
}


def command(shared, folder, *more):
    folder.mkdir(exist_ok=True)
    data = training.pretraining_data(shared, folder)
    return [*training.pretraining_command(
        data, f"hydra.run.dir={folder}", f"optimization.max_update={UPDATES}",
        "optimization.lr=[1e-3]", "checkpoint.save_interval_updates=4", "common.log_format=none",
        *more), "--threads", "1"]


def losses(folder):
    return [record["loss"] for record in training.read_log(folder / "log.jsonl", "train_inner")]


@pytest.fixture(scope="module")
def full(einthoven, shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("full")
    einthoven(*command(shared, folder), check=True)
    return folder


@pytest.mark.parametrize("name", PRECISIONS)
def test_the_curve_of_float32_is_followed(einthoven, shared, tmp_path, full, name):
    """Within 2 % of each loss: 8 (bf16) or 11 (fp16) bits of mantissa in some fifty layers' sums."""
    einthoven(*command(shared, tmp_path, *PRECISIONS[name]), check=True)
    got, want = losses(tmp_path), losses(full)
    assert len(got) == len(want) == UPDATES
    assert got == pytest.approx(want, rel=0.02)
    assert got != want
    assert want[-1] < 0.9 * want[0]


@pytest.mark.parametrize("name", PRECISIONS)
def test_an_interrupted_run_goes_on_bit_for_bit(einthoven, shared, tmp_path, name):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    more = [*PRECISIONS[name], "++common.fp16_init_scale=1048576", "++common.fp16_scale_window=3"]
    einthoven(*command(shared, whole, *more), check=True)
    einthoven(*command(shared, parts, *more, "optimization.max_update=4",
                       "dataset.disable_validation=true"), check=True)
    einthoven(*command(shared, parts, *more), check=True)
    assert losses(parts) == losses(whole)
    for run in (parts, whole):
        scales = [record.get("loss_scale") for record in
                  training.read_log(run / "log.jsonl", "train_inner")]
        assert (len(set(scales)) > 1) == ("fp16" in name), scales
    last = "ckpt/checkpoint_last"
    assert training.weights(parts / last) == training.weights(whole / last)


def test_overflows_are_skipped_and_not_counted(einthoven, shared, tmp_path):
    done = einthoven(*command(shared, tmp_path, "common.fp16=true",
                              "++common.fp16_init_scale=1099511627776"), check=True)
    assert "update 0: gradient overflow, skipped; the loss scale is now 549755813888" in done.stderr
    inner = training.read_log(tmp_path / "log.jsonl", "train_inner")
    assert [record["num_updates"] for record in inner] == list(range(1, UPDATES + 1))
    assert inner[0]["loss_scale"] < 2**40


def test_the_smallest_loss_scale_ends_the_run(einthoven, shared, tmp_path):
    done = einthoven(*command(shared, tmp_path, "common.fp16=true",
                              "++common.fp16_init_scale=1099511627776",
                              "++common.min_loss_scale=274877906944"))
    assert done.returncode == 3
    assert "update 0: gradient: overflows at loss scale 549755813888" in done.stderr
    assert "common.min_loss_scale" in done.stderr


@pytest.mark.parametrize("overrides, message", [
    (["common.fp16=true", "++common.bf16=true"], "common.fp16, common.bf16: want one of them"),
    (["++common.memory_efficient_fp16=true"], "common.memory_efficient_fp16: needs common.fp16=true"),
    (["common.fp16=true", "++common.fp16_scale_window=0"], "common.fp16_scale_window: want int? of 1 or more"),
])
def test_what_does_not_fit_is_refused(einthoven, shared, tmp_path, overrides, message):
    done = einthoven(*command(shared, tmp_path, *overrides))
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize("name, optimizer, flat", [
    ("fp16", "FP16Optimizer", True),
    ("fp16 without master weights", "MemoryEfficientFP16Optimizer", False)])
def test_files_of_the_reference_hold_the_state_as_it_writes_it(einthoven, shared, tmp_path, name,
                                                              optimizer, flat):
    more = [*PRECISIONS[name], "++checkpoint.format=reference", "optimization.max_update=4"]
    einthoven(*command(shared, tmp_path, *more), check=True)
    saved = torch.load(tmp_path / "ckpt/checkpoint_last.pt", weights_only=False)
    state = saved["last_optimizer_state"]
    trained = sum(tensor.numel() for tensor in saved["model"].values())
    assert state["loss_scale"] == 128.0
    assert saved["optimizer_history"][-1]["optimizer_name"] == optimizer
    assert all(tensor.dtype == torch.float32 for tensor in saved["model"].values())
    if flat:
        assert list(state["state"]) == [0] and state["param_groups"][0]["params"] == [0]
        assert state["state"][0]["exp_avg"].shape == (trained,)
        assert state["state"][0]["exp_avg"].dtype == torch.float32
    else:
        assert len(state["param_groups"][0]["params"]) == len(saved["model"])
    assert state["param_groups"][0]["betas"] == (0.9, 0.98)
    # Without our own keys, as the reference writes it, the run goes on.
    del saved["extra_state"]["einthoven"]
    torch.save(saved, tmp_path / "ckpt/checkpoint_last.pt")
    done = einthoven(*command(shared, tmp_path, *more, "optimization.max_update=6"), check=True)
    assert "continues from" in done.stderr
    assert losses(tmp_path)[-1] < losses(tmp_path)[0]


def test_checkpointed_activations_change_no_bit(einthoven, shared, tmp_path, full):
    einthoven(*command(shared, tmp_path, "+model.checkpoint_activations=true"), check=True)
    assert losses(tmp_path) == losses(full)
    last = "ckpt/checkpoint_last"
    assert training.weights(tmp_path / last) == training.weights(full / last)


def test_deterministic_kernels_give_the_same_run_on_the_cpu(einthoven, shared, tmp_path, full):
    einthoven(*command(shared, tmp_path, "++common.deterministic=true"), check=True)
    assert losses(tmp_path) == losses(full)
