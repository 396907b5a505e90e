"""Fixtures for the tests that drive the program from outside."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent


def program_path():
    return pathlib.Path(os.environ.get("EINTHOVEN_BIN", ROOT / "build" / "einthoven")).absolute()


@pytest.fixture(scope="session")
def einthoven():
    """Runs the program: einthoven("plot", path, check=True) -> CompletedProcess with text output."""

    def run(*args, check=False, cwd=None, env=None, timeout=600):
        done = subprocess.run(
            [str(program_path()), *map(str, args)],
            capture_output=True, text=True, cwd=cwd, timeout=timeout,
            env={**os.environ, **(env or {})},
        )
        if check and done.returncode != 0:
            raise AssertionError(f"exit {done.returncode}: {done.args}\n{done.stdout}\n{done.stderr}")
        return done

    return run


@pytest.fixture(scope="session")
def shared():
    """The folder ../shared with fixtures and real recordings; it is not part of the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not there")
    return folder


@pytest.fixture(scope="session")
def broken(tmp_path_factory):
    """Runs the program with system calls that fail: broken.run(args, "write", folder, at=3)."""
    sys.path.append(str(ROOT / "tests/fault"))
    import faults

    folder = tmp_path_factory.mktemp("preload")
    library = faults.build_preload(folder)
    if library is None:
        pytest.skip("no C++ compiler")
    return faults.Faults(library, folder)
