"""Seeds of the readers of checkpoints: tiny files of torch.save, pickles and safetensors."""

import argparse
import collections
import io
import json
import pickle
import struct

import numpy as np
import torch


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def safetensors(places, data, metadata=None):
    header = {"__metadata__": metadata} if metadata else {}
    header |= {name: {"dtype": dtype, "shape": shape, "data_offsets": offsets}
               for name, (dtype, shape, offsets) in places.items()}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def make(corpus):
    torch.manual_seed(0)
    weights = collections.OrderedDict(a=torch.randn(2, 3), b=torch.arange(4), c=torch.tensor(True),
                                      d=torch.randn(3, 2).t().half())
    whole = {"args": None, "cfg": {"common": {"seed": 1}, "model": {"_name": "wav2vec2"}}, "model": weights,
             "optimizer_history": [{"criterion_name": "C", "optimizer_name": "O", "num_updates": 3,
                                    "lr_scheduler_state": {"best": None}}],
             "last_optimizer_state": {"state": {0: {"step": 1, "exp_avg": torch.zeros(6),
                                                    "exp_avg_sq": torch.ones(6)}},
                                      "param_groups": [{"lr": 0.1, "betas": (0.9, 0.98), "params": [0]}]},
             "extra_state": {"epoch": 2, "val_loss": np.float64(0.5), "n": np.arange(3)}}
    for name, value in [("state", weights), ("whole", whole), ("namespace", {
            "args": argparse.Namespace(arch="w2v", lr=[0.1]), "model": weights})]:
        corpus.add("checkpoint", name + "_zip.pt", saved(value))
        corpus.add("checkpoint", name + "_stream.pt", saved(value, _use_new_zipfile_serialization=False))
    plain = {"a": [1, -2.5, None, True, "x", b"y", (1, 2), {3}, 1 << 70], "o": collections.OrderedDict(b=1),
             "n": np.arange(3), "s": np.float32(1), "d": argparse.Namespace(lr=1)}
    plain["a"].append(plain["a"])
    for protocol in range(6):
        corpus.add("pickle", f"protocol_{protocol}", pickle.dumps(plain, protocol))
    corpus.add("pickle", "call", b"cos\nsystem\n(S'true'\ntR.")
    good = {"w": ("F32", [2, 2], [0, 16]), "i": ("I64", [1], [16, 24])}
    seeds = {"two": safetensors(good, bytes(24), {"format": "pt"}),
             "overlap": safetensors({"w": ("F32", [2], [0, 8]), "v": ("F32", [2], [4, 12])}, bytes(12)),
             "overflow": safetensors({"w": ("F32", [1 << 62, 8], [0, 0])}, b""),
             "beyond": safetensors({"w": ("F32", [4], [0, 16])}, bytes(8))}
    for name, content in seeds.items():
        corpus.add("safetensors", name, content)
        corpus.add("checkpoint", name + ".safetensors", content)
    state = "optimizer_history: []\nextra: {epoch: 2}\noptimizer:\n  group: {lr: [0.1]}\n  parameter_count: 0\n  steps: [~]\n"
    corpus.add("native_checkpoint", "small", "common:\n  seed: 1\n\0" + state)
