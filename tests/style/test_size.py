"""Files stay short and free of unfinished marks."""

import pathlib
import re
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ("*.h", "*.cpp", "*.py", "*.sh", "*.cmake")


def sources():
    listed = subprocess.run(["git", "ls-files", *SOURCES], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def test_no_file_is_long():
    lengths = {path: len(path.read_text().splitlines()) for path in sources()}
    long = [f"{path.relative_to(ROOT)}: {n} lines (at most 600)" for path, n in lengths.items() if n > 600]
    assert not long, "\n".join(long)
    assert statistics.median(lengths.values()) <= 160


def test_no_unfinished_marks():
    mark = re.compile(r"\b(TODO|FIXME|XXX)\b")
    wrong = [f"{path.relative_to(ROOT)}:{i}" for path in sources() if path != pathlib.Path(__file__)
             for i, line in enumerate(path.read_text().splitlines(), 1) if mark.search(line)]
    assert not wrong, "\n".join(wrong)
