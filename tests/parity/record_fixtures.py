"""Records fixtures of `einthoven verify` with the Python reference (docs/verify.md).

    python tests/parity/record_fixtures.py CHECKOUT OUT [PREFIX...]
    python tests/parity/record_fixtures.py CHECKOUT tests/data/fairseq_tiny.tar.gz tiny_

CHECKOUT: fairseq-signals 6b9e137 (github.com/Jwoo5/fairseq-signals), left as it is: a repaired copy
is imported. Python 3.11, torch 2.13, hydra-core 1.3.2, omegaconf 2.3, transformers 4.46.3, scipy,
pandas, scikit-learn, wfdb. OUT (a folder or an archive) receives one folder for each case of
fixture_cases.py, or for those whose names begin with a PREFIX. Everything is seeded.
"""

import gzip
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import numpy as np
import torch

from fixture_cases import CASES, MODEL, NO_DROPOUT, TRAINING

# What stops the reference in Python 3.11 and on a CPU, and the defects that oracle_fairseq.md of
# the specification names. (file, pattern, replacement)
REPAIRS = [
    ("dataclass/configs.py", r"(\w+): (\w+Config) = \w+Config\(\)",
     r"\1: \2 = field(default_factory=\2)"),
    ("dataclass/initialize.py", r"    for k in Config.__dataclass_fields__:\n        v = .*\n",
     "    for k, v in vars(Config()).items():\n"),
    ("utils/utils.py", r"torch\.cuda\.is_available:", "torch.cuda.is_available():"),
    ("modules/conv_feature_extraction.py", r"Fp32LayerNorm\(dim, dim, affine ?= ?True\)",
     "Fp32LayerNorm(dim)"),
    ("models/wav2vec2/wav2vec2.py", r"self\.encoder_embed_dim\)", "cfg.encoder_embed_dim)"),
    ("criterions/3kg_criterion.py", r"        self\.is_target_derived = True",
     "        self.is_target_derived = True\n        self.kwargs['aggregate'] = True"),
    ("criterions/cmsc_criterion.py", r"        self\.is_target_derived = True",
     "        self.is_target_derived = True\n        self.kwargs['aggregate'] = True"),
    ("criterions/cmsc_criterion.py",
     r"            sample_size = target\.long\(\)\.sum\(\)\.item\(\)",
     "            p, s = sample['patient_id'], sample['segment']\n"
     "            sample_size = int((p[s == 0][:, None] == p[s == 1][None]).sum())\n"
     "        return sample_size"),
    ("criterions/simclr_criterion.py", r"sample_size = target\.numel\(\)",
     "sample_size = len(sample['net_input']['source'])"),
]


def import_reference(checkout):
    """A repaired copy of the reference, first on the path."""
    folder = Path(tempfile.mkdtemp(prefix="fairseq-signals-"))
    package = folder / "fairseq_signals"
    shutil.copytree(Path(checkout) / "fairseq_signals", package)
    for name, pattern, replacement in REPAIRS:
        text = (package / name).read_text()
        repaired, count = re.subn(pattern, replacement, text)
        if count == 0:
            raise SystemExit(f"{name}: nothing to repair, want fairseq-signals 6b9e137")
        (package / name).write_text(repaired)
    sys.path.insert(0, str(folder))
    import fairseq_signals  # noqa: F401 (registers models and criteria)


def configuration(case):
    """The resolved configuration, defaults of the reference below those of the case."""
    from fairseq_signals.criterions import CRITERION_DATACLASS_REGISTRY
    from fairseq_signals.models import MODEL_DATACLASS_REGISTRY
    from fairseq_signals.optim import OPTIMIZER_DATACLASS_REGISTRY
    from fairseq_signals.optim.lr_scheduler import LR_SCHEDULER_DATACLASS_REGISTRY
    from omegaconf import OmegaConf

    root = {"task": {"_name": "ecg_pretraining", "normalize": False, "filter": False,
                     "data": "/none"},
            "optimization": {**TRAINING["optimization"], **case.get("optimization", {})}}
    registries = {"model": MODEL_DATACLASS_REGISTRY, "criterion": CRITERION_DATACLASS_REGISTRY,
                  "optimizer": OPTIMIZER_DATACLASS_REGISTRY,
                  "lr_scheduler": LR_SCHEDULER_DATACLASS_REGISTRY}
    trace = NO_DROPOUT if case.get("trace") else {}
    given = {"model": {**MODEL, **trace, **case["model"]}, "criterion": case["criterion"],
             "optimizer": {**TRAINING["optimizer"], **case.get("optimizer", {})},
             "lr_scheduler": {**TRAINING["lr_scheduler"], **case.get("lr_scheduler", {})}}
    for group, values in given.items():
        known = OmegaConf.structured(registries[group][values["_name"]]())
        defaults = OmegaConf.to_container(known)
        root[group] = {**defaults, **{k: v for k, v in values.items()
                                      if k == "_name" or k in defaults}}
    config = OmegaConf.create(root)
    return OmegaConf.create(OmegaConf.to_container(config, resolve=True, enum_to_str=True))


def build_model(config, updates):
    from fairseq_signals import models

    torch.manual_seed(1)
    model = models.build_model(config.model, None)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in model.parameters():
            scale = 0.02 if parameter.dim() > 1 else 0.1
            parameter.add_(torch.randn(parameter.shape, generator=generator) * scale)
    model.set_num_updates(updates)
    return model


def save_checkpoint(path, config, model, updates):
    from omegaconf import OmegaConf

    torch.save({"args": None, "cfg": OmegaConf.to_container(config),
                "model": dict(model.state_dict()), "criterion": None,
                "optimizer_history": [{"criterion_name": "", "optimizer_name": "",
                                       "lr_scheduler_state": {}, "num_updates": updates}],
                "task_state": {}, "extra_state": {}}, path)


def without_dropout(model):
    for module in model.modules():
        if "Dropout" in type(module).__name__:
            module.p = 0.0
        for name in ("dropout", "layerdrop"):
            if isinstance(getattr(module, name, None), float):
                setattr(module, name, 0.0)
    return model


def signals(seed, *shape):
    """Smoothed noise of unit variance."""
    noise = np.random.RandomState(seed).randn(*shape[:-1], shape[-1] + 8)
    smooth = np.apply_along_axis(lambda row: np.convolve(row, np.ones(9) / 3, "valid"), -1, noise)
    return torch.from_numpy(smooth.astype(np.float32))


def padded(source, lengths):
    mask = torch.zeros(source.shape, dtype=torch.bool)
    for row, length in enumerate(lengths):
        mask[row, :, length:] = True
    return source.masked_fill(mask, 0), mask


class Draws:
    """Records what the reference draws at random, or repeats it."""

    def __init__(self, model):
        self.model = model
        self.recorded = {}
        self.integers = []
        self.next_integer = 0

    def _span_mask(self, original):
        def draw(shape, *args, **kwargs):
            name = "mask_indices" if kwargs.get("min_masks") == 2 else "mask_channel_indices"
            if name not in self.recorded:
                self.recorded[name] = torch.from_numpy(original(shape, *args, **kwargs))
            return self.recorded[name].numpy()
        return draw

    def _randint(self, original):
        def draw(*args, **kwargs):
            if self.next_integer == len(self.integers):
                self.integers.append(original(*args, **kwargs))
            self.next_integer += 1
            return self.integers[self.next_integer - 1].clone()
        return draw

    def _gumbel(self, logits, tau, hard):
        assert hard
        name = self.noise.pop(0)
        if name not in self.recorded:
            self.recorded[name] = -torch.empty_like(logits).exponential_().log()
        soft = torch.softmax((logits + self.recorded[name]) / tau, -1)
        one_hot = torch.zeros_like(soft).scatter_(-1, soft.argmax(-1, keepdim=True), 1.0)
        return one_hot - soft.detach() + soft

    def _negatives(self, original):
        def sample(y, num):
            negatives, self.recorded["neg_idxs"] = original(y, num)
            return negatives, self.recorded["neg_idxs"]
        return sample

    def _codebook(self, original):
        def sample(b, n):
            entries = original(b, n)
            self.recorded["codebook_idx"] = self.integers[self.next_integer - 1]
            return entries
        return sample

    def _predictions(self, original):
        def compute(x, y, negatives):
            self.neg_is_pos = (y == negatives).all(-1)
            return original(x, y, negatives)
        return compute

    def __call__(self):
        """A context in which draws are those of its first use."""
        self.next_integer = 0
        stack = mock.patch.multiple(torch, randint=self._randint(torch.randint))
        if not hasattr(self.model, "compute_preds"):
            return stack
        from contextlib import ExitStack

        from fairseq_signals.models import transformer
        from fairseq_signals.modules import gumbel_vector_quantizer as quantizer

        self.noise = ["gumbel_input"] * (self.model.input_quantizer is not None) + ["gumbel"]
        everything = ExitStack()
        everything.enter_context(stack)
        change = lambda *args: everything.enter_context(mock.patch.object(*args))  # noqa: E731
        change(transformer, "compute_mask_indices",
               self._span_mask(transformer.compute_mask_indices))
        change(quantizer.F, "gumbel_softmax", self._gumbel)
        change(self.model, "sample_negatives", self._negatives(self.model.sample_negatives))
        change(self.model, "compute_preds", self._predictions(self.model.compute_preds))
        if self.model.quantizer is not None:
            change(self.model.quantizer, "sample_from_codebook",
                   self._codebook(self.model.quantizer.sample_from_codebook))
        return everything


class Recorder:
    def __init__(self, folder, case):
        self.folder = folder
        self.case = case
        self.notes = {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def save(self, name, value, note=""):
        array = np.asarray(value.detach().numpy() if torch.is_tensor(value) else value)
        if array.dtype == np.float64 and not name.startswith(("loss", "lr", "gnorm", "sample")):
            array = array.astype(np.float32)
        path = self.folder / f"{name}.npy"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, array)
        self.notes[name] = {"shape": list(array.shape), "dtype": str(array.dtype), "note": note}

    def finish(self, model_name):
        text = json.dumps({"model": model_name, "tensors": self.notes}, indent=0)
        (self.folder / "tensors.json").write_text(text)

    # Stages of the encoder, in evaluation mode and without masks.
    def stages(self, encoder, suffix, run):
        names = {encoder.feature_extractor: "feature_extractor",
                 encoder.layer_norm: "feat_layer_norm",
                 encoder.post_extract_proj: "post_extract_proj", encoder.conv_pos: "conv_pos"}
        for i, layer in enumerate(encoder.feature_extractor.conv_layers):
            names[layer] = f"conv{i}"
        for i, layer in enumerate(encoder.encoder.layers):
            names[layer] = f"layer{i}"

        def keep(name):
            def hook(_module, _args, result):
                value = result[0] if isinstance(result, tuple) else result
                if name.startswith("layer"):
                    value = value.transpose(0, 1)
                self.save(f"out_{name}{suffix}", value)
            return hook

        hooks = [module.register_forward_hook(keep(name))
                 for module, name in names.items() if module is not None]
        with torch.no_grad():
            result = run()
        for hook in hooks:
            hook.remove()
        return result

    def loss(self, tag, mode, model, criterion, sample, draws, note):
        training = mode == "train0"
        model.train(training)
        criterion.train(training)
        model.zero_grad()
        with draws(), torch.set_grad_enabled(training):
            loss, size, log = criterion(model, sample)
        name = f"out_{tag}_{mode}"
        self.save(f"{name}_loss", loss.reshape(1), note)
        self.save(f"{name}_sample_size", [float(size)])
        for key, value in log.items():
            if key not in ("loss", "sample_size") and np.ndim(value) == 0:
                self.save(f"{name}_log_{key}", [float(value)])
        if hasattr(draws, "neg_is_pos"):
            self.save(f"rng_neg_is_pos_{mode}", draws.neg_is_pos)
        if not training:
            return
        (loss / float(size)).backward()
        squares = 0.0
        for key, parameter in model.named_parameters():
            if parameter.grad is not None:
                self.save(f"grad/{tag}/{key}", parameter.grad)
                squares += float(parameter.grad.double().square().sum())
        self.save(f"{name}_gnorm", [squares ** 0.5])


def sample_of(source, mask=None, **others):
    net_input = {"source": source, "padding_mask": mask}
    return {"id": torch.arange(len(source)), "net_input": net_input, **others}


def record_pretraining(recorder, case, config, model, criterion, updates):
    length = case.get("samples", 500)
    source = signals(3, 4, config.model.in_d, length)
    lengths = case.get("lengths", [length, int(length * .9), length // 2, length - 1])
    zeroed, mask = padded(source, lengths)
    for name, value in (("in_source", source), ("in_source_padded", zeroed),
                        ("in_padding_mask", mask)):
        recorder.save(name, value)
    contrasts = hasattr(model, "compute_preds")
    kwargs = {"mask": False, "features_only": True} if contrasts else {}
    plain, with_pad = (recorder.stages(model, suffix, lambda s=s, m=m: model(
        source=s, padding_mask=m, **kwargs)) for suffix, s, m in
        (("", source, None), ("_padded", zeroed, mask)))
    recorder.save("out_features", plain["x"])
    recorder.save("out_features_padded", with_pad["x"])
    if config.model.saliency:
        recorder.save("out_saliency", plain["saliency"])
        recorder.save("out_saliency_padded", with_pad["saliency"])
    if with_pad["padding_mask"] is not None:
        recorder.save("out_padding_mask", with_pad["padding_mask"])
    if not contrasts:
        recorder.save("out_aggregated", model.get_logits(plain, aggregate=True))
        recorder.save("out_aggregated_padded", model.get_logits(with_pad, aggregate=True))

    tag = "pre" if contrasts else "loss"
    others = {"patient_id": torch.tensor([3, 3, 8, 8], dtype=torch.int32),
              "segment": torch.tensor([0, 1, 0, 1], dtype=torch.int32)}
    for name, value in others.items():
        recorder.save(f"in_{name}", value)
    chosen = case.get("loss_source", "in_source")
    inputs = (zeroed, mask) if chosen == "in_source_padded" else (source, None)
    sample = sample_of(*inputs, **others)
    draws = Draws(model)
    np.random.seed(case.get("seed", 5))
    torch.manual_seed(case.get("seed", 5))
    if contrasts:
        with draws(), torch.no_grad():
            output = model(**sample["net_input"])
        for key, name in (("x", "logits"), ("features", "features"), ("features_pen",) * 2,
                          ("prob_perplexity",) * 2, ("code_perplexity",) * 2):
            if key in output:
                value = output[key]
                recorder.save(f"out_pre_{name}", value.reshape(1) if value.dim() == 0 else value)
    note = f"criterion on {chosen}"
    recorder.loss(tag, "eval", model, criterion, sample, draws, note)
    recorder.loss(tag, "train0", without_dropout(model), criterion, sample, draws, note)
    for name, value in draws.recorded.items():
        recorder.save(f"rng_{name}", value)


def record_fine_tuned(recorder, case, config, model, criterion, updates):
    encoder = model.encoder
    lengths = case.get("lengths", [640, 500, 777])
    is_arcface = config.model._name == "arcface"
    for length in lengths:
        source = signals(length, 3, config.model.in_d, length)
        recorder.save(f"in_source_T{length}", source)
        result = recorder.stages(encoder, f"_T{length}", lambda: model(source=source))
        keep_heads(recorder, model, result, f"_T{length}", is_arcface)
    length = lengths[0]
    source, mask = padded(signals(9, 3, config.model.in_d, length),
                          [length, length // 2, length - 40])
    recorder.save("in_source_padded", source)
    recorder.save("in_padding_mask", mask)
    with torch.no_grad():
        keep_heads(recorder, model, model(source=source, padding_mask=mask), "_padded", is_arcface)
    labels = np.random.RandomState(4)
    label = (torch.from_numpy(labels.randint(0, config.model.num_labels, 3)) if is_arcface else
             torch.from_numpy((labels.rand(3, config.model.num_labels) > .7).astype(np.float32)))
    recorder.save("in_label", label)
    chosen = case.get("loss_source", f"in_source_T{min(lengths)}")
    if chosen == "in_source_padded":
        sample = sample_of(source, mask, label=label)
    else:
        source = torch.from_numpy(np.load(recorder.folder / f"{chosen}.npy"))
        sample = sample_of(source, label=label)
    draws, note = Draws(model), f"criterion on {chosen}, in_label"
    recorder.loss("loss", "eval", model, criterion, sample, draws, note)
    recorder.loss("loss", "train0", without_dropout(model), criterion, sample, draws, note)


def keep_heads(recorder, model, result, suffix, is_arcface):
    recorder.save(f"out_encoder_out{suffix}", result["encoder_out"])
    recorder.save(f"out_logits{suffix}", model.get_logits(result))
    if is_arcface:
        recorder.save(f"out_embedding{suffix}", result["out"])
    elif result["saliency"] is not None:
        recorder.save(f"out_saliency{suffix}", result["saliency"])


def record_trace(recorder, case, config, model, criterion, updates):
    """20 updates, as Trainer.train_step makes them."""
    from fairseq_signals.optim import build_optimizer
    from fairseq_signals.optim.lr_scheduler import build_lr_scheduler
    from fairseq_signals.utils.utils import clip_grad_norm_

    contrasts = hasattr(model, "compute_preds")
    items, parts, per_part = (8, case.get("parts", 1), 3)
    rows = 2 * items if contrasts else items
    data = {"source": signals(3, rows, config.model.in_d, case.get("samples", 300))}
    if contrasts:
        data["patient_id"] = torch.arange(items).repeat_interleave(2)
        data["segment"] = torch.tensor([0, 1]).repeat(items)
    else:
        random = np.random.RandomState(4)
        data["label"] = torch.from_numpy(
            (random.rand(rows, config.model.num_labels) > .7).astype(np.float64))
    for name, value in data.items():
        np.save(recorder.folder / f"data_{name}.npy", value.numpy())
    save_checkpoint(recorder.folder / "initial.pt", config, model, updates)

    without_dropout(model)
    parameters = list(model.parameters())
    optimizer = build_optimizer(config.optimizer, parameters)
    scheduler = build_lr_scheduler(config.lr_scheduler, optimizer)
    order, epoch, queue = np.random.RandomState(6), 0, []
    log = {name: [] for name in ("loss", "sample_size", "gnorm", "lr", "batch_ids")}
    np.random.seed(7)
    torch.manual_seed(7)
    for step in range(20):
        if not queue:
            epoch += 1
            shuffled = order.permutation(items)
            queue = [shuffled[i:i + per_part] for i in range(0, items, per_part)]
            scheduler.step_begin_epoch(epoch)
            scheduler.step_update(step)
        batches, queue = queue[:parts], queue[parts:]
        optimizer.zero_grad()
        losses, sizes, ids_of_step = [], [], []
        for part, items_of_part in enumerate(batches):
            ids = np.repeat(items_of_part, 2) if contrasts else items_of_part
            chosen = (np.stack([2 * items_of_part, 2 * items_of_part + 1], 1).ravel()
                      if contrasts else items_of_part)
            ids_of_step.append(ids)
            others = {k: v[chosen].float() if k == "label" else v[chosen]
                      for k, v in data.items() if k != "source"}
            draws = Draws(model)
            model.train()
            model.set_num_updates(step)
            with draws():
                loss, size, _ = criterion(model, sample_of(data["source"][chosen], **others))
            optimizer.backward(loss)
            losses.append(float(loss))
            sizes.append(float(size))
            prefix = f"step_{step:02}_" + (f"{part}_" if parts > 1 else "")
            names = {"mask_indices": "mask", "mask_channel_indices": "mask_channel",
                     "neg_idxs": "neg", "codebook_idx": "codebook", "gumbel": "gumbel"}
            for name, value in draws.recorded.items():
                np.save(recorder.folder / f"{prefix}{names[name]}.npy", value.numpy())
            if contrasts:
                np.save(recorder.folder / f"{prefix}neg_is_pos.npy", draws.neg_is_pos.numpy())
        optimizer.multiply_grads(1 / (sum(sizes) or 1.0))
        log["gnorm"].append(float(clip_grad_norm_(parameters, config.optimization.clip_norm)))
        log["lr"].append(optimizer.get_lr())
        optimizer.step()
        scheduler.step_update(step + 1)
        width = per_part * (2 if contrasts else 1)
        table = np.full((parts, width), -1, np.int64)
        for part, ids in enumerate(ids_of_step):
            table[part, :len(ids)] = ids
        log["batch_ids"].append(table)
        missing = parts - len(losses)
        log["loss"].append(losses + [np.nan] * missing)
        log["sample_size"].append(sizes + [0.0] * missing)
    for name, values in log.items():
        np.save(recorder.folder / f"{name}.npy", np.asarray(values))
    save_checkpoint(recorder.folder / "final.pt", config, model, 20)


def record(name, case, out):
    from fairseq_signals.criterions import build_criterion
    from omegaconf import OmegaConf

    torch.set_num_threads(1)
    config = configuration(case)
    updates = 0 if case.get("trace") else 2
    model = build_model(config, updates)
    criterion = build_criterion(config.criterion, SimpleNamespace())
    recorder = Recorder(out / name, case)
    if case.get("trace"):
        record_trace(recorder, case, config, model, criterion, updates)
        return
    save_checkpoint(recorder.folder / "checkpoint.pt", config, model, updates)
    text = json.dumps(OmegaConf.to_container(config), indent=1)
    (recorder.folder / "config.json").write_text(text)
    model.eval()
    kind = record_fine_tuned if "num_labels" in config.model else record_pretraining
    kind(recorder, case, config, model, criterion, updates)
    recorder.finish(config.model._name)


def pack(folder, archive):
    """Without times and owners, so that equal files give equal archives."""
    def plain(entry):
        entry.mtime = entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        return entry

    with (gzip.GzipFile(archive, "wb", mtime=0) as stream,
          tarfile.open(fileobj=stream, mode="w") as tar):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                tar.add(path, path.relative_to(folder).as_posix(), filter=plain)


def main():
    checkout, out, *prefixes = sys.argv[1:]
    names = [name for name in CASES if name.startswith(tuple(prefixes or [""]))]
    if not names:
        raise SystemExit(f"no case begins with {' or '.join(prefixes)}")
    import_reference(checkout)
    packed = out.endswith(".tar.gz")
    folder = Path(tempfile.mkdtemp(prefix="fixtures-")) if packed else Path(out)
    for name in names:
        record(name, CASES[name], folder)
        print(name, flush=True)
    if packed:
        pack(folder, out)


if __name__ == "__main__":
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    main()
