"""einthoven preprocess folder: any files, with or without a table of labels."""

import json
import sqlite3

import numpy as np
import pytest
import wfdb
from ecg_corpora import write_challenge_record

FORMATS = [".hea", ".npy", ".npz", ".csv", ".mat", ".h5", ".edf", ".dcm"]


@pytest.fixture(scope="module")
def ecgs(einthoven, tmp_path_factory):
    """One simulated recording of 10 s in every format that is written."""
    root = tmp_path_factory.mktemp("folder")
    einthoven("simulate", root / "made", "--count", 1, "--layout", "wfdb", check=True)
    folder = root / "ecgs"
    (folder / "deep").mkdir(parents=True)
    for number, extension in enumerate(FORMATS):
        name = f"deep/r{number}" if number % 2 else f"r{number}"
        einthoven("convert-recording", root / "made/records/SIM00001", folder / (name + extension),
                  check=True)
    (folder / "README.md").write_text("one, two\nthree, four\n")
    truth = wfdb.rdrecord(str(root / "made/records/SIM00001")).p_signal.T
    return folder, truth


def rows(store, query):
    return sqlite3.connect(store / "index.sqlite").execute(query).fetchall()


def preprocess(einthoven, tmp_path, folder, *options, check=True):
    store = tmp_path / "s.ecgstore"
    return store, einthoven("preprocess", "folder", folder, "--dest", store, "--normalise", "off",
                            "--segment-seconds", 10, *options, check=check)


def test_every_format_gives_the_same_segment(einthoven, tmp_path, ecgs):
    folder, truth = ecgs
    store, done = preprocess(einthoven, tmp_path, folder)
    assert "8 recordings, 8 segments, 0 too short, 0 quarantined" in done.stdout
    for segment in np.load(store / "signals-00000.npy"):
        np.testing.assert_allclose(segment, truth, atol=0.001)
    assert ("deep/r1.npy",) in rows(store, "SELECT path FROM records")
    assert ("r0",) in rows(store, "SELECT path FROM records")


def test_names_that_are_not_utf8(einthoven, tmp_path, ecgs):
    folder = tmp_path / "ecgs"
    folder.mkdir()
    name = b"lat\xe4in.npz"
    (folder / name.decode("utf-8", "surrogateescape")).write_bytes((ecgs[0] / "r2.npz").read_bytes())
    store, _ = preprocess(einthoven, tmp_path, folder)
    assert rows(store, "SELECT name, path FROM records") == [("folder_latäin.npz", "latäin.npz")]
    done = einthoven("store", "query", store, "--format", "json", check=True)
    assert json.loads(done.stdout)


def test_table_gives_labels_patients_splits_and_order(einthoven, tmp_path, ecgs):
    folder, _ = ecgs
    table = tmp_path / "labels.csv"
    table.write_text("file,patient_id,AF,LBBB,rhythm,score,fold,site\n"
                     "r2,P1,1,0,sinus;paced,0.25,3,A\n"       # by path without extension
                     "r0,P1,0,1,AF,,4,A\n"                    # a WFDB record
                     "r3.csv,P2,0,0,,0,4,B\n"                 # by file name
                     "gone.edf,P3,1,1,sinus,1,1,B\n")
    store, done = preprocess(einthoven, tmp_path, folder, "--labels", table, "--split-column", "fold",
                             "--label-columns", "AF,LBBB,rhythm,score")
    assert "3 recordings, 3 segments, 0 too short, 1 quarantined" in done.stdout
    assert rows(store, "SELECT idx, path FROM records ORDER BY idx") == [
        (0, "r2.npz"), (1, "r0"), (2, "deep/r3.csv")]
    assert rows(store, "SELECT idx, kind, name, value FROM labels WHERE kind IN ('label', 'rhythm') "
                "ORDER BY 1, 2, 3") == [
        (0, "label", "AF", 1), (0, "label", "score", 0.25), (0, "rhythm", "paced", 1),
        (0, "rhythm", "sinus", 1), (1, "label", "LBBB", 1), (1, "rhythm", "AF", 1)]
    assert rows(store, "SELECT count(DISTINCT patient) FROM records") == [(2,)]
    assert rows(store, "SELECT idx, split FROM splits WHERE scheme = 'fold' ORDER BY 1") == [
        (0, "3"), (1, "4"), (2, "4")]
    assert rows(store, "SELECT value FROM fields WHERE name = 'site' ORDER BY idx") == [
        ("A",), ("A",), ("B",)]
    assert "gone.edf" in (store / "quarantine.csv").read_text()


@pytest.mark.parametrize("name", ["A1", "A1.hea", "A1.mat", "g/A1.mat"])
def test_a_wfdb_record_of_a_subfolder_by_any_of_its_names(einthoven, tmp_path, name):
    write_challenge_record(tmp_path / "ecgs/g", "A1")
    (tmp_path / "labels.csv").write_text(f"filename,AF\n{name},1\n")
    store, _ = preprocess(einthoven, tmp_path, tmp_path / "ecgs", "--labels", tmp_path / "labels.csv")
    assert rows(store, "SELECT name FROM labels WHERE kind = 'label'") == [("AF",)]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_tables_with_semicolons_or_tabs(einthoven, tmp_path, ecgs, separator):
    lines = [["file", "AF", "score", "note"], ["r2", "1", "0,25", "a, b"], ["r0", "0", "1", ""]]
    (tmp_path / "l.csv").write_text("".join(separator.join(line) + "\n" for line in lines))
    store, _ = preprocess(einthoven, tmp_path, ecgs[0], "--labels", tmp_path / "l.csv",
                          "--label-columns", "AF,score")
    assert rows(store, "SELECT idx, name, value FROM labels WHERE kind = 'label' ORDER BY 1, 2") == [
        (0, "AF", 1), (0, "score", 0.25), (1, "score", 1)]
    assert rows(store, "SELECT value FROM fields WHERE name = 'note'") == [("a, b",)]


def test_without_label_columns_those_of_flags_are_taken(einthoven, tmp_path, ecgs):
    table = tmp_path / "labels.csv"
    table.write_text("path,AF,age,note\nr2.npz,True,61,fine\ndeep/r1.npy,False,47,\n")
    store, _ = preprocess(einthoven, tmp_path, ecgs[0], "--labels", table)
    assert ("AF",) in rows(store, "SELECT name FROM labels WHERE kind = 'label'")
    assert rows(store, "SELECT value FROM fields WHERE name = 'age' ORDER BY idx") == [("61",), ("47",)]


@pytest.mark.parametrize("text, options, problem", [
    ("file,AF\nx,1\ny,0\n", [], "none of its 2 names is a recording below"),
    ("ecg,AF\nr0,1\n", [], "no column names the files (has ecg, AF): name it with --file-column"),
    ("file,AF\nr0,1\nr2,0\nr0,1\n", [], 'labels.csv:4: file: "r0" is listed twice (also in line 2)'),
    ("file,AF\nr2.npz,1\n./r2.npz,0\n", [], 'labels.csv:3: file: "r2.npz" is listed twice (also in line 2)'),
    ("file,AF\ndeep/r1.npy,1\ndeep//r1.npy,0\n", [], '"deep/r1.npy" is listed twice'),
    ("file,AF\nr0,1\nr0.dat,0\n", [], '"r0.dat" is listed twice'),
    ("file,AF,AF\nr0,1,0\n", [], 'two columns are named "AF"'),
    ("file,AF\n../r0,1\n", [], "not a path in the corpus"),
    ("file,AFIB\nr0,1\n", ["--label-columns", "AFIV"], "AFIB"),
    ("file,AF\nr0\n", [], "labels.csv:2"),
])
def test_faults_of_the_table_are_named(einthoven, tmp_path, ecgs, text, options, problem):
    table = tmp_path / "labels.csv"
    table.write_text(text)
    _, done = preprocess(einthoven, tmp_path, ecgs[0], "--labels", table, *options, check=False)
    assert done.returncode == 3 and problem in done.stderr


def test_missing_labels_and_texts_in_latin_1(einthoven, tmp_path, ecgs):
    table = tmp_path / "labels.csv"
    table.write_bytes("path,AF,befund\nr2.npz,NaN,Ischämie\nr4.mat,1,\n".encode("cp1252"))
    store, done = preprocess(einthoven, tmp_path, ecgs[0], "--labels", table, "--label-columns", "AF")
    assert "2 recordings, 2 segments" in done.stdout
    assert rows(store, "SELECT idx, name FROM labels WHERE kind = 'label'") == [(1, "AF")]
    assert rows(store, "SELECT value FROM fields WHERE name = 'befund'") == [("Ischämie",)]


def test_what_only_calls_itself_a_recording_is_quarantined(einthoven, tmp_path, ecgs):
    folder = tmp_path / "ecgs"
    folder.mkdir()
    (folder / "good.npz").write_bytes((ecgs[0] / "r2.npz").read_bytes())
    (folder / "empty.edf").touch()
    (folder / "noise.dcm").write_bytes(np.random.default_rng(1).bytes(500))
    (folder / "dangling.h5").symlink_to(tmp_path / "nowhere")
    store, done = preprocess(einthoven, tmp_path, folder)
    assert "1 recordings, 1 segments, 0 too short, 3 quarantined" in done.stdout
    reasons = (store / "quarantine.csv").read_text()
    assert all(name in reasons for name in ("empty.edf", "noise.dcm", "dangling.h5"))


def test_files_without_rate_gain_or_leads(einthoven, tmp_path):
    folder = tmp_path / "bare"
    folder.mkdir()
    samples = np.random.default_rng(1).integers(-500, 500, (2, 1000)).astype("<i2")
    np.save(folder / "a.npy", samples)
    _, done = preprocess(einthoven, tmp_path, folder, check=False)
    assert done.returncode == 3 and "1 quarantined" in done.stdout
    store = tmp_path / "b.ecgstore"
    einthoven("preprocess", "folder", folder, "--dest", store, "--file-rate", 250, "--file-gain", 200,
              "--file-leads", "V2,II", "--leads", "II,V2", "--rate", 250, "--normalise", "off",
              "--segment-seconds", 4, check=True)
    np.testing.assert_allclose(np.load(store / "signals-00000.npy")[0], samples[::-1] / 200, atol=1e-6)


def test_empty_files_and_lost_links_of_every_kind_are_in_the_quarantine(einthoven, tmp_path, ecgs):
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "good.npz").write_bytes((ecgs[0] / "r2.npz").read_bytes())
    kinds = ["npy", "xml", "mat", "csv", "tsv", "npz", "h5", "scp", "hol", "edf", "hea"]
    for kind in kinds:
        (folder / f"empty.{kind}").touch()
        (folder / f"lost.{kind}").symlink_to(tmp_path / "nowhere")
    einthoven("preprocess", "folder", folder, "--dest", tmp_path / "s.ecgstore", check=True)
    kept = (tmp_path / "s.ecgstore/quarantine.csv").read_text()
    for name in ("empty", "lost"):
        for kind in kinds:
            assert f"{name}.{kind}" in kept or (kind == "hea" and f"{name}," in kept), (name, kind)
    (folder / "good.npz").unlink()
    done = einthoven("preprocess", "folder", folder, "--dest", tmp_path / "none.ecgstore")
    assert done.returncode == 3 and "none could be used" in done.stderr
