"""A disk that is full from the n-th write on, for every command that writes.

A sample of n by default; EINTHOVEN_EVERY_CALL=1 tries all.
"""

import re
import shutil

import faults
import numpy as np
import pytest
import training
from ecg_corpora import write_challenge_corpus

FORMATS = ["npy", "npz", "csv", "mat", "h5", "edf", "dcm", "json", "hea"]


@pytest.fixture(scope="module")
def inputs(einthoven, tmp_path_factory):
    """A small corpus, two halves of a store, labels and reports."""
    folder = tmp_path_factory.mktemp("inputs")
    write_challenge_corpus(folder / "corpus", 10)
    for part in ("1/2", "2/2"):
        einthoven("preprocess", "physionet2021", folder / "corpus", "--dest",
                  folder / f"part{part[0]}.ecgstore", "--shard", part, check=True)
    einthoven("store", "merge", folder / "part1.ecgstore", folder / "part2.ecgstore", "--dest",
              folder / "whole.ecgstore", check=True)
    (folder / "reports.csv").write_text("idx,report\n0,sinus rhythm\n1,AF; no LBBB\n")
    return folder


def jobs(inputs):
    """Name, command that writes below its last argument's folder."""
    record = inputs / "corpus/A/R000"
    store = inputs / "whole.ecgstore"
    preprocess = ["preprocess", "physionet2021", inputs / "corpus", "--threads", "1"]
    return {
        "preprocess": lambda to: [*preprocess, "--dest", to / "s.ecgstore"],
        "export": lambda to: [*preprocess, "--dest", to / "s.ecgstore", "--export", "fairseq", to / "f"],
        "merge": lambda to: ["store", "merge", inputs / "part1.ecgstore", inputs / "part2.ecgstore",
                             "--dest", to / "s.ecgstore"],
        "labels": lambda to: ["labels", "build", store, "--dest", to / "labels"],
        "label": lambda to: ["label", "build", inputs / "reports.csv", "--dest", to / "labels"],
        "split": lambda to: ["manifest", "split", store, "--dest", to / "manifests"],
        "simulate": lambda to: ["simulate", to / "corpus", "--count", "2", "--seconds", "2"],
        "check": lambda to: ["check", inputs / "corpus", "--format", "csv", "--output", to / "c.csv",
                             "--html", to / "c.html", "--fail-on", "never", "--pictures", "0"],
        **{f"plot_{kind}": lambda to, kind=kind: ["plot", record, "--output", to / f"p.{kind}"]
           for kind in ("svg", "png", "pdf")},
        **{f"to_{kind}": lambda to, kind=kind: ["convert-recording", record, to / f"r.{kind}"]
           for kind in FORMATS},
    }


def model_jobs(inputs, checkpoint):
    tiny = faults.HERE.parent / "fuzz/corpus/checkpoint/whole_zip.pt"
    record = inputs / "corpus/A/R000"
    return {
        **{f"convert_{kind}": lambda to, name=name: ["convert", tiny, to / name]
           for kind, name in [("pt", "m.pt"), ("safetensors", "m.safetensors"), ("native", "m")]},
        **{f"infer_{kind}": lambda to, kind=kind: [
            "infer", "--checkpoint", checkpoint, record, "--format", kind, "--output", to / f"o.{kind}"]
           for kind in ("json", "npy")},
        "embed": lambda to: ["embed", "--checkpoint", checkpoint, record, "--output", to / "e.npy"],
        "saliency": lambda to: ["saliency", "--checkpoint", checkpoint, record, "--output", to / "s"],
        "evaluate": lambda to: evaluation(inputs, checkpoint, to),
    }


def evaluation(inputs, checkpoint, to):
    """With every file that it can write."""
    fixture = checkpoint.parents[2]
    manifests = training.copy_manifests(fixture / "data/man", inputs / "manifests", fixture / "data/proc/segmented")
    return ["evaluate", "--checkpoint", checkpoint, "--data", manifests, "--subset", "test", "--bootstrap", "20",
            "--extract", "output", "--format", "json", f"++task.label_file={fixture / 'data/proc/labels/y.npy'}",
            "--results-path", to / "results", "--output", to / "figures.json"]


# SQLite has words of its own.
REASON = re.compile("No space left on device|unable to open database file|unable to open database: |disk is full|disk I/O error")
# Files that hold the time of writing, or whose library does not promise the same bytes.
DATED = {"r.mat", "r.h5", "p.pdf"}


def survive(broken, command, folder, most):
    """Lets the command fail at some of its writes; what it leaves is whole, and a new run mends it."""
    to = folder / "to"  # always the same: outputs may hold their own path
    to.mkdir()
    first = broken.run(command(to), "write", to)
    assert first.code == 0 and first.calls > 0, first.text
    wanted = faults.content(to)
    for at in faults.sample(first.calls, most):
        shutil.rmtree(to)
        to.mkdir()
        done = broken.run(command(to), "write", to, at)
        found = faults.content(to)
        if done.code == 0:  # a write that does not count, such as the removal of a lock
            assert found.keys() == wanted.keys(), at
        else:
            assert done.code == 4, (at, done.text)
            assert len(done.faults()) == 1 and REASON.search(done.faults()[0]), (at, done.text)
        for name, digest in found.items():
            if name in wanted and name not in DATED and ".partial" not in name:
                assert digest == wanted[name], (at, name, done.text)
        again = broken.run(command(to), "write", to)
        assert again.code == 0 or "exist" in again.text, (at, again.text)
        if again.code == 0:
            assert {name: d for name, d in faults.content(to).items() if name not in DATED} == \
                {name: d for name, d in wanted.items() if name not in DATED}, at


@pytest.mark.parametrize("name", sorted(jobs(faults.HERE)))
def test_commands_of_data(broken, inputs, tmp_path, name):
    slow = name in ("check", "plot_png", "plot_pdf")
    survive(broken, jobs(inputs)[name], tmp_path, 3 if slow else 12)


@pytest.mark.parametrize("name", sorted(model_jobs(faults.HERE, "")))
def test_commands_of_models(broken, inputs, shared, tmp_path, name):
    checkpoint = shared / "fixtures/fairseq/run_finetune/ckpt/checkpoint_best.pt"
    survive(broken, model_jobs(inputs, checkpoint)[name], tmp_path, 3)
