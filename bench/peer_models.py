"""What bench_models measures, by fairseq-signals itself in PyTorch eager: seconds, CPU seconds and peak memory.

    python bench/peer_models.py CHECKOUT base|large infer|step BATCH [REPEATS [CHECKPOINT.pt]]

CHECKOUT is your own clone of https://github.com/Jwoo5/fairseq-signals; hydra-core, omegaconf, transformers<4.50,
pandas, scikit-learn and wfdb must be importable. With CHECKPOINT its weights are loaded. The shims below only make
that code import on today's Python.
"""

import dataclasses
import json
import resource
import sys
import time

import numpy as np
import omegaconf._utils
import torch

LARGE = {"encoder_layers": 24, "encoder_embed_dim": 1024, "encoder_ffn_embed_dim": 4096, "encoder_attention_heads": 16}
# Of the recipe w2v_cmsc_rlm.
MODEL = {"_name": "wav2vec2_cmsc", "apply_mask": True, "mask_prob": 0.65, "quantize_targets": True, "final_dim": 256,
         "dropout_input": 0.1, "dropout_features": 0.1, "feature_grad_mult": 0.1, "encoder_embed_dim": 768, "in_d": 12,
         "all_gather": False, "normalize": False, "filter": False, "data": ""}
CRITERION = {"_name": "wav2vec2_with_cmsc", "infonce": True, "loss_weights": [0.1, 10], "all_gather": False,
             "log_keys": ["prob_perplexity", "code_perplexity", "temp"]}
OPTIMIZER = {"_name": "adam", "adam_betas": [0.9, 0.98], "adam_eps": 1e-6, "weight_decay": 0.01, "lr": [5e-5]}


class NoCuda:
    """`torch.cuda.is_available`, which the reference once forgets to call."""

    def __bool__(self):
        return False

    def __call__(self):
        return False


def import_reference(checkout):
    sys.path.insert(0, checkout)
    plain = dataclasses.dataclass

    def dataclass(cls=None, **options):  # its instances stand as defaults of fields
        if cls is None:
            return lambda one: dataclass(one, **options)
        return plain(cls, **options, unsafe_hash=cls.__module__.startswith("fairseq_signals"))

    dataclasses.dataclass = dataclass
    omegaconf._utils.is_primitive_type = omegaconf._utils.is_primitive_type_annotation
    torch.cuda.is_available = NoCuda()
    import fairseq_signals.criterions
    import fairseq_signals.models
    import fairseq_signals.optim

    dataclasses.dataclass = plain
    return fairseq_signals


def build(reference, size, checkpoint):
    config = omegaconf.OmegaConf.create({**MODEL, **(LARGE if size == "large" else {})})
    torch.manual_seed(1)
    if not checkpoint:
        return reference.models.build_model(config, None)
    state = torch.load(checkpoint, map_location="cpu", weights_only=False)  # first, as the reference does
    model = reference.models.build_model(config, None)
    model.load_state_dict(state["model"], strict=True)
    return model


def sample(batch):
    source = torch.randn(batch, 12, 2500)
    ids = torch.arange(batch)
    return {"net_input": {"source": source, "padding_mask": None}, "id": ids, "patient_id": ids // 2, "segment": ids % 2}


def infer(model, batch):
    model.eval()
    inputs = sample(batch)["net_input"]

    def run():
        with torch.no_grad():
            model.extract_features(**inputs)

    return run


def step(reference, model, batch):
    model.train()
    criterion = reference.criterions.build_criterion(omegaconf.OmegaConf.create(CRITERION), None)
    optimizer = reference.optim.build_optimizer(omegaconf.OmegaConf.create(OPTIMIZER), list(model.parameters()))
    data = sample(batch)
    np.random.seed(1)

    def run():
        optimizer.zero_grad()
        loss, sample_size, _ = criterion(model, data)
        optimizer.backward(loss)
        optimizer.multiply_grads(1 / sample_size)
        optimizer.clip_grad_norm(0.0)
        optimizer.step()

    return run


def main():
    checkout, size, what, batch = sys.argv[1:4] + [int(sys.argv[4])]
    repeats = int(sys.argv[5]) if len(sys.argv) > 5 else 3
    reference = import_reference(checkout)
    model = build(reference, size, sys.argv[6] if len(sys.argv) > 6 else None)
    run = infer(model, batch) if what == "infer" else step(reference, model, batch)
    run()
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    print(json.dumps({"who": "reference", "size": size, "what": what, "batch": batch, "seconds": min(walls),
                      "cpu_seconds": min(cpus), "samples_per_second": batch / min(walls),
                      "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


if __name__ == "__main__":
    main()
