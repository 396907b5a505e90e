"""`einthoven train`: the documented commands, its logs, and what it refuses."""

import csv

import pytest
import training


@pytest.fixture(scope="module")
def pretrained(einthoven, shared, tmp_path_factory):
    """A run of the pretraining command in its own folder."""
    folder = tmp_path_factory.mktemp("pretrain")
    data = training.pretraining_data(shared, folder)
    done = einthoven(*training.pretraining_command(data, f"hydra.run.dir={folder}"), check=True)
    return folder, done


def test_pretraining_command_of_the_reference(pretrained):
    folder, done = pretrained
    names = {path.name for path in (folder / "ckpt").iterdir()}
    assert names == {"checkpoint2", "checkpoint_best", "checkpoint_last", "config.yaml"}
    inner = training.read_log(folder / "log.jsonl", "train_inner")
    assert [record["num_updates"] for record in inner] == [1, 2, 3, 4, 5, 6]
    assert inner[0]["nsignals"] == 16 and inner[1]["nsignals"] == 2
    assert all(5 < record["loss"] < 20 for record in inner)
    for key in ("loss_0", "loss_1", "loss_2", "loss_3", "prob_perplexity", "code_perplexity",
                "temp", "accuracy", "lr", "gnorm"):
        assert key in inner[0]
    assert len(training.read_log(folder / "log.jsonl", "valid")) == 3
    assert len(training.read_log(folder / "log.jsonl", "train")) == 3
    assert "91,632" in done.stderr
    assert "updates 6" in done.stdout and "best " in done.stdout


def test_tables_have_the_values_of_the_log(pretrained):
    folder, _ = pretrained
    with open(folder / "train_inner.csv") as file:
        rows = list(csv.DictReader(file))
    inner = training.read_log(folder / "log.jsonl", "train_inner")
    assert [float(row["loss"]) for row in rows] == [record["loss"] for record in inner]
    assert [int(row["step"]) for row in rows] == [1, 2, 3, 4, 5, 6]
    assert all(0 <= float(row["load_wall"]) < 60 for row in rows)


def test_tensorboard_reads_the_events(pretrained):
    accumulator = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator")
    folder, _ = pretrained
    events = accumulator.EventAccumulator(str(folder / "tensorboard"))
    events.Reload()
    inner = training.read_log(folder / "log.jsonl", "train_inner")
    scalars = events.Scalars("train_inner/loss")
    assert [event.step for event in scalars] == [1, 2, 3, 4, 5, 6]
    assert [event.value for event in scalars] == pytest.approx(
        [record["loss"] for record in inner])
    assert "valid/loss" in events.Tags()["scalars"]


def test_json_lines_on_the_console_are_those_of_the_reference(pretrained):
    _, done = pretrained
    lines = [line for line in done.stderr.splitlines() if "train_inner | {" in line]
    assert len(lines) == 6
    assert '"epoch":1,"update":0.5,"loss":"' in lines[0]


def finetuning_command(shared, folder, pretrained, *more):
    data = shared / "fixtures/fairseq/data"
    manifests = training.copy_manifests(data / "man", folder / "man", data / "proc/segmented")
    return [
        "train", "--config-dir", "examples/w2v_cmsc/config/finetuning/ecg_transformer",
        "--config-name", "diagnosis", f"task.data={manifests}",
        f"+task.label_file={data}/proc/labels/y.npy",
        f"model.model_path={pretrained}/ckpt/checkpoint_last.pt", "model.num_labels=26",
        "criterion.report_cinc_score=true",
        f"criterion.weights_file={shared}/data/labels/cinc2021/weights.csv",
        "dataset.batch_size=8", "dataset.num_workers=0",
        "distributed_training.distributed_world_size=1", "optimization.max_epoch=2",
        "optimization.lr=[1e-3]", f"checkpoint.save_dir={folder}/ckpt", "common.log_interval=1",
        "common.seed=4", "checkpoint.best_checkpoint_metric=cinc_score",
        "checkpoint.maximize_best_checkpoint_metric=true", "+model.encoder_embed_dim=64",
        *training.SMALL[1:], *more,
    ]


def test_finetuning_from_that_run(einthoven, shared, tmp_path, pretrained):
    done = einthoven(*finetuning_command(shared, tmp_path, pretrained[0]), check=True)
    log = tmp_path / "ckpt/log.jsonl"
    losses = [record["loss"] for record in training.read_log(log, "train_inner")]
    assert len(losses) == 6 and losses[-1] < losses[0]
    for subset in ("valid", "test"):
        records = training.read_log(log, subset)
        assert len(records) == 2
        for key in ("cinc_score", "auroc", "auprc", "f1", "em_accuracy", "best_cinc_score"):
            assert key in records[0]
        best = max(record["cinc_score"] for record in records)
        assert records[-1]["best_cinc_score"] == best
    assert "best " in done.stdout


def test_auroc_may_choose_the_best_checkpoint_and_reference_files_can_be_written(
        einthoven, shared, tmp_path, pretrained):
    einthoven(*finetuning_command(
        shared, tmp_path, pretrained[0], "checkpoint.best_checkpoint_metric=auroc",
        "checkpoint.format=reference", "checkpoint.keep_best_checkpoints=1"), check=True)
    torch = pytest.importorskip("torch")
    state = torch.load(tmp_path / "ckpt/checkpoint_last.pt", weights_only=True)
    assert state["optimizer_history"][-1]["criterion_name"] == (
        "BinaryCrossEntropyWithLogitsCriterion")
    assert state["optimizer_history"][-1]["num_updates"] == 6
    assert state["extra_state"]["train_iterator"]["epoch"] == 3
    best = [path.name for path in (tmp_path / "ckpt").glob("checkpoint.best_auroc_*.pt")]
    assert len(best) == 1


def test_identification(einthoven, shared, tmp_path, pretrained):
    data = shared / "fixtures/fairseq/data"
    manifests = training.copy_manifests(
        data / "id_man/identify", tmp_path / "identify", data / "old")
    einthoven(
        "train", "--config-dir", "examples/w2v_cmsc/config/finetuning/ecg_transformer",
        "--config-name", "identification", f"task.data={manifests}", "model.num_labels=4",
        f"model.model_path={pretrained[0]}/ckpt/checkpoint_last.pt", "dataset.batch_size=4",
        "dataset.num_workers=0", "distributed_training.distributed_world_size=1",
        "optimization.max_epoch=2", "optimization.max_update=100", "common.log_interval=1",
        f"checkpoint.save_dir={tmp_path}/ckpt", "checkpoint.best_checkpoint_metric=accuracy",
        "checkpoint.maximize_best_checkpoint_metric=true", "+model.encoder_embed_dim=64",
        *training.SMALL[1:], check=True)
    records = training.read_log(tmp_path / "ckpt/log.jsonl", "valid")
    assert len(records) == 2
    # Two probes in the fixture: rank-1 accuracy is a multiple of one half.
    assert all(record["accuracy"] in (0, 0.5, 1) and record["loss"] == 0 for record in records)


@pytest.mark.parametrize("override, complaint", [
    ("+model.encoder_layer=2", "encoder_layers"),
    ("dataset.batch_size=many", "dataset.batch_size"),
    ("task.data=???", "task.data"),
    ("optimizer.adam_betas=[0.9]", "adam_betas: want two numbers in [0, 1), got [0.9]"),
    ("optimization.update_freq=[]", "update_freq: want one number or more, got []"),
    ("++common.fp16_scale_window=0", "fp16_scale_window: want int? of 1 or more, got 0"),
    ("++common.log_interval=0", "log_interval: want int of 1 or more, got 0"),
    ("++task.p=[1.5]", "task.p: want list[float] from 0 to 1, got 1.5"),
    ("++model.final_dim=-4", "final_dim: want int of 0 or more, got -4"),
    ("++model.dropout=1.5", "model.dropout: want float from 0 to 1, got 1.5"),
    ("++model.in_d=0", "model.in_d: want int of 1 or more, got 0"),
    ("dataset.batch_size=true", "dataset.batch_size: want int?, got True"),
    ("optimization.max_epoch=-1", "optimization.max_epoch: want int of 0 or more, got -1"),
    ("optimizer=sgd", "command line: optimizer._name"),
    ("checkpoint.save_dir=", "checkpoint.save_dir: want a folder"),
])
def test_a_wrong_key_or_value_is_refused_with_its_name(einthoven, tmp_path, override, complaint):
    done = einthoven("train", "--config-name", "w2v_cmsc_rlm", f"task.data={tmp_path}",
                     f"checkpoint.save_dir={tmp_path}/ckpt", override)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_help_lists_every_key_with_its_default(einthoven):
    text = einthoven("train", "--help", check=True).stdout
    for key in ("dataset.batch_size", "checkpoint.patience", "mask_prob", "lr_deacy_period",
                "mask_leads_prob", "pos_weight", "--config-name"):
        assert key in text


def test_overrides_may_stand_before_the_options(einthoven, tmp_path):
    done = einthoven("train", "dataset.no_such_key=1", "--config-name", "w2v_cmsc_rlm",
                     f"task.data={tmp_path}")
    assert done.returncode == 2
    assert "no_such_key" in done.stderr


def test_leakage_ends_a_run(einthoven, shared, tmp_path):
    data = training.pretraining_data(shared, tmp_path)
    lines = (data / "train.tsv").read_text().splitlines()
    (data / "test.tsv").write_text("\n".join(lines[:3]) + "\n")
    command = training.pretraining_command(data, f"hydra.run.dir={tmp_path}", "optimization.max_update=1")
    refused = einthoven(*command)
    assert refused.returncode == 3 and "train and test share 1 recording" in refused.stderr
    assert "dataset.leakage_check=warn" in refused.stderr
    warned = einthoven(*command, "dataset.leakage_check=warn", check=True)
    assert "train and test share 1 recording" in warned.stderr


def test_a_suppressed_crash_is_logged_and_no_failure(einthoven, shared, tmp_path):
    data = training.pretraining_data(shared, tmp_path)
    broken = training.pretraining_command(data, f"hydra.run.dir={tmp_path}", "task.data=/nowhere")
    assert einthoven(*broken).returncode == 4
    done = einthoven(*broken, "common.suppress_crashes=true", check=True)
    assert "ended crashed" in done.stdout and "/nowhere" in done.stderr
