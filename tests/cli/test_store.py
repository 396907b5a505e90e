"""einthoven store: parts of a preprocessing joined, stores appended, the index searched."""

import json
import shutil
import sqlite3

import numpy as np
import pytest

from ecg_corpora import write_challenge_corpus, write_challenge_record


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus") / "raw"
    write_challenge_corpus(folder, 11)
    (folder / "A" / "R004.mat").write_bytes(b"short")
    return folder


@pytest.fixture(scope="module")
def whole(einthoven, raw):
    store = raw.parent / "whole.ecgstore"
    einthoven("preprocess", "physionet2021", raw, "--dest", store, "--shard-mib", 1, check=True)
    return store


def preprocess_parts(einthoven, raw, folder, count):
    parts = [folder / f"part{i}.ecgstore" for i in range(1, count + 1)]
    for i, part in enumerate(parts, 1):
        einthoven("preprocess", "physionet2021", raw, "--dest", part, "--shard", f"{i}/{count}", check=True)
    return parts


def content(store):
    """Everything that does not depend on where the arrays were cut, and every segment."""
    index = sqlite3.connect(store / "index.sqlite")
    tables = {name: index.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in
              ("records", "fields", "labels", "splits", "notes", "quarantine", "store")}
    files = dict(index.execute("SELECT shard, file FROM shards"))
    arrays = {shard: np.load(store / file) for shard, file in files.items()}
    rows = index.execute("SELECT row, idx, number, shard, position FROM segments ORDER BY row").fetchall()
    return tables, [row[:3] for row in rows], np.stack([arrays[s][p] for _, _, _, s, p in rows])


def assert_same_content(a, b):
    (tables_a, rows_a, x), (tables_b, rows_b, y) = content(a), content(b)
    assert tables_a == tables_b and rows_a == rows_b
    np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("count", [1, 3, 13])
def test_merged_parts_equal_the_undivided_store(einthoven, tmp_path, raw, whole, count):
    parts = preprocess_parts(einthoven, raw, tmp_path, count)
    merged = tmp_path / "merged.ecgstore"
    einthoven("store", "merge", *reversed(parts), "--dest", merged, check=True)
    assert_same_content(merged, whole)
    assert (merged / "quarantine.csv").read_text() == (whole / "quarantine.csv").read_text()
    einthoven("store", "verify", merged, check=True)


def test_a_lost_part_is_named(einthoven, tmp_path, raw):
    parts = preprocess_parts(einthoven, raw, tmp_path, 3)
    lost = einthoven("store", "merge", parts[0], parts[2], "--dest", tmp_path / "m.ecgstore")
    assert lost.returncode == 3 and "missing: 2/3" in lost.stderr
    twice = einthoven("store", "merge", parts[0], parts[0], "--dest", tmp_path / "m.ecgstore")
    assert twice.returncode == 3 and not (tmp_path / "m.ecgstore").exists()
    einthoven("preprocess", "physionet2021", raw / "A", "--dest", tmp_path / "a.ecgstore", "--shard", "2/3", check=True)
    other = einthoven("store", "merge", parts[0], tmp_path / "a.ecgstore", parts[2], "--dest", tmp_path / "m.ecgstore")
    assert other.returncode == 3 and "2/3 is of another preprocessing" in other.stderr


@pytest.mark.parametrize("link", [[], ["--link"]])
def test_append_renumbers_and_keeps_both(einthoven, tmp_path, raw, whole, link):
    store, other, more = tmp_path / "s.ecgstore", tmp_path / "o.ecgstore", tmp_path / "more"
    shutil.copytree(whole, store)
    for i in range(3):
        write_challenge_record(more / "C", f"N{i}")
    einthoven("preprocess", "physionet2021", more, "--dest", other, check=True)
    done = einthoven("store", "append", store, other, *link, check=True)
    assert "3 recordings, 6 segments added, 1 stores with new idx" in done.stdout
    einthoven("store", "verify", store, check=True)
    _, rows, x = content(store)
    _, before, y = content(whole)
    np.testing.assert_array_equal(x, np.concatenate([y, content(other)[2]]))
    assert [row[1] for row in rows[len(before):]] == [11, 11, 12, 12, 13, 13]
    assert not list(store.glob("*working*"))
    again = einthoven("store", "append", store, other)
    assert again.returncode == 3 and "is in another of the stores too" in again.stderr
    assert not list(store.glob("*working*"))
    einthoven("store", "verify", store, check=True)


def test_stores_of_another_layout_do_not_mix(einthoven, tmp_path, raw, whole):
    for i, options in enumerate((["--rate", 250], ["--dtype", "int16"], ["--leads", "I,II"],
                                 ["--no-standardization"], ["--segment-seconds", 2])):
        other = tmp_path / f"{i}.ecgstore"
        einthoven("preprocess", "physionet2021", raw, "--dest", other, *options, check=True)
        wrong = einthoven("store", "merge", whole, other, "--dest", tmp_path / "m.ecgstore")
        assert wrong.returncode == 3 and "differs from that of" in wrong.stderr, options


def test_query(einthoven, tmp_path, whole):
    def names(*conditions):
        done = einthoven("store", "query", whole, *conditions, "--format", "json", check=True)
        return [r["name"].rsplit("_", 1)[1] for r in json.loads(done.stdout)]

    everything = [f"R{i:03d}" for i in (0, 2, 6, 8, 10, 1, 3, 5, 7, 9)]
    assert names() == everything
    assert names("--label", "164889003") == ["R000", "R006", "R003", "R009"]
    assert names("--label", "dx:164889003", "--dataset", "B") == ["R003", "R009"]
    assert names("--without", "164889003", "--limit", 2) == ["R002", "R008"]
    assert names("--rate", 500, "--lead", "v6") == everything
    assert names("--rate", 400) == [] and names("--field", "sex=0") == []
    keys = einthoven("store", "query", whole, "--label", "164889003", "--format", "keys", check=True)
    assert keys.stdout.splitlines()[:2] == ["physionet2021_A_R000:0", "physionet2021_A_R000:1"]
    assert einthoven("store", "query", whole, "--lead", "X").returncode == 2
    assert einthoven("store", "query", whole, "--split", "fold").returncode == 2


def test_query_by_patient_and_fold(einthoven, tmp_path, shared):
    store = tmp_path / "p.ecgstore"
    einthoven("preprocess", "ptb-xl", shared / "data/ptbxl_1.0.3_subset", "--dest", store, check=True)
    index = sqlite3.connect(store / "index.sqlite")
    fold, = index.execute("SELECT split FROM splits JOIN labels USING (idx) WHERE name = 'AFIB'").fetchone()
    done = einthoven("store", "query", store, "--label", "scp:AFIB", "--split", f"strat_fold={fold}",
                     "--format", "json", check=True)
    want = index.execute("SELECT idx FROM labels JOIN splits USING (idx) WHERE name = 'AFIB' AND "
                         "scheme = 'strat_fold' AND split = ? ORDER BY idx", [fold]).fetchall()
    found = json.loads(done.stdout)
    assert [(r["idx"],) for r in found] == want and want
    mine = einthoven("store", "query", store, "--patient", found[0]["patient"], "--format", "json", check=True)
    assert found[0]["idx"] in [r["idx"] for r in json.loads(mine.stdout)]


@pytest.mark.parametrize("shard", ["0/3", "4/3", "2", "a/b", "1/0"])
def test_wrong_shards(einthoven, tmp_path, raw, shard):
    wrong = einthoven("preprocess", "physionet2021", raw, "--dest", tmp_path / "x.ecgstore", "--shard", shard)
    assert wrong.returncode == 2 and "shard" in wrong.stderr


def test_numpy_and_sqlite_open_a_store_as_the_documentation_says(whole, monkeypatch):
    """The code of docs/formats/ecgstore.md runs as printed there."""
    from conftest import ROOT
    page = (ROOT / "docs/formats/ecgstore.md").read_text()
    code = page.split("```python\n")[1].split("```")[0].replace("ptbxl.ecgstore", str(whole))
    names = {}
    exec(code, names)
    assert names["x"].shape == (12, 2500)
