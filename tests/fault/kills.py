"""Kills runs at random moments, starts them again, and compares the end with a run left alone.

    python tests/fault/kills.py train --kills 100
    python tests/fault/kills.py preprocess --kills 100 --seed 3

Training restarts with another number of loader workers each time and must give the same losses and
weights bit for bit; the other jobs (preprocess, integers, merge, labels, evaluate) the same bytes of the same
files.
"""

import argparse
import hashlib
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "cli")]

import training  # noqa: E402
from conftest import program_path  # noqa: E402
from ecg_corpora import write_challenge_corpus  # noqa: E402

MAX_WORKERS = 3


def run_for(args, seconds):
    """Runs the program for at most so long; False if it was killed. Its own failure is an error."""
    process = subprocess.Popen([str(program_path()), *map(str, args)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return False
    if process.returncode != 0:
        raise AssertionError(f"exit {process.returncode}: {args}\n{errors}")
    return True


class Training:
    """A small pretraining run with validation, saved after every update."""

    def __init__(self, shared, folder):
        self.data = training.pretraining_data(shared, folder)

    def command(self, folder, rng):
        return training.pretraining_command(
            self.data, f"hydra.run.dir={folder}", "optimization.max_update=10",
            "optimization.update_freq=[1]", "checkpoint.save_interval=1",
            "checkpoint.save_interval_updates=1", "checkpoint.keep_interval_updates=2",
            f"dataset.num_workers={rng.randint(0, MAX_WORKERS)}", "common.log_format=none")

    def finished(self, _):
        return False

    def result(self, folder):
        return {"log": training.read_log(folder / "log.jsonl"),
                "weights": training.weights(folder / "ckpt/checkpoint_last"),
                "files": sorted(path.name for path in (folder / "ckpt").iterdir())}


def digests(folder):
    """SHA-256 by name of all files below a folder, but for the unfinished X.tmp.PID of killed runs and their locks."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and ".tmp." not in path.name and path.suffix != ".lock"}


class Preprocessing:
    """A simulated corpus, packed in small shards."""

    def __init__(self, _, folder):
        self.data = folder / "corpus"
        write_challenge_corpus(self.data, 120)

    def command(self, folder, _):
        return ["preprocess", "physionet2021", self.data, "--dest", folder / "made.ecgstore",
                "--shard-mib", "1", "--export", "fairseq", folder / "export", "--log-level", "error"]

    def finished(self, folder):
        """The last step is the store's name; a finished one is never made again."""
        return (folder / "made.ecgstore").is_dir()

    def result(self, folder):
        return digests(folder)


class Integers(Preprocessing):
    """The same to an int16 store, which keeps the integers of the files."""

    def command(self, folder, _):
        return ["preprocess", "physionet2021", self.data, "--dest", folder / "made.ecgstore",
                "--shard-mib", "1", "--dtype", "int16", "--log-level", "error"]


class Merging:
    """The two parts of a preprocessing, joined."""

    def __init__(self, _, folder):
        write_challenge_corpus(folder / "corpus", 120)
        self.parts = [folder / f"part{part}.ecgstore" for part in (1, 2)]
        for number, part in enumerate(self.parts, 1):
            run_for(["preprocess", "physionet2021", folder / "corpus", "--dest", part, "--shard", f"{number}/2",
                     "--log-level", "error"], None)

    def command(self, folder, _):
        return ["store", "merge", *self.parts, "--dest", folder / "made.ecgstore", "--log-level", "error"]

    def finished(self, folder):
        return (folder / "made.ecgstore").is_dir()

    def result(self, folder):
        return digests(folder)


class Labelling(Merging):
    """Label files of a store, written over and over."""

    def command(self, folder, _):
        return ["labels", "build", self.parts[0], "--dest", folder / "labels", "--log-level", "error"]

    def finished(self, _):
        return False


class Evaluation:
    """A fixture's checkpoint on its manifests, with extracted outputs."""

    def __init__(self, shared, folder):
        fixture = shared / "fixtures/fairseq"
        manifests = training.copy_manifests(fixture / "data/man", folder / "manifests", fixture / "data/proc/segmented")
        self.args = ["evaluate", "--checkpoint", fixture / "run_finetune/ckpt/checkpoint_best.pt", "--data", manifests,
                     "--subset", "test", "--bootstrap", "20", "--extract", "output", "--format", "json",
                     f"++task.label_file={fixture / 'data/proc/labels/y.npy'}", "--log-level", "error"]

    def command(self, folder, _):
        return [*self.args, "--results-path", folder / "results", "--output", folder / "figures.json"]

    def finished(self, _):
        return False

    def result(self, folder):
        return digests(folder)


def compare(got, wanted, where):
    names = sorted(name for name in {*got, *wanted} if got.get(name) != wanted.get(name))
    if names:
        files = [sorted(side.get("files", ())) for side in (got, wanted)]
        raise AssertionError(f"{where}: differs in {names}; checkpoints {files[0]}, want {files[1]}")


def survive(job, scratch, kills, rng):
    """Kills `job` `kills` times over as many runs as that takes; the runs compared."""
    folder = scratch / "run"  # always the same: tables of an export hold its path
    folder.mkdir()
    start = time.monotonic()
    assert run_for(job.command(folder, rng), None)
    seconds = time.monotonic() - start
    wanted = job.result(folder)
    shutil.rmtree(folder)
    folder.mkdir()
    done = runs = 0
    while done < kills:
        while not run_for(job.command(folder, rng), rng.uniform(0, 1.2 * seconds)):
            done += 1
            if job.finished(folder):
                break
            if done >= kills:
                run_for(job.command(folder, rng), None)
                break
        compare(job.result(folder), wanted, f"after {done} kills")
        shutil.rmtree(folder)
        folder.mkdir()
        runs += 1
    return runs


JOBS = {"evaluate": Evaluation, "integers": Integers, "labels": Labelling, "merge": Merging, "preprocess": Preprocessing,
        "train": Training}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=sorted(JOBS))
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--shared", type=pathlib.Path, default=HERE.parents[2] / "shared")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills_") as name:
        scratch = pathlib.Path(name)
        job = JOBS[args.job](args.shared, scratch)
        runs = survive(job, scratch, args.kills, random.Random(args.seed))
    print(f"{args.job}: {args.kills} kills over {runs} runs, all equal to the run left alone")


if __name__ == "__main__":
    main()
