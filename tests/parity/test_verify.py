"""`einthoven verify` on the recorded fixtures of fairseq-signals."""

import pathlib
import shutil
import tarfile

import numpy as np
import pytest

FIXTURES = [
    "a_w2v_cmsc", "a_w2v_cmsc_legacy", "b_classifier", "c_arcface", "d_3kg", "d_cmsc", "d_simclr",
    "trace_w2v_cmsc", "trace_classifier", "trace_classifier_tristage",
]

# Ours, recorded by record_fixtures.py: options that the fixtures above do not touch.
TINY = [
    "noquant", "everywhere", "layer_norm", "weights", "input", "3kg", "classifier", "arcface",
    "trace", "trace_step",
]


@pytest.mark.parametrize("name", FIXTURES)
def test_every_recorded_tensor_is_reproduced(einthoven, shared, name):
    result = einthoven("verify", shared / "fixtures" / "fairseq" / name, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "FAIL" not in result.stdout


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    data = pathlib.Path(__file__).resolve().parent.parent / "data"
    with tarfile.open(data / "fairseq_tiny.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.mark.parametrize("name", TINY)
def test_other_options_are_reproduced(einthoven, tiny, name):
    result = einthoven("verify", tiny / f"tiny_{name}", "--failures-only", check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_tiny_fixture_is_tested(tiny):
    assert {path.name for path in tiny.iterdir()} == {f"tiny_{name}" for name in TINY}


@pytest.mark.parametrize("name, draw", [("noquant", "rng_dropout"), ("trace", "step_03_dropout")])
def test_a_draw_that_nothing_replays_is_a_failure(einthoven, tiny, tmp_path, name, draw):
    folder = tmp_path / name
    shutil.copytree(tiny / f"tiny_{name}", folder)
    np.save(folder / f"{draw}.npy", np.zeros(3, np.float32))
    result = einthoven("verify", folder, "--failures-only", check=False)
    assert result.returncode == 1
    assert [line.split()[0] for line in result.stdout.splitlines() if "FAIL" in line] == [draw]


def test_a_trace_that_expects_nothing_is_a_failure(einthoven, tiny, tmp_path):
    folder = tmp_path / "trace"
    shutil.copytree(tiny / "tiny_trace", folder)
    for name in ("loss.npy", "sample_size.npy", "gnorm.npy", "lr.npy", "final.pt"):
        (folder / name).unlink()
    result = einthoven("verify", folder, check=False)
    assert result.returncode == 1 and "no expected tensors" in result.stdout


def test_a_broken_fixture_is_a_failure_and_the_others_run(einthoven, tiny, tmp_path):
    for name in ("arcface", "classifier", "noquant"):
        shutil.copytree(tiny / f"tiny_{name}", tmp_path / name)
    for path in (tmp_path / "arcface").glob("in_source*"):
        path.unlink()
    (tmp_path / "classifier/config.json").write_text("{]")
    result = einthoven("verify", tmp_path, "--failures-only", check=False)
    assert result.returncode == 1 and "in_source_T66: no such input" in result.stdout
    assert "config.json: JSON" in result.stdout and "classifier: 0 of 1 ok" in result.stdout
    name, good, _, total, _ = result.stdout.splitlines()[-1].split()
    assert name == "noquant:" and good == total


def test_draws_may_be_named_for_their_mode_and_kept_as_applied(einthoven, tiny, tmp_path):
    folder = tmp_path / "noquant"
    shutil.copytree(tiny / "tiny_noquant", folder)
    channels = np.load(folder / "rng_mask_channel_indices.npy")
    tokens = np.load(folder / "rng_mask_indices.npy").shape[1]
    repeated = np.repeat(channels[:, None, :], tokens, 1)
    (folder / "rng_mask_channel_indices.npy").unlink()
    for mode in ("eval", "train0"):
        np.save(folder / f"rng_mask_channel_indices_{mode}.npy", repeated)
    assert einthoven("verify", folder, check=False).returncode == 0


def test_a_count_that_rounding_does_not_decide_must_agree(einthoven, tiny, tmp_path):
    folder = tmp_path / "noquant"
    shutil.copytree(tiny / "tiny_noquant", folder)
    name = folder / "out_pre_eval_log_correct.npy"
    np.save(name, np.load(name) + 1)
    assert einthoven("verify", folder, check=False).returncode == 1


def copy_of(shared, tmp_path, name):
    folder = tmp_path / name
    shutil.copytree(shared / "fixtures" / "fairseq" / name, folder)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o755)
    return folder


def test_dump_holds_the_expected_names(einthoven, shared, tmp_path):
    fixture = shared / "fixtures" / "fairseq" / "b_classifier"
    einthoven("verify", fixture, "--dump", tmp_path / "ours", check=True)
    for path in fixture.rglob("*.npy"):
        name = path.relative_to(fixture)
        if str(name).startswith(("in_", "rng_")):
            continue
        ours, theirs = np.load(tmp_path / "ours" / name), np.load(path)
        assert ours.shape == theirs.shape and ours.dtype == theirs.dtype, name


def test_a_changed_tensor_fails_and_is_named(einthoven, shared, tmp_path):
    folder = copy_of(shared, tmp_path, "b_classifier")
    logits = np.load(folder / "out_logits_T777.npy")
    logits[1, 3] += 1e-3
    np.save(folder / "out_logits_T777.npy", logits)
    result = einthoven("verify", folder, "--failures-only", check=False)
    assert result.returncode == 1
    failing = [line for line in result.stdout.splitlines() if "FAIL" in line]
    assert len(failing) == 1 and "out_logits_T777" in failing[0]


def test_a_loose_tolerance_accepts_it(einthoven, shared, tmp_path):
    folder = copy_of(shared, tmp_path, "b_classifier")
    logits = np.load(folder / "out_logits_T777.npy")
    np.save(folder / "out_logits_T777.npy", logits + 1e-3)
    assert einthoven("verify", folder, "--tolerance", "1e-2", check=False).returncode == 0


def test_a_tensor_that_is_not_known_is_not_passed_over(einthoven, shared, tmp_path):
    folder = copy_of(shared, tmp_path, "c_arcface")
    np.save(folder / "out_something_else.npy", np.zeros(3, np.float32))
    result = einthoven("verify", folder, check=False)
    assert result.returncode == 1
    assert "out_something_else" in result.stdout and "not computed" in result.stdout


def test_a_folder_without_fixtures_is_a_usage_error(einthoven, tmp_path):
    assert einthoven("verify", tmp_path, check=False).returncode == 2
