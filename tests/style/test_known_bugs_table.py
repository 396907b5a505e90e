"""docs/known-bugs.md names tests that exist."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_every_row_names_a_test_that_exists():
    rows = re.findall(r"^\| (\d+) \|(.*)\|([^|]*)\|$", (ROOT / "docs/known-bugs.md").read_text(), re.M)
    assert [int(number) for number, *_ in rows] == list(range(1, 55))
    untested = set()
    for number, _, tests in rows:
        named = re.fullmatch(r' `(\S+)`: "(.*)" ', tests)
        if named is None:
            assert not tests.strip(), f"row {number}: {tests}"
            untested.add(int(number))
        else:
            assert named[2] in (ROOT / named[1]).read_text(), f"row {number}: {named[2]}"
    assert untested <= {21, 31, 32, 49, 51}
