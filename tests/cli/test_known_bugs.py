"""Faults of the reference's data pipeline that no other test shows mended (docs/known-bugs.md)."""

import csv
import shutil
import sqlite3

import numpy as np
import pytest
from scipy.io import loadmat

from ecg_corpora import LEADS, write_challenge_corpus, write_challenge_record


def export(einthoven, tmp_path, *options, name="x"):
    """The store and the folder that one preprocessing writes."""
    store, folder = tmp_path / f"{name}.ecgstore", tmp_path / name
    einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", store, "--export", "fairseq", folder,
              *options, check=True)
    return store, folder


def notes(store):
    return [note for note, in sqlite3.connect(store / "index.sqlite").execute("SELECT note FROM notes ORDER BY idx")]


def change_lead(raw, name, lead, values):
    """Puts other samples into one lead of a Challenge record."""
    file = raw / f"{name}.mat"
    content = file.read_bytes()
    digital = np.frombuffer(content[24:], "<i2").reshape(-1, 12).copy()
    digital[:, LEADS.index(lead)] = values
    file.write_bytes(content[:24] + digital.tobytes())
    header = (raw / f"{name}.hea").read_text().splitlines()
    for i, row in enumerate(digital.T):
        fields = header[1 + i].split()
        fields[5], fields[6] = str(row[0]), str(row.sum(dtype=np.int16))
        header[1 + i] = " ".join(fields)
    (raw / f"{name}.hea").write_text("\n".join(header) + "\n")


def test_row_7_export_without_standardisation(einthoven, tmp_path):
    digital = write_challenge_record(tmp_path / "raw/A", "R1")
    store, folder = export(einthoven, tmp_path, "--no-standardization")
    mat = loadmat(folder / "segmented/physionet2021_R1_1.mat")
    np.testing.assert_array_equal(mat["feats"], digital[:, 2500:] / 1000)
    assert "mean" not in mat and "std" not in mat
    assert sqlite3.connect(store / "index.sqlite").execute("SELECT mean, std FROM records").fetchone() == (None, None)


def test_row_8_skipping_org_keeps_the_running_manifest(einthoven, tmp_path):
    write_challenge_record(tmp_path / "raw/A", "R1", samples=3000, rate=250)
    _, folder = export(einthoven, tmp_path, "--skip", "org", "--manifest-file", tmp_path / "all.csv")
    assert not (folder / "org").exists() and (folder / "preprocessed").is_dir()
    with open(tmp_path / "all.csv") as file:
        row = next(csv.DictReader(file))
    assert (row["sample_rate"], row["sample_size"]) == ("250", "3000")


def test_row_9_a_flat_lead_is_found_whatever_its_value(einthoven, tmp_path):
    """The index has the exact test; meta.csv keeps the reference's, which misses most values but 0."""
    for name, value in {"R0": 0, "R1": 123}.items():
        write_challenge_record(tmp_path / "raw/A", name)
        change_lead(tmp_path / "raw/A", name, "V2", value)
    store, folder = export(einthoven, tmp_path)
    assert notes(store) == ["lead V2: constant"] * 2
    with open(folder / "meta.csv") as file:
        assert [row["constant_leads"] for row in csv.DictReader(file)] == ["['V2']", "[]"]
    for i in range(2):
        assert (loadmat(folder / f"segmented/physionet2021_R{i}_0.mat")["feats"][7] == 0).all()


def test_row_10_tables_of_the_reference_are_read(einthoven, tmp_path):
    """Empty rows of short recordings, _10 before _2, idx as a float: a store has them in order of time."""
    long = write_challenge_record(tmp_path / "raw/A", "R1", samples=28000)
    write_challenge_record(tmp_path / "raw/A", "R2", samples=800)
    store, folder = export(einthoven, tmp_path)
    table = (folder / "segmented.csv").read_text().splitlines()
    assert [line.split(",")[0][-7:] for line in table[1:4]] == ["1_0.mat", "1_1.mat", "_10.mat"]
    assert table[-1].startswith(",,") and len(table) == 1 + 11 + 1
    split = [line.split(",") for line in (folder / "meta.csv").read_text().splitlines()]
    split[1][0] = "0.0"
    (folder / "meta.csv").write_text("\n".join(map(",".join, split)) + "\n")
    again = tmp_path / "again.ecgstore"
    einthoven("store", "import", folder, "--dest", again, check=True)
    first = np.load(again / "signals-00000.npy")
    assert first.shape == (11, 12, 2500)
    x = long / 1000
    z = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)
    for segments in (first, np.load(store / "signals-00000.npy")):
        np.testing.assert_allclose(np.concatenate(list(segments), 1), z[:, :27500], atol=1e-5)


@pytest.mark.parametrize("mode, found", [("any", True), ("exact", False)])
def test_row_12_lead_names_in_any_spelling(einthoven, tmp_path, mode, found):
    write_challenge_record(tmp_path / "raw/A", "R1")
    header = tmp_path / "raw/A/R1.hea"
    header.write_text(header.read_text().replace("aVR", "AVR").replace("aVF", "avf"))
    store, _ = export(einthoven, tmp_path, "--lead-names", mode)
    assert notes(store) == ([] if found else ["lead aVR: absent", "lead aVF: absent"])
    assert (np.load(store / "signals-00000.npy")[0].std(1) > 0).sum() == (12 if found else 10)


def test_row_26_invalid_samples_ages_and_empty_folders(einthoven, tmp_path):
    """fairseq-signals takes -32768 as -32.768 mV, reads every age as 0 and every sex as 1, and stops at an empty folder."""
    for name, age in {"R1": 47, "R2": 81}.items():
        write_challenge_record(tmp_path / "raw/A", name, age=age)
    values = np.arange(5000) % 700
    values[17] = -32768
    change_lead(tmp_path / "raw/A", "R2", "III", values)
    header = tmp_path / "raw/A/R1.hea"
    header.write_text(header.read_text().replace("#Age:", "# Age:").replace("Female", "Male"))
    (tmp_path / "raw/B").mkdir()
    for missing, lost in (("zero", 0.0), ("nan", np.nan)):
        store, _ = export(einthoven, tmp_path, "--missing", missing, name=missing)
        index = sqlite3.connect(store / "index.sqlite")
        assert index.execute("SELECT value FROM fields WHERE name = 'age' ORDER BY idx").fetchall() == [("47",), ("81",)]
        assert index.execute("SELECT value FROM fields WHERE name = 'sex' ORDER BY idx").fetchall() == [("0",), ("1",)]
        assert notes(store) == ["lead III: 1 invalid samples"]
        signals = np.load(store / "signals-00000.npy")
        np.testing.assert_array_equal(signals[2:, 2], np.full((2, 2500), lost, np.float32))
        assert np.isfinite(np.delete(signals, 2, axis=1)).all()
    store, _ = export(einthoven, tmp_path, "--rate", 50, name="skipped")  # two of ten samples are read, not that one
    assert notes(store) == ["lead III: 1 invalid samples"]


def test_row_27_normal_recordings_only(einthoven, tmp_path, shared):
    store = tmp_path / "p.ecgstore"
    einthoven("preprocess", "ptb-xl", shared / "data/ptbxl_1.0.3_subset", "--dest", store, check=True)
    found = einthoven("store", "query", store, "--label", "scp:NORM", check=True).stdout.splitlines()
    count, = sqlite3.connect(store / "index.sqlite").execute(
        "SELECT count(*) FROM labels WHERE kind = 'scp' AND name = 'NORM'").fetchone()
    assert 0 < count < 254 and len(found) == 1 + count


def test_row_53_grouped_temporal_with_its_filter(einthoven, tmp_path, shared):
    store = tmp_path / "p.ecgstore"
    einthoven("preprocess", "ptb-xl", shared / "data/ptbxl_1.0.3_subset", "--dest", store, check=True)
    counts = {}
    for rule in ("false", "train", "true"):
        done = einthoven("manifest", "split", store, "--dest", tmp_path / rule, "--strategy", "grouped_temporal",
                         "--date-col", "recording_date", "--filter", rule)
        assert done.returncode == 0, done.stderr
        counts[rule] = sum(len((tmp_path / rule / f"{part}.tsv").read_text().splitlines()) - 1
                           for part in ("train", "valid", "test"))
    assert counts["true"] <= counts["train"] <= counts["false"]


def test_the_names_of_an_export_lose_the_common_folder(einthoven, tmp_path):
    """Row 11: as the reference in an export, else the whole path of the recording."""
    corpus = write_challenge_corpus(tmp_path / "raw", 2)
    shutil.rmtree(tmp_path / "raw/B")
    _, folder = export(einthoven, tmp_path)
    assert [path.name for path in (folder / "org").iterdir()] == ["physionet2021_R000.mat"]
    store = tmp_path / "plain.ecgstore"
    einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", store, check=True)
    name, = sqlite3.connect(store / "index.sqlite").execute("SELECT name FROM records").fetchone()
    assert name == "physionet2021_A_R000" and set(corpus) == {"A/R000", "B/R001"}


def test_row_48_headers_with_a_space(einthoven, tmp_path, shared):
    """evaluation-2021 takes "# Dx" for no diagnosis at all."""
    fixture, labels = shared / "fixtures/cinc2021", tmp_path / "labels"
    labels.mkdir()
    for header in (fixture / "labels").glob("*.hea"):
        (labels / header.name).write_text(header.read_text().replace("#Dx:", "# Dx:"))
    command = ["score", labels, fixture / "outputs", "--weights", shared / "data/labels/cinc2021/weights.csv"]
    assert einthoven(*command, check=True).stdout == (fixture / "scores.csv").read_text() + "\n"
    strict = einthoven(*command, "--strict-dx")
    assert strict.stdout != (fixture / "scores.csv").read_text() + "\n"
