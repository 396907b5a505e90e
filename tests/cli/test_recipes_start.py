"""Every recipe takes three steps on small data (sizes of the model made small, nothing else)."""

import csv
import json
import pathlib
import tempfile

import numpy as np
import pytest
import scipy.io

from ecg_corpora import write_challenge_corpus

ROOT = pathlib.Path(__file__).resolve().parents[2]
SMALL = ["++model.encoder_embed_dim=32", "++model.encoder_layers=2", "++model.encoder_ffn_embed_dim=64",
         "++model.encoder_attention_heads=4", "++model.conv_pos=16", "dataset.batch_size=4",
         "dataset.num_workers=1", "distributed_training.distributed_world_size=1",
         "++optimization.max_update=3", "++optimization.update_freq=[1]", "common.log_interval=1"]
PAIRS = ["w2v_cmsc", "w2v_cmsc_rlm", "w2v_cmsc_rlm_small", "w2v_cmsc_augs", "cmsc", "cmsc_rlm", "ecg_fm_pretraining"]
SEGMENTS = ["w2v", "w2v_rlm", "w2v_augs", "3kg", "simclr_augs", "simclr_rlm"]
FINETUNING = {"w2v_cmsc": "w2v_cmsc/config/finetuning/ecg_transformer", "w2v": "wav2vec2/config/finetuning",
              "cmsc": "cmsc/config/finetuning/ecg_transformer", "3kg": "3kg/config/finetuning/ecg_transformer",
              "simclr_rlm": "simclr/config/finetuning/ecg_transformer"}


@pytest.fixture(scope="module")
def corpus(einthoven, tmp_path_factory):
    """Manifests of a small corpus, and a function that runs a recipe on them."""
    folder = tmp_path_factory.mktemp("recipes")
    write_challenge_corpus(folder / "raw", 24)
    store = folder / "s.ecgstore"
    einthoven("preprocess", "physionet2021", folder / "raw", "--dest", store, check=True)
    einthoven("manifest", "split", store, "--dest", folder / "m", "--fractions", "0.5,0.25,0.25", check=True)
    einthoven("manifest", "clocs", folder / "m", "--dest", folder / "m", check=True)
    einthoven("manifest", "identification", store, "--dest", folder / "id", check=True)
    einthoven("labels", "build", store, "--dest", folder / "labels", check=True)
    return folder


def read_losses(save_dir):
    with open(save_dir / "train_inner.csv") as file:
        return [float(row["loss"]) for row in csv.DictReader(file)]


def start(einthoven, corpus, recipe, *overrides):
    save = pathlib.Path(tempfile.mkdtemp(prefix=recipe, dir=corpus))
    einthoven("train", "--config-name", recipe, *overrides, *SMALL, f"checkpoint.save_dir={save}", check=True)
    losses = read_losses(save)
    assert len(losses) == 3 and all(0 < loss < 1000 for loss in losses)
    return save / "checkpoint_last"


def labels(corpus):
    count = len((corpus / "labels/label_def.csv").read_text().splitlines()) - 1
    return [f"model.num_labels={count}", f"+task.label_file={corpus}/labels/y.npy"]


@pytest.mark.parametrize("recipe", PAIRS + SEGMENTS)
def test_pretraining(einthoven, corpus, recipe):
    checkpoint = start(einthoven, corpus, recipe,
                       f"task.data={corpus}/m" + ("/cmsc" if recipe in PAIRS else ""))
    assert (checkpoint / "model.safetensors").stat().st_size > 100_000


@pytest.mark.parametrize("pretraining", FINETUNING)
def test_finetuning_of_each_family(einthoven, corpus, pretraining):
    pairs = "/cmsc" if pretraining in PAIRS else ""
    checkpoint = start(einthoven, corpus, pretraining, f"task.data={corpus}/m{pairs}",
                       "checkpoint.no_save_optimizer_state=true")
    configuration = ["--config-dir", ROOT / "recipes" / FINETUNING[pretraining]]
    start(einthoven, corpus, "diagnosis", *map(str, configuration), f"task.data={corpus}/m",
          f"model.model_path={checkpoint}", "criterion.weights_file=null", *labels(corpus))
    start(einthoven, corpus, "identification", *map(str, configuration), f"task.data={corpus}/id",
          f"model.model_path={checkpoint}", "model.num_labels=24")


def test_ecg_fm_finetuning_as_its_readme_has_it(einthoven, corpus):
    checkpoint = start(einthoven, corpus, "ecg_fm_pretraining", f"task.data={corpus}/m/cmsc",
                       "dataset.valid_subset=valid", "dataset.disable_validation=false")
    count = int(labels(corpus)[0].split("=")[1])
    start(einthoven, corpus, "ecg_fm_finetuning", f"task.data={corpus}/m", f"model.model_path={checkpoint}",
          *labels(corpus), f"+criterion.pos_weight=[{','.join(['2.5'] * count)}]")


def test_from_scratch(einthoven, corpus):
    start(einthoven, corpus, "diagnosis_physionet2021", f"task.data={corpus}/m", "criterion.weights_file=null",
          *labels(corpus))
    start(einthoven, corpus, "identification_scratch", f"task.data={corpus}/id", "model.num_labels=24")


def test_recordings_named_by_mat_files(einthoven, corpus):
    """task.path_dataset: the .mat files hold a WFDB path, the signals are read while training; with drift removed."""
    folder = corpus / "paths"
    folder.mkdir()
    headers = sorted((corpus / "raw").rglob("*.hea"))
    rows = []
    for i, header in enumerate(headers):
        samples = header.read_text().split()[3]
        scipy.io.savemat(folder / f"{i}.mat", {"ecg_path": str(header.with_suffix("")), "label": [[i % 2, 1, 0]],
                                               "lead": [[0, 1, 6]]})
        rows.append(f"{i}.mat\t{samples}")
    for subset in ("train", "valid", "test"):
        (folder / f"{subset}.tsv").write_text("\n".join([str(folder), *rows]) + "\n")
    losses = {}
    for cleaned in ("false", "true"):
        checkpoint = start(einthoven, corpus, "multi_label_cls_path_dataset", f"task.data={folder}", "model.num_labels=3",
                    f"++task.filter={cleaned}", "dataset.valid_subset=valid", "dataset.leakage_check=off")
        losses[cleaned] = read_losses(checkpoint.parent)
    assert losses["true"] != losses["false"]


def test_grounding_of_questions(einthoven, corpus, tmp_path):
    """Files as `einthoven questions ground` writes them: every signal lists labels of some heads, of some leads."""
    headers = sorted((corpus / "raw").rglob("*.hea"))
    for subset, part in {"train": headers[:16], "valid": headers[16:20], "test": headers[20:]}.items():
        (tmp_path / subset).mkdir()
        rows = []
        for i, header in enumerate(part):
            heads = [[i % 5], [0, 3], [4, 1, 2]][i % 3]
            scipy.io.savemat(tmp_path / subset / f"{i}_6.mat", {
                "ecg_path": str(header.with_suffix("")), "lead": [[6]], "target_idx": [heads],
                "label": [[(i + head) % 2 for head in heads]], "attribute_id": [heads]})
            rows.append(f"{i}_6.mat\t{header.read_text().split()[3]}")
        (tmp_path / f"{subset}.tsv").write_text("\n".join([str(tmp_path / subset), *rows]) + "\n")
    pretrained = start(einthoven, corpus, "w2v_cmsc_rlm", f"task.data={corpus}/m/cmsc")
    checkpoint = start(einthoven, corpus, "base_total", f"task.data={tmp_path}", f"model.model_path={pretrained}",
                       "model.num_labels=5", "dataset.validate_interval=1")
    log = [json.loads(line) for line in (checkpoint.parent / "log.jsonl").read_text().splitlines()]
    valid = [record for record in log if record["tag"] == "valid"][-1]
    assert 0 <= valid["accuracy"] <= 1 and {"auroc", "attribute_id_0_accuracy"} <= set(valid)
    einthoven("evaluate", "--checkpoint", checkpoint, "--data", tmp_path, "--subset", "test", "--extract", "output",
              "--results-path", tmp_path / "out", check=True)
    targets = np.fromfile(tmp_path / "out/targets_test.npy", "<f4").reshape(4, 5)
    asked = [[0], [0, 3], [1, 2, 4], [3]]
    assert [np.flatnonzero(~np.isnan(row)).tolist() for row in targets] == asked
