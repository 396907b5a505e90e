"""Runs the program with preload.cpp, which lets its n-th call of the system fail."""

import dataclasses
import errno
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "cli")]

from conftest import program_path  # noqa: E402

EVERY_CALL = "EINTHOVEN_EVERY_CALL"  # set: each call fails once, not a sample of them


def build_preload(folder):
    """The library; None where there is no compiler."""
    compiler = next(filter(None, map(shutil.which, ["clang++-14", "clang++", "g++", "c++"])), None)
    if compiler is None:
        return None
    library = folder / "libfault.so"
    subprocess.run([compiler, "-std=c++20", "-O1", "-w", "-fPIC", "-shared", HERE / "preload.cpp",
                    "-o", library, "-ldl"], check=True)
    return library


@dataclasses.dataclass
class Done:
    code: int
    text: str  # of stderr
    calls: int  # that could have failed

    def faults(self):
        return [line for line in self.text.splitlines() if line.startswith("einthoven: ")]


class Faults:
    def __init__(self, library, folder):
        self.library = library
        self.count = folder / "calls.txt"

    def run(self, args, kind, under, at=0, error=errno.ENOSPC, **more):
        """`at`: the call that fails, from 1; 0: none, but they are counted."""
        self.count.write_text("0")
        done = subprocess.run(
            [str(program_path()), *map(str, args), "--log-level", "error"],
            capture_output=True, text=True, timeout=120, errors="replace", **more,
            env={**os.environ, "LD_PRELOAD": str(self.library), "FAULT_KIND": kind,
                 "FAULT_UNDER": str(under), "FAULT_AT": str(at), "FAULT_ERRNO": str(error),
                 "FAULT_COUNT": str(self.count)})
        return Done(done.returncode, done.stderr, int(self.count.read_text() or 0))


def sample(calls, most):
    """Numbers of calls to let fail: all, or the first, the last and some between."""
    if calls <= most or EVERY_CALL in os.environ:
        return range(1, calls + 1)
    ends = most // 3
    middle = most - 2 * ends
    step = (calls - 2 * ends) / middle
    return [*range(1, ends + 1), *(int(ends + 1 + step * i) for i in range(middle)),
            *range(calls - ends + 1, calls + 1)]


def content(folder):
    """Digest by name of the files below a folder."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}
