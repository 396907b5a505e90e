"""Whole programs beside whole programs: fairseq-signals' own scripts (physionet2021_records.py, physionet2021_signals.py
--no_parallel) and `einthoven preprocess physionet2021 --threads 1`, in turn, on a simulated corpus. CPU seconds of each and
bytes left on disk. A stub stands for the package's `__init__`, which today's Python does not import.

  python bench/peer_preprocess_scripts.py CHECKOUT_OF_FAIRSEQ_SIGNALS EINTHOVEN [COUNT [ROUNDS [FOLDER]]]
"""

import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

RUN = "import runpy, sys; sys.argv = sys.argv[1:]; sys.path.insert(0, sys.argv[0].rpartition('/')[0]); runpy.run_path(sys.argv[0], run_name='__main__')"


def cpu_seconds(command, **more):
    """User and system time of a command and of its children, with nothing left to be written by what ran before."""
    os.sync()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def corpus_of(einthoven, folder, count):
    """The reference finds no dataset where all recordings are in one folder, so one recording moves to a second."""
    corpus = folder / "corpus"
    if not corpus.exists():
        cpu_seconds([einthoven, "simulate", corpus, "--count", count])
        first = sorted((corpus / "training").rglob("*.hea"))[0]
        other = corpus / "training" / "other" / "g1"
        other.mkdir(parents=True)
        for extension in (".hea", ".mat"):
            shutil.move(first.with_suffix(extension), other)
    return corpus


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def reference(checkout, corpus, folder):
    stub = folder / "stub" / "fairseq_signals"
    if not stub.exists():
        stub.mkdir(parents=True)
        (stub / "__init__.py").touch()
        (stub / "utils").symlink_to(checkout.resolve() / "fairseq_signals" / "utils")
    scripts = checkout / "scripts" / "preprocess" / "ecg"
    out = folder / "reference"
    shutil.rmtree(out, ignore_errors=True)
    environment = os.environ | {"PYTHONPATH": str(stub.parent), "OMP_NUM_THREADS": "1"}
    where = ["--processed_root", out, "--raw_root", corpus]
    seconds = cpu_seconds([sys.executable, "-c", RUN, scripts / "physionet2021_records.py", *where], env=environment)
    seconds += cpu_seconds([sys.executable, "-c", RUN, scripts / "physionet2021_signals.py", *where, "--no_parallel"], env=environment)
    size = size_of(out)
    shutil.rmtree(out)
    return seconds, size


def ours(einthoven, corpus, folder, dtype):
    out = folder / "ours.ecgstore"
    shutil.rmtree(out, ignore_errors=True)
    seconds = cpu_seconds([einthoven, "preprocess", "physionet2021", corpus, "--dest", out, "--threads", 1, "--dtype", dtype])
    size = size_of(out)
    shutil.rmtree(out)
    return seconds, size


def main():
    checkout, einthoven = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    count, rounds = (int(sys.argv[3]) if len(sys.argv) > 3 else 5000), (int(sys.argv[4]) if len(sys.argv) > 4 else 2)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(sys.argv[5] if len(sys.argv) > 5 else temporary)
        folder.mkdir(exist_ok=True)
        corpus = corpus_of(einthoven, folder, count)
        for _ in range(rounds):
            seconds, size = reference(checkout, corpus, folder)
            print(f"reference {seconds:6.2f} s {size / count:10.0f} bytes a recording", flush=True)
            for dtype in ("int16", "float32"):
                for _ in range(3):
                    own, size = ours(einthoven, corpus, folder, dtype)
                    print(f"{dtype:9} {own:6.2f} s {size / count:10.0f} bytes a recording, {seconds / own:5.1f} times as fast", flush=True)


if __name__ == "__main__":
    main()
