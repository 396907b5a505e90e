"""The short form of kills.py."""

import random

import kills
import pytest


@pytest.mark.parametrize("name", sorted(kills.JOBS))
def test_runs_survive_kills(shared, tmp_path, name):
    job = kills.JOBS[name](shared, tmp_path)
    assert kills.survive(job, tmp_path, 2 if name == "evaluate" else 4, random.Random()) >= 1
