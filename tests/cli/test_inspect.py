"""einthoven inspect: what a file or folder is and holds."""

import json

import numpy as np
import pytest

from ecg_corpora import write_challenge_corpus

FIXTURE = "fixtures/fairseq/a_w2v_cmsc/checkpoint.pt"


@pytest.fixture(scope="module")
def things(einthoven, shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("inspect")
    write_challenge_corpus(folder / "raw", 6)
    store = folder / "s.ecgstore"
    einthoven("preprocess", "physionet2021", folder / "raw", "--dest", store, check=True)
    einthoven("manifest", "split", store, "--dest", folder / "m", "--fractions", "0.5,0.5",
              "--split-labels", "train,valid", check=True)
    einthoven("manifest", "clocs", folder / "m", "--dest", folder / "m", check=True)
    einthoven("convert", shared / FIXTURE, folder / "native", check=True)
    einthoven("convert", shared / FIXTURE, folder / "model.safetensors", check=True)
    return folder


@pytest.mark.parametrize("name,kind,text", [
    ("raw/A/R000.hea", "recording", "12 leads, 500 Hz, 5000 samples"),
    ("raw/A/R000", "recording", "12 leads, 500 Hz, 5000 samples"),
    ("s.ecgstore", "store", "12 segments of 6 recordings"),
    ("m/train.tsv", "manifest", "standard, 6 rows of 2500"),
    ("m/cmsc/train.tsv", "manifest", "cmsc, 3 rows of 2500"),
])
def test_data(einthoven, things, name, kind, text):
    assert text in einthoven("inspect", things / name, check=True).stdout
    assert json.loads(einthoven("inspect", things / name, "--format", "json", check=True).stdout)["kind"] == kind


def test_checkpoints_of_every_form_have_the_same_tensors(einthoven, shared, things):
    found = [json.loads(einthoven("inspect", path, "--format", "json", check=True).stdout)
             for path in (shared / FIXTURE, things / "native", things / "model.safetensors")]
    assert [value["format"] for value in found] == ["reference (zip)", "native", "safetensors"]
    assert [value["model"] for value in found] == ["wav2vec2_cmsc", "wav2vec2_cmsc", ""]
    assert found[0]["parameters"] == found[1]["parameters"] == found[2]["parameters"] > 50_000
    assert found[0]["tensors"] == found[1]["tensors"] == found[2]["tensors"]


@pytest.mark.parametrize("name,parameters", [
    ("w2v_cmsc_rlm", 90_883_072), ("ecg_fm_pretraining", 90_883_072), ("diagnosis_physionet2021", 90_393_242),
])
def test_recipes_by_name(einthoven, name, parameters):
    done = einthoven("inspect", name, check=True)
    assert f", {parameters} parameters" in done.stdout
    path = json.loads(einthoven("inspect", name, "--format", "json", check=True).stdout)
    assert path["kind"] == "recipe" and path["parameters"] == parameters


def test_neither_file_nor_recipe(einthoven):
    done = einthoven("inspect", "w2v_cmsc_rml")
    assert done.returncode == 4 and "there is no such file" in done.stderr


def test_wrong_words_are_named(einthoven, tmp_path):
    """Commands and options, also where something else is missing too."""
    for words, complaint, page in (
            (["infr", "x"], 'unknown command "infr" (did you mean "infer"?)', "einthoven --help"),
            (["--foo"], "unknown option --foo", "einthoven --help"),
            (["infer", "--foo", "x"], "unknown option --foo", "einthoven infer --help"),
            (["manifest", "splt", "x"], 'unknown command "splt" (did you mean "split"?)', "einthoven manifest --help"),
            (["store"], "subcommand is required", "einthoven store --help")):
        done = einthoven(*words)
        assert done.returncode == 2 and complaint in done.stderr and f"see {page}" in done.stderr, done.stderr


def test_the_other_form_of_a_checkpoint_is_found(einthoven, shared, tmp_path):
    einthoven("convert", shared / FIXTURE, tmp_path / "ours", check=True)
    assert einthoven("inspect", tmp_path / "ours.pt", check=True).stdout == einthoven(
        "inspect", tmp_path / "ours", check=True).stdout
    einthoven("convert", tmp_path / "ours.pt", tmp_path / "again.pt", check=True)
    done = einthoven("inspect", tmp_path)
    assert done.returncode == 4 and "neither a store nor a checkpoint" in done.stderr


def test_integer_arrays_with_a_gain(einthoven, tmp_path):
    np.save(tmp_path / "x.npy", np.arange(24, dtype=np.int16).reshape(2, 12))
    options = ["--rate", 100, "--lead-names", "I,II"]
    assert "--gain" in einthoven("inspect", tmp_path / "x.npy", *options).stderr
    done = einthoven("inspect", tmp_path / "x.npy", *options, "--gain", 10, "--format", "json", check=True)
    assert json.loads(done.stdout)["leads"][1]["max_mv"] == pytest.approx(2.3)
