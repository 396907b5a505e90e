"""Makes the seeds of the fuzz targets: tests/fuzz/corpus/NAME/*, all from simulated recordings.

    .venv/bin/python tests/fuzz/make_corpus.py

Needs a built program (EINTHOVEN_BIN or build/einthoven). Former findings, whose names begin with
"found_", are kept; everything else is made anew.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(HERE.parent))

import seeds_of_checkpoints  # noqa: E402
import seeds_of_recordings  # noqa: E402
import seeds_of_tables  # noqa: E402
from conftest import program_path  # noqa: E402


def run(*args):
    subprocess.run([str(program_path()), *map(str, args), "--log-level", "error"], check=True,
                   stdout=subprocess.DEVNULL)


class Corpus:
    """Where seeds go; the number of a seed is its name."""

    def __init__(self, folder):
        self.folder = folder
        for old in folder.glob("*/*"):
            if not old.name.startswith("found_"):
                old.unlink()

    def add(self, target, name, content):
        folder = self.folder / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    def add_files(self, target, paths):
        for path in sorted(paths):
            self.add(target, path.name, path.read_bytes())


def main():
    corpus = Corpus(HERE / "corpus")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        seeds_of_recordings.make(corpus, run, folder)
        seeds_of_tables.make(corpus, ROOT)
        seeds_of_checkpoints.make(corpus)
    total = sum(path.stat().st_size for path in corpus.folder.rglob("*") if path.is_file())
    print(f"{len(list(corpus.folder.glob('*/*')))} files, {total / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
