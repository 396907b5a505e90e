"""`einthoven recipes` and the configuration of runs: what is documented is what the program has."""

import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECIPES = sorted(path.stem for path in (ROOT / "recipes").rglob("*.yaml") if not path.is_symlink())


def test_list_names_every_recipe(einthoven):
    listed = einthoven("recipes", check=True).stdout
    assert [name for name in RECIPES if f"{name} " not in listed] == []
    assert len(set(RECIPES)) == len(RECIPES) >= 15


def test_one_recipe_is_printed_as_it_is(einthoven):
    path = ROOT / "recipes/w2v_cmsc/config/pretraining/w2v_cmsc_rlm.yaml"
    assert einthoven("recipes", "--show", "w2v_cmsc_rlm", check=True).stdout == path.read_text()
    done = einthoven("recipes", "--show", "w2v_cmcs_rlm")
    assert done.returncode == 2 and "w2v_cmsc_rlm" in done.stderr


def test_documented_keys_are_those_of_the_program(einthoven):
    keys = einthoven("recipes", "--keys", check=True).stdout
    assert (ROOT / "docs/config.md").read_text() == keys, \
        "write it anew: einthoven recipes --keys > docs/config.md"


def test_help_of_train_lists_every_key(einthoven):
    text = einthoven("train", "--help", check=True).stdout
    for key in ("dataset.batch_size", "optimization.update_freq", "checkpoint.patience",
                "model.mask_prob", "task.mask_leads_prob", "criterion.loss_weights",
                "optimizer.adam_betas", "lr_scheduler.phase_ratio"):
        assert f"  {key} " in text


@pytest.mark.parametrize("name", [name for name in RECIPES if name != "infer"])
def test_recipes_ask_only_for_what_the_user_must_give(einthoven, name, tmp_path):
    """Every recipe resolves up to its mandatory values; nothing in it is unknown or of wrong type."""
    done = einthoven("train", "--config-name", name, f"checkpoint.save_dir={tmp_path}")
    assert done.returncode == 2, done.stderr
    faults = [line for line in done.stderr.splitlines() if "task.data" in line]
    assert faults and "must be given" in faults[0]
    assert "unknown" not in done.stderr and "want " not in done.stderr


def test_faults_name_key_place_and_nearest_key(einthoven, tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "dataset:\n  bach_size: 4\ntask:\n  _name: ecg_pretraining\n  data: ???\n")
    done = einthoven("train", "--config-dir", tmp_path, "--config-name", "mine",
                     "model=wav2vec2_cmcs", "optimization.lr=fast", "common.sed=3")
    assert done.returncode == 2
    for text in ("mine.yaml:2: dataset.bach_size: unknown key (did you mean \"batch_size\"?)",
                 "mine.yaml:5: task.data: missing", "did you mean \"wav2vec2_cmsc\"?",
                 "command line: optimization.lr: ", "command line: common.sed: unknown key"):
        assert text in done.stderr
