"""`einthoven evaluate`: the recorded runs of fairseq-hydra-validate and fairseq-hydra-inference."""

import json
import pickle

import numpy as np
import pytest
import training


def read_raw(path):
    """As MemmapReader of fairseq-signals: raw values, shape and type in a pickle beside."""
    header = pickle.loads(path.with_name(path.stem + "_header.pkl").read_bytes())
    return np.fromfile(path, dtype=header["dtype"]).reshape(header["shape"])


@pytest.fixture(scope="module")
def fixture(shared):
    return shared / "fixtures/fairseq"


@pytest.fixture(scope="module")
def manifests(fixture, tmp_path_factory):
    return training.copy_manifests(fixture / "data/man", tmp_path_factory.mktemp("man"),
                                   fixture / "data/proc/segmented")


def reference_command(fixture, manifests, results, *more):
    """The documented command (fixture run_validate), paths aside."""
    return ["evaluate", "--config-dir", "examples/scratch/ecg_classification", "--config-name",
            "infer", f"task.data={manifests}", "task.path_dataset=false",
            "task.load_specific_lead=false", "task.enable_padding_leads=false",
            f"common_eval.path={fixture / 'run_finetune/ckpt/checkpoint_best.pt'}",
            "common_eval.model_overrides=\"{'model_path':'/nowhere/pretrained.pt'}\"",
            f"++common_eval.results_path={results}", "dataset.batch_size=4",
            "dataset.num_workers=0", "++distributed_training.distributed_world_size=1",
            f"++task.label_file={fixture / 'data/proc/labels/y.npy'}", "--bootstrap", "20", *more]


@pytest.fixture(scope="module")
def validated(einthoven, fixture, manifests, tmp_path_factory):
    results = tmp_path_factory.mktemp("results")
    done = einthoven(*reference_command(
        fixture, manifests, results, "dataset.valid_subset='valid,test'",
        "++common_eval.extract=[output,encoder_out,saliency]", "--format", "json",
        f"criterion.weights_file={fixture.parents[1] / 'data/labels/cinc2021/weights.csv'}"),
        check=True)
    return results, json.loads(done.stdout)["subsets"]


@pytest.mark.parametrize("subset", ["valid", "test"])
@pytest.mark.parametrize("name", ["outputs", "targets", "encoder_out", "saliency"])
def test_extracted_files_are_those_of_the_reference(validated, fixture, subset, name):
    results, _ = validated
    file = f"{name}_{subset}"
    want = fixture / "run_validate" / f"{file}.npy"
    assert ((results / f"{file}_header.pkl").read_bytes()
            == want.with_name(f"{file}_header.pkl").read_bytes())
    np.testing.assert_allclose(read_raw(results / f"{file}.npy"), read_raw(want), atol=1e-5)


@pytest.mark.parametrize("subset", ["valid", "test"])
def test_figures_are_those_of_the_reference(validated, fixture, subset):
    _, subsets = validated
    got = next(entry for entry in subsets if entry["subset"] == subset)
    log = (fixture / "run_validate/stdout.log").read_text().splitlines()
    line = next(line for line in log if f'"{subset}_loss"' in line)
    want = json.loads(line[line.index("{"):])
    assert got["rows"] == int(want[f"{subset}_nsignals"])
    for name in ("loss", "accuracy", "em_accuracy", "precision", "recall", "cinc_score"):
        assert got["stats"][name] == pytest.approx(float(want[f"{subset}_{name}"]), abs=1e-3)
    for name in ("auroc", "auprc"):
        value = got["overall"][f"{name}_micro"]
        assert value["estimate"] == pytest.approx(float(want[f"{subset}_{name}"]), abs=1e-5)
        assert value["low"] <= value["estimate"] <= value["high"]
    assert len(got["labels"]) == 26


def test_inference_without_labels(einthoven, fixture, manifests, tmp_path):
    einthoven(*reference_command(fixture, manifests, tmp_path, "dataset.valid_subset=test",
                                 "--no-labels", "--extract", "output,embedding,attn_max",
                                 "--arrays"), check=True)
    want = read_raw(fixture / "run_inference/outputs_test.npy")
    np.testing.assert_allclose(read_raw(tmp_path / "outputs_test.npy"), want, atol=1e-5)
    np.testing.assert_array_equal(np.load(tmp_path / "outputs_test_array.npy"),
                                  read_raw(tmp_path / "outputs_test.npy"))
    assert not (tmp_path / "targets_test.npy").exists()
    hidden = read_raw(fixture / "run_validate/encoder_out_test.npy")
    np.testing.assert_allclose(np.load(tmp_path / "emb_test.npy"),
                               hidden.sum(1) / (hidden != 0).sum(1), atol=1e-5)
    attention = read_raw(fixture / "run_validate/saliency_test.npy")
    np.testing.assert_allclose(np.load(tmp_path / "attn_max_test.npy"),
                               attention[:, -1].max(axis=2), atol=1e-5)


def test_options_alone_use_the_checkpoints_own_task(einthoven, fixture, manifests, validated):
    done = einthoven("evaluate", "--checkpoint",
                     fixture / "run_finetune/ckpt/checkpoint_best.pt", "--data", manifests,
                     "--subset", "valid", "--batch-size", 3, "--bootstrap", 20, "--format", "json",
                     f"task.label_file={fixture / 'data/proc/labels/y.npy'}", check=True)
    assert "using the official weights" in done.stderr
    got = json.loads(done.stdout)["subsets"][0]
    want = validated[1][0]
    for name in ("loss", "cinc_score"):
        assert got["stats"][name] == pytest.approx(want["stats"][name], abs=1e-5)


def test_identification_reports_rank_one_accuracy(einthoven, fixture, tmp_path):
    data = training.copy_manifests(fixture / "data/id_man/identify", tmp_path,
                                   fixture / "data/old")
    done = einthoven("evaluate", "--checkpoint", fixture / "c_arcface/checkpoint.pt", "--data",
                     data, "--subset", "valid", "--batch-size", 4, "--format", "json", check=True)
    stats = json.loads(done.stdout)["subsets"][0]["stats"]
    assert 0 <= stats["accuracy"] <= 1


def test_mistakes_are_named(einthoven, fixture, manifests, tmp_path):
    model = fixture / "run_finetune/ckpt/checkpoint_best.pt"
    done = einthoven("evaluate", "--data", manifests)
    assert done.returncode == 2 and "--checkpoint" in done.stderr
    done = einthoven("evaluate", "--checkpoint", model, "--data", manifests, "--extract", "output")
    assert done.returncode == 2 and "results_path" in done.stderr
    done = einthoven("evaluate", "--checkpoint", model, "--data", manifests, "--extract", "outptu",
                     "--results-path", tmp_path)
    assert done.returncode == 2 and "did you mean" in done.stderr
    done = einthoven("evaluate", "--checkpoint", model, "--data", manifests, "--subset", "absent")
    assert done.returncode in (3, 4) and "absent.tsv" in done.stderr


@pytest.mark.parametrize("overrides", ["[1]", "'{a'"])
def test_model_overrides_must_be_a_dict(einthoven, fixture, manifests, tmp_path, overrides):
    done = einthoven(*reference_command(fixture, manifests, tmp_path, f'common_eval.model_overrides="{overrides}"'))
    assert done.returncode == 2 and "common_eval.model_overrides: want a Python dict" in done.stderr
