"""What the tests of training share: small manifests, small models, reading of logs."""

import json
import pathlib

SMALL = [
    "model.encoder_embed_dim=64",
    "+model.encoder_layers=2",
    "+model.encoder_ffn_embed_dim=128",
    "+model.encoder_attention_heads=4",
    "+model.conv_pos=32",
    '+model.conv_feature_layers="[(32, 2, 2)] * 4"',
]
TIMES = {"ups", "wall", "train_wall", "load_wall"}


def copy_manifests(source, dest, root):
    """The manifests of a fixture with the folder of its signals put in."""
    dest.mkdir(parents=True, exist_ok=True)
    for manifest in source.glob("*.tsv"):
        lines = manifest.read_text().splitlines()
        (dest / manifest.name).write_text("\n".join([str(root), *lines[1:]]) + "\n")
    return dest


def pretraining_data(shared, folder, method="cmsc"):
    """Of pairs of segments for CMSC, of segments for another method."""
    data = shared / "fixtures/fairseq/data"
    manifests = data / "man/cmsc" if method == "cmsc" else data / "man"
    return copy_manifests(manifests, folder / method, data / "proc/segmented")


def pretraining_command(data, *more):
    """The documented command of fairseq-signals (fixture run_pretrain), paths aside."""
    return [
        "train", "--config-dir", "fairseq-signals/examples/w2v_cmsc/config/pretraining",
        "--config-name", "w2v_cmsc_rlm", f"task.data={data}", "dataset.batch_size=4",
        "dataset.num_workers=0", "dataset.valid_subset=valid", "dataset.disable_validation=false",
        "distributed_training.distributed_world_size=1", "optimization.max_epoch=0",
        "optimization.max_update=6", "optimization.lr=[1e-4]", "optimization.update_freq=[2]",
        "checkpoint.save_dir=ckpt", "checkpoint.save_interval=2", "checkpoint.keep_last_epochs=1",
        "common.log_interval=1", "common.seed=3", *SMALL, "model.final_dim=32",
        "+model.latent_vars=40", "+model.num_negatives=20", *more,
    ]


def read_log(path, tag=None):
    """The statistics of a run without those that depend on the clock."""
    records = [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]
    return [{key: value for key, value in record.items() if key not in TIMES}
            for record in records if tag in (None, record["tag"])]


def weights(folder):
    return (pathlib.Path(folder) / "model.safetensors").read_bytes()
