"""einthoven check: faults of recordings, from outside."""

import csv
import io
import json
import sqlite3

import h5py
import numpy as np
import pytest


@pytest.fixture(scope="module")
def folder(einthoven, shared, tmp_path_factory):
    """A real recording, a copy of it, one with an inverted lead, one in microvolts, one broken."""
    folder = tmp_path_factory.mktemp("recordings")
    source = shared / "data" / "ptbxl_1.0.3_subset" / "records500" / "00000" / "00001_hr"
    einthoven("convert-recording", source, folder / "a.npy", check=True)
    samples, sidecar = np.load(folder / "a.npy"), (folder / "a.json").read_text()
    inverted = samples.copy()
    inverted[2] *= -1
    for name, x in {"copy": samples, "inverted": inverted, "microvolts": samples * 1000}.items():
        np.save(folder / f"{name}.npy", x)
        (folder / f"{name}.json").write_text(sidecar)
    (folder / "copy.json").write_text(sidecar.replace('"units": "mV"', '"about": "no unit"'))
    np.save(folder / "labels.npy", np.zeros(3))  # no .json: not a recording
    (folder / "broken.hea").write_text("broken two 500\n")
    return folder


def findings(done):
    """{file name: {check: finding}} of a JSON report."""
    records = json.loads(done.stdout)["records"]
    return {r["path"].rsplit("/", 1)[1]: {f["check"]: f for f in r["findings"]} for r in records}


def test_json(einthoven, folder):
    done = einthoven("check", folder, "--format", "json")
    assert done.returncode == 1
    found = findings(done)
    assert set(found) == {"a.npy", "broken.hea", "copy.npy", "inverted.npy", "microvolts.npy"}
    assert not found["a.npy"] and found["copy.npy"]["unit"]["severity"] == "note"
    assert "a.npy" in found["copy.npy"]["duplicate"]["text"]
    assert found["inverted.npy"]["identity"]["leads"] == ["III"]
    assert found["inverted.npy"]["identity"]["severity"] == "fault"
    assert found["inverted.npy"]["identity"]["mendable"]
    assert found["microvolts.npy"]["unit"]["severity"] == "fault"
    assert "number of signals" in found["broken.hea"]["unreadable"]["text"]
    summary = json.loads(done.stdout)["summary"]
    assert summary["recordings"] == 5 and summary["with_faults"] == 3


def test_csv_and_text(einthoven, folder):
    rows = list(csv.DictReader(io.StringIO(einthoven("check", folder, "--format", "csv").stdout)))
    assert {"check": "identity", "severity": "fault", "leads": "III"}.items() <= next(
        r for r in rows if r["check"] == "identity").items()
    text = einthoven("check", folder, "--show", "fault").stdout
    assert "inverted.npy: fault: identity: III:" in text
    assert "duplicate" in text and "same samples" not in text  # counted, but not a fault
    assert text.endswith("5 recordings: 3 with faults, 1 with warnings\n")


def test_html_has_pictures_of_the_worst(einthoven, folder, tmp_path):
    einthoven("check", folder, "--html", tmp_path / "x.html", "--pictures", 2)
    page = (tmp_path / "x.html").read_text()
    assert page.count("<img") == 2
    assert "inverted.npy" in page and "<script" not in page


def test_exit_code(einthoven, folder):
    assert einthoven("check", folder / "a.npy").returncode == 0
    assert einthoven("check", folder / "inverted.npy").returncode == 1
    assert einthoven("check", folder / "inverted.npy", "--fail-on", "never").returncode == 0
    done = einthoven("check", folder / "a.npy", folder / "copy.npy", "--fail-on", "warning")
    assert done.returncode == 1


def test_threads_change_nothing(einthoven, folder):
    one, four = (einthoven("check", folder, "--format", "json", "--threads", n).stdout for n in (1, 4))
    assert one == four


def test_a_folder_without_recordings_is_an_error(einthoven, tmp_path):
    done = einthoven("check", tmp_path)
    assert done.returncode == 4 and "no recording" in done.stderr


def test_known_traps_of_the_field(einthoven, shared):
    data = shared / "data"
    traps = {data / "cinc2020_awwong1/E/E00015.hea": "gain", data / "ludb_1.0.1/data/1.hea": "gain",
             data / "cinc2021_smoke/JS/JS45542.hea": "flat", data / "ludb_1.0.1/data/74.hea": "paced",
             data / "code15_ecgfm/org": "unit"}
    for path, check in traps.items():
        found = findings(einthoven("check", path, "--format", "json"))
        assert all(check in f for f in found.values()), (path, found)


def preprocess(einthoven, source, dest, policy):
    einthoven("preprocess", "physionet2021", source, "--dest", dest, "--checks", policy,
              "--no-standardization", "--segment-seconds", 0, check=True)
    with sqlite3.connect(dest / "index.sqlite") as index:
        notes = dict(index.execute("SELECT path, note FROM records JOIN notes USING (idx) "
                                   "WHERE note LIKE 'check %fault%'"))
        refused = dict(index.execute("SELECT path, reason FROM quarantine"))
        samples = {path: np.load(dest / "signals-00000.npy", mmap_mode="r")[position:position + 60000]
                   for path, position in index.execute(
                       "SELECT path, position FROM records JOIN segments USING (idx)")}
    return notes, refused, samples


def test_preprocessing_reports_quarantines_or_repairs(einthoven, shared, tmp_path):
    source = tmp_path / "raw"
    healthy = shared / "data" / "cinc2021_smoke" / "HR" / "HR00001"
    convert = ("convert-recording", healthy)
    einthoven(*convert, tmp_path / "a.npy", check=True)
    samples, sidecar = np.load(tmp_path / "a.npy"), (tmp_path / "a.json").read_text()
    inverted, flat, nanovolts = samples.copy(), samples.copy(), samples * 1e6
    inverted[2] *= -1
    flat[7] = 0
    for name, x in {"good": samples, "inverted": inverted, "flat": flat, "nanovolts": nanovolts}.items():
        np.save(tmp_path / f"{name}.npy", x)
        (tmp_path / f"{name}.json").write_text(sidecar)
        (source / "g").mkdir(parents=True, exist_ok=True)
        einthoven("convert-recording", tmp_path / f"{name}.npy", source / "g" / name, "--wfdb-format",
                  32 if name == "nanovolts" else 16, check=True)
        with open(source / "g" / f"{name}.hea", "a") as header:
            header.write("# Dx: 426783006\n")
    off = preprocess(einthoven, source, tmp_path / "off", "off")
    assert not off[0] and not off[1]
    notes, refused, _ = preprocess(einthoven, source, tmp_path / "report", "report")
    assert set(notes) == {"g/inverted", "g/flat", "g/nanovolts"} and not refused
    notes, refused, kept = preprocess(einthoven, source, tmp_path / "quarantine", "quarantine")
    assert set(refused) == {"g/inverted", "g/flat", "g/nanovolts"} and set(kept) == {"g/good"}
    assert "identity" in refused["g/inverted"]
    notes, refused, mended = preprocess(einthoven, source, tmp_path / "repair", "repair")
    assert set(refused) == {"g/flat", "g/nanovolts"} and "still after mending" in refused["g/nanovolts"]
    assert notes["g/inverted"].endswith("; mended")
    np.testing.assert_allclose(mended["g/inverted"], off[2]["g/good"], atol=2e-3)


def test_repair_mends_what_is_certain_and_guesses_nothing(einthoven, shared, tmp_path):
    """Kept recordings are true again, or as they came; what the beat alone says is never applied."""
    raw = tmp_path / "raw"
    raw.mkdir()
    cabrera = [4, 0, 3, 1, 5, 2]  # aVL, I, aVR, II, aVF, III
    faults = {"cabrera": lambda x: np.concatenate([x[cabrera], x[6:]]),
              "chest": lambda x: np.concatenate([x[:6], x[:5:-1]]),
              "arms": lambda x: np.concatenate([np.stack([-x[0], x[2], x[1], x[4], x[3], x[5]]), x[6:]]),
              "upside_down": lambda x: -x}
    originals = {}
    for header in sorted((shared / "data/ptbxl_1.0.3_subset/records500/00000").glob("*.hea"))[:12]:
        einthoven("convert-recording", header, tmp_path / "a.npy", check=True)
        samples = np.load(tmp_path / "a.npy")
        for fault, spoil in faults.items():
            path = raw / f"{header.stem}_{fault}.npy"
            np.save(path, spoil(samples))
            path.with_suffix(".json").write_text((tmp_path / "a.json").read_text())
            originals[path.name] = samples if fault == "cabrera" else spoil(samples)
    store = tmp_path / "s.ecgstore"
    einthoven("preprocess", "folder", raw, "--dest", store, "--checks", "repair", "--no-standardization",
              "--segment-seconds", 0, check=True)
    kept = np.load(store / "signals-00000.npy").reshape(-1, 12, 5000)
    with sqlite3.connect(store / "index.sqlite") as index:
        names = [name for name, in index.execute("SELECT path FROM records JOIN segments USING (idx) ORDER BY row")]
        mended = {name for name, in index.execute("SELECT path FROM records JOIN notes USING (idx) "
                                                  "WHERE note LIKE '%; mended'")}
    for name, samples in zip(names, kept):
        np.testing.assert_allclose(samples, originals[name], atol=2e-3, err_msg=name)
    assert len(mended) >= 8 and all(name.endswith("cabrera.npy") for name in mended)
    assert sum(name.endswith("upside_down.npy") for name in names) <= 2


def test_files_of_several_recordings_are_taken_apart(einthoven, tmp_path):
    einthoven("simulate", tmp_path / "code", "--as", "code-15", "--count", 6, check=True)
    done = einthoven("check", tmp_path / "code", "--format", "json", "--fail-on", "never", check=True)
    records = json.loads(done.stdout)["records"]
    exams = sum(len(h5py.File(part)["exam_id"]) for part in (tmp_path / "code").glob("*.hdf5"))
    assert len(records) == exams and all("::" in record["path"] for record in records)
    assert all("unit" in [finding["check"] for finding in record["findings"]] for record in records[:3])
    assert not any("unreadable" in finding["check"] for record in records for finding in record["findings"])
    store = tmp_path / "s.ecgstore"
    done = einthoven("preprocess", "folder", tmp_path / "code", "--rate", 400, "--dest", store, check=True)
    assert f"{exams} recordings" in done.stdout  # and exams.csv, which is none, in the quarantine
