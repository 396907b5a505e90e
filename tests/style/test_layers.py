"""The layers depend one way, and nothing above the torch line sees a torch header."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Layer -> layers whose headers it may include (directly); docs/architecture.md draws the same table.
MAY_INCLUDE = {
    "base": set(),
    "config": {"base"},
    "signal": {"base"},
    "text": {"base"},
    "metric": {"base"},
    "format": {"base", "signal"},
    "plot": {"base", "signal"},
    "survey": {"base", "signal", "format", "plot"},
    "store": {"base", "config", "signal", "format"},
    "corpus": {"base", "config", "signal", "format", "store", "text"},
    "distributed": {"base"},
    "checkpoint": {"base", "config", "signal"},
    "data": {"base", "config", "signal", "format", "store"},
    "nn": {"base", "config", "checkpoint"},
    "model": {"base", "config", "checkpoint", "nn"},
    "objective": {"base", "config", "metric", "nn"},
    "task": {"base", "config", "distributed", "checkpoint", "data", "nn", "model", "objective", "metric", "store", "format"},
}
MAY_INCLUDE["train"] = MAY_INCLUDE["task"] | {"task"}
MAY_INCLUDE["verify"] = MAY_INCLUDE["train"] | {"train"}
MAY_INCLUDE["infer"] = MAY_INCLUDE["train"] | {"train", "signal", "plot"}
TORCH_FREE = {"base", "config", "signal", "text", "metric", "format", "plot", "store", "corpus", "survey"}


def includes():
    for path in sorted(ROOT.glob("einthoven/*/**/*.[hc]*")):
        layer = path.relative_to(ROOT / "einthoven").parts[0]
        for line in path.read_text().splitlines():
            match = re.match(r'\s*#include\s+[<"]([^>"]+)[>"]', line)
            if match:
                yield path.relative_to(ROOT), layer, match.group(1)


def test_layers_depend_one_way():
    wrong = []
    for path, layer, header in includes():
        parts = header.split("/")
        if parts[0] == "einthoven" and parts[1] != layer and parts[1] not in MAY_INCLUDE[layer]:
            wrong.append(f"{path}: {layer} may not include {header}")
    assert not wrong, "\n".join(wrong)


def test_no_torch_above_the_line():
    heavy = ("torch/", "ATen/", "c10/")
    wrong = [f"{path}: {header}" for path, layer, header in includes()
             if layer in TORCH_FREE and header.startswith(heavy)]
    assert not wrong, "\n".join(wrong)


def test_the_program_is_not_included():
    wrong = [f"{path}: {header}" for path, _, header in includes() if header.startswith("app/")]
    assert not wrong, "\n".join(wrong)
