"""einthoven preprocess of every corpus: real samples, fixtures and imitations, against other readers."""

import csv
import sqlite3

import h5py
import numpy as np
import pandas as pd
import pytest
import wfdb
from scipy.io import loadmat

from ecg_corpora import LEADS

TWELVE = ["ptb-xl", "mimic-iv-ecg", "csn", "code-15", "sami-trop", "sph", "cpsc2018", "muse", "incartdb",
          "ludb", "ptbdb"]
OTHERS = ["mitdb", "afdb", "ltafdb", "nsrdb", "svdb", "stdb", "vfdb", "cudb", "chfdb", "ltdb", "edb", "cpsc2021", "qtdb",
          "ecg-id"]


class Store:
    def __init__(self, path):
        self.path = path
        self.index = sqlite3.connect(path / "index.sqlite")

    def all(self, query, *values):
        return self.index.execute(query, values).fetchall()

    def fields(self, path):
        return dict(self.all("SELECT f.name, f.value FROM fields f JOIN records r USING (idx) "
                             "WHERE r.path = ?", path))

    def labels(self, path, kind):
        return dict(self.all("SELECT l.name, l.value FROM labels l JOIN records r USING (idx) "
                             "WHERE r.path = ? AND l.kind = ?", path, kind))

    def segments(self):
        """Path of the recording -> its first segment."""
        shards = [np.load(self.path / file) for file, in self.all("SELECT file FROM shards ORDER BY shard")]
        offsets = self.all("SELECT r.path, s.shard, s.position FROM segments s JOIN records r USING (idx) "
                           "WHERE s.number = 0")
        return {path: shards[shard][position] for path, shard, position in offsets}


@pytest.fixture
def preprocess(einthoven, tmp_path):
    """In millivolts, as the files have them, one segment of five seconds and more a recording."""
    def run(corpus, folder, *options):
        dest = tmp_path / f"{corpus}.ecgstore"
        done = einthoven("preprocess", corpus, folder, "--dest", dest, "--normalise", "off", *options,
                         check=True)
        return Store(dest), done.stdout
    return run


@pytest.fixture
def imitate(einthoven, tmp_path):
    def run(corpus, count=8, *options):
        einthoven("simulate", tmp_path / corpus, "--as", corpus, "--count", count, "--noise", "none",
                  *options, check=True)
        return tmp_path / corpus
    return run


def test_every_corpus_is_imitated(einthoven):
    text = einthoven("simulate", "--help", check=True).stdout
    assert all(name in text for name in TWELVE + OTHERS)


@pytest.mark.parametrize("corpus", TWELVE)
def test_imitation_goes_in_whole_with_its_limb_leads(corpus, imitate, preprocess):
    folder = imitate(corpus)
    store, text = preprocess(corpus, folder)
    assert "0 too short, 0 quarantined" in text
    for path, x in store.segments().items():
        if corpus == "ludb":  # its gains are not gains
            break
        i, ii, iii, avr, avl, avf = x[:6]
        np.testing.assert_allclose(ii, i + iii, atol=0.03, err_msg=path)
        np.testing.assert_allclose(avr, -(i + ii) / 2, atol=0.03, err_msg=path)
        np.testing.assert_allclose(avl, (i - iii) / 2, atol=0.03, err_msg=path)
        np.testing.assert_allclose(avf, (ii + iii) / 2, atol=0.03, err_msg=path)


@pytest.mark.parametrize("corpus", OTHERS)
def test_imitated_database_goes_in_whole(corpus, imitate, preprocess):
    folder = imitate(corpus, 3, "--seconds", "20")
    store, text = preprocess(corpus, folder)
    windows = 3 if corpus == "ecg-id" else 12
    assert f"{windows} recordings, 12 segments, 0 too short, 0 quarantined" in text
    assert store.all("SELECT count(*) FROM labels WHERE kind = 'beat'")[0][0] >= windows
    assert store.all("SELECT count(DISTINCT patient) FROM records")[0][0] >= 2


def test_imitation_depends_on_the_seed_alone(einthoven, tmp_path):
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        einthoven("simulate", tmp_path / name, "--as", "sph", "--count", 2, "--seed", seed, check=True)
    a, b, c = ((tmp_path / name / "records/A00002.h5").read_bytes() for name in "abc")
    assert a == b != c


# --- MIMIC-IV-ECG ---

def test_mimic_leads_are_taken_by_name(imitate, preprocess):
    folder = imitate("mimic-iv-ecg")
    store, _ = preprocess("mimic-iv-ecg", folder)
    for path, x in store.segments().items():
        raw = wfdb.rdrecord(str(folder / path))
        assert raw.sig_name[4:6] == ["aVF", "aVL"]
        for lead, row in zip(LEADS, x):
            np.testing.assert_allclose(row, raw.p_signal[:2500, raw.sig_name.index(lead)], atol=1e-6)


def test_mimic_tables_are_joined_by_study(imitate, preprocess):
    folder = imitate("mimic-iv-ecg", 12)
    store, _ = preprocess("mimic-iv-ecg", folder)
    listed = pd.read_csv(folder / "record_list.csv", dtype=str)
    measured = pd.read_csv(folder / "machine_measurements.csv", dtype=str).set_index("study_id")
    notes = pd.read_csv(folder / "waveform_note_links.csv", dtype=str).set_index("study_id")
    assert list(listed.study_id) != list(measured.index)
    for row in listed.itertuples():
        fields, there = store.fields(row.path), measured.loc[row.study_id]
        reports = [there[f"report_{i}"] for i in range(18)]
        assert fields["machine_report"] == "; ".join(r for r in reports if isinstance(r, str))
        assert fields["rr_interval"] == there.rr_interval
        assert fields.get("p_onset") == (None if there.p_onset == "29999" else there.p_onset)
        assert fields.get("note_id") == (notes.note_id[row.study_id] if row.study_id in notes.index else None)
    patients = store.all("SELECT count(DISTINCT patient) FROM records")[0][0]
    assert patients == listed.subject_id.nunique()


def test_mimic_agrees_with_the_reference_records(preprocess, tmp_path, shared):
    fixture = shared / "fixtures/mimic_records"
    root = tmp_path / "mimic-iv-ecg-diagnostic-electrocardiogram-matched-subset-1.0"
    root.mkdir()
    for name in ("record_list.csv", "machine_measurements.csv"):
        (root / name).write_bytes((fixture / name).read_bytes())
    want = pd.read_csv(fixture / "records.csv", dtype=str)
    for path in want.path:
        folder = (root / path).parent
        folder.mkdir(parents=True)
        wfdb.wrsamp(folder.name[1:], fs=500, units=["mV"] * 12, sig_name=LEADS, fmt=["16"] * 12,
                    p_signal=np.random.default_rng(1).normal(size=(2500, 12)), write_dir=str(folder))
    store, text = preprocess("mimic-iv-ecg", tmp_path, "--patients", fixture / "patients.csv.gz")
    assert "2 recordings" in text
    for row in want.itertuples():
        fields = store.fields(row.path)
        assert fields["machine_report"] == row.machine_report
        assert fields["ecg_time"] == row.ecg_time
        assert fields["sex"] == row.sex
        assert float(fields["age"]) == float(row.age)


def test_mimic_study_of_another_subject_is_quarantined(imitate, preprocess):
    folder = imitate("mimic-iv-ecg", 3)
    table = folder / "machine_measurements.csv"
    lines = table.read_text().splitlines(True)
    lines[1] = "10999999" + lines[1][8:]
    table.write_text("".join(lines))
    store, text = preprocess("mimic-iv-ecg", folder)
    assert "2 recordings" in text and "1 quarantined" in text
    assert "another subject" in (store.path / "quarantine.csv").read_text()


# --- CODE-15 and SaMi-Trop ---

def test_code15_padding_ids_and_labels(imitate, preprocess):
    folder = imitate("code-15", 9)
    store, text = preprocess("code-15", folder, "--rate", 400)
    assert "9 recordings" in text
    exams = pd.read_csv(folder / "exams.csv", dtype={"exam_id": str}).set_index("exam_id")
    tracings = {}
    for part in (0, 1):
        with h5py.File(folder / f"exams_part{part}.hdf5") as file:
            tracings.update(zip(map(str, file["exam_id"][:]), file["tracings"][:]))
    assert "0" in tracings  # the row that is no exam
    for path, x in store.segments().items():
        raw = tracings[path]
        begin = np.flatnonzero(raw.any(1))[0]
        np.testing.assert_array_equal(x, raw[begin:begin + 2000].T)
        names = ["1dAVb", "RBBB", "LBBB", "SB", "ST", "AF", "normal_ecg"]
        assert set(store.labels(path, "label")) == {n for n in names if exams.loc[path, n]}
        assert store.fields(path)["sex"] == str(int(not exams.loc[path, "is_male"]))
    sizes = {size for size, in store.all("SELECT sample_size FROM records")}
    assert sizes <= {4096, 4095, 2934, 2933} and min(sizes) < 3000


def test_exams_without_a_row_are_told_and_rows_twice_are_refused(einthoven, imitate, tmp_path):
    folder = imitate("code-15", 9)
    rows = (folder / "exams.csv").read_text().splitlines()
    (folder / "exams.csv").write_text("\n".join(rows[:-2]) + "\n")
    done = einthoven("preprocess", "code-15", folder, "--dest", tmp_path / "x.ecgstore", check=True)
    assert "7 recordings" in done.stdout and "2 exams have no row in exams.csv" in done.stderr
    (folder / "exams.csv").write_text("\n".join([*rows, rows[-1]]) + "\n")
    done = einthoven("preprocess", "code-15", folder, "--dest", tmp_path / "y.ecgstore")
    assert done.returncode == 3 and "its table has two rows for" in done.stderr


def test_code15_segments_are_those_of_ecg_fm_bit_by_bit(einthoven, tmp_path, shared):
    data = shared / "data/code15_ecgfm"
    meta = pd.read_csv(data / "meta.csv", dtype=str)
    rows, ids = [], []
    for exam in meta.exam_id:
        feats = loadmat(data / f"org/code_15_{exam}.mat")["feats"].T
        tracing = np.zeros((4096, 12), "<f4")
        begin = (4096 - len(feats)) // 2
        tracing[begin:begin + len(feats)] = feats
        rows.append(tracing)
        ids.append(int(exam))
    folder = tmp_path / "code"
    folder.mkdir()
    with h5py.File(folder / "exams_part0.hdf5", "w") as file:
        file["tracings"] = np.stack(rows + [np.zeros((4096, 12), "<f4")])
        file["exam_id"] = np.array(ids + [0])
    meta["trace_file"] = "exams_part0.hdf5"
    meta[["exam_id", "age", "is_male", "AF", "patient_id", "normal_ecg", "trace_file"]].to_csv(
        folder / "exams.csv", index=False)
    out = tmp_path / "out"
    einthoven("preprocess", "code-15", folder, "--dest", tmp_path / "s.ecgstore", "--export", "fairseq", out,
              check=True)
    made = pd.read_csv(out / "meta.csv", dtype=str).set_index("save_file")
    for row in meta.itertuples():
        for column in ("source", "dataset", "sample_rate", "sample_size", "avail_leads", "nan_any",
                       "constant_leads"):
            assert made.loc[row.save_file, column] == getattr(row, column)
    checked = 0
    for path in (data / "segmented").glob("*.mat"):
        got, want = loadmat(out / "segmented" / path.name), loadmat(path)
        for name in ("feats", "mean", "std", "org_sample_size", "segment_i"):
            np.testing.assert_array_equal(got[name], want[name], err_msg=f"{path.name} {name}")
        checked += 1
    assert checked == 9


def test_samitrop_rows_are_those_of_the_table(imitate, preprocess):
    folder = imitate("sami-trop", 4)
    store, _ = preprocess("sami-trop", folder, "--rate", 400)
    exams = pd.read_csv(folder / "exams.csv", dtype={"exam_id": str})
    with h5py.File(folder / "exams.hdf5") as file:
        assert list(file) == ["tracings"]
        for exam, raw in zip(exams.exam_id, file["tracings"][:]):
            begin = np.flatnonzero(raw.any(1))[0]
            np.testing.assert_array_equal(store.segments()[exam], raw[begin:begin + 2000].T)


# --- SPH, CPSC 2018, CSN, MUSE ---

def test_real_sph(preprocess, shared):
    folder = shared / "data/sph"
    store, text = preprocess("sph", folder)
    assert "5 recordings" in text and "0 quarantined" in text  # of one the table has no row
    for path, x in store.segments().items():
        with h5py.File(folder / path) as file:
            np.testing.assert_array_equal(x, file["ecg"][:, :2500].astype("f4"))
    assert store.labels("SPH00001.h5", "aha") == {"22": 1, "23": 1}
    assert store.fields("SPH00001.h5")["age"] == "55"


def test_real_cpsc2018(preprocess, tmp_path, shared):
    folder = tmp_path / "cpsc"
    folder.mkdir()
    for path in (shared / "data/cpsc2018_raw").glob("*.mat"):
        (folder / path.name).symlink_to(path)
    (folder / "REFERENCE.csv").write_text("Recording,First_label,Second_label,Third_label\nA1981,5,2,\n"
                                          "A1982,1,,\n")
    store, text = preprocess("cpsc2018", folder)
    assert "6 recordings" in text
    for path, x in store.segments().items():
        ecg = loadmat(folder / path)["ECG"][0, 0]
        np.testing.assert_allclose(x, ecg["data"][:, :2500], atol=1e-6)
        assert store.fields(path)["sex"] == ("1" if ecg["sex"][0] == "Female" else "0")
    assert store.labels("A1981.mat", "label") == {"RBBB": 1, "AF": 1}
    assert store.labels("A1982.mat", "label") == {"Normal": 1}


def test_cpsc2018_label_out_of_range_is_named(einthoven, imitate, tmp_path):
    folder = imitate("cpsc2018", 2)
    with open(folder / "REFERENCE.csv", "a") as file:
        file.write("A0003,10,,\n")
    done = einthoven("preprocess", "cpsc2018", folder, "--dest", tmp_path / "x.ecgstore")
    assert done.returncode == 3 and "REFERENCE.csv:4: First_label" in done.stderr


def test_contradicting_rows_of_cpsc2018_are_refused(einthoven, imitate, tmp_path):
    folder = imitate("cpsc2018", 2)
    rows = (folder / "REFERENCE.csv").read_text().splitlines()
    (folder / "REFERENCE.csv").write_text("\n".join([*rows, rows[1]]) + "\n")
    einthoven("preprocess", "cpsc2018", folder, "--dest", tmp_path / "x.ecgstore", check=True)
    number = 1 + int(rows[1].split(",")[1]) % 9
    (folder / "REFERENCE.csv").write_text("\n".join([*rows, f"{rows[1].split(',')[0]},{number},,"]) + "\n")
    done = einthoven("preprocess", "cpsc2018", folder, "--dest", tmp_path / "y.ecgstore")
    assert done.returncode == 3 and "has other labels in another row" in done.stderr


def test_lost_muse_exports_are_quarantined(imitate, preprocess):
    folder = imitate("muse")
    first, second = sorted(folder.rglob("*.xml"))[:2]
    first.unlink()
    first.symlink_to("/nowhere")
    second.write_text("")
    store, text = preprocess("muse", folder)
    assert "6 recordings" in text
    assert {path for path, in store.all("SELECT path FROM quarantine")} == {
        str(path.relative_to(folder)) for path in (first, second)}


def test_muse_fixture(einthoven, tmp_path, preprocess, shared):
    store, _ = preprocess("muse", shared / "fixtures/muse", "--segment-seconds", "5")
    with open(shared / "fixtures/muse/expected_meta.csv") as file:
        meta = {row["path"].rsplit("/", 1)[1]: row for row in csv.DictReader(file)}
    for path, x in store.segments().items():
        want, fields = meta[path], store.fields(path)
        assert float(fields["age"]) == float(want["age"]) and fields["sex"] == want["sex"]
        assert fields["recording_date"] == want["acq_dt"].replace(" ", "T")
        statements = " ".join(store.labels(path, "statement"))
        assert sorted(statements.split()) == sorted(want["Diagnosis_DiagnosisStatement"].split())
        rate, size = int(want["sample_rate"]), int(want["sample_size"])
        assert store.all("SELECT sample_rate, sample_size FROM records WHERE path = ?", path) == [(rate, size)]
    # means and deviations over the whole recording, in ADC counts of 4.88 uV
    einthoven("preprocess", "folder", shared / "fixtures/muse", "--dest", tmp_path / "z.ecgstore", check=True)
    whole = Store(tmp_path / "z.ecgstore")
    for path, mean, deviation in whole.all("SELECT path, mean, std FROM records"):
        if meta[path]["sample_rate"] != "500":
            continue  # resampled before it is standardised
        for lead, (m, s) in enumerate(zip(np.frombuffer(mean), np.frombuffer(deviation))):
            if meta[path][f"mean_{lead}"]:
                assert m / 0.00488 == pytest.approx(float(meta[path][f"mean_{lead}"]), abs=1e-4)
                assert s / 0.00488 == pytest.approx(float(meta[path][f"std_{lead}"]), rel=1e-6)


# --- databases with annotations ---

def counted(annotation, first, last):
    beats = {}
    for sample, symbol in zip(annotation.sample, annotation.symbol):
        if first <= sample < last and symbol in "NLRBAaJSVrFejnE/fQ?":
            beats[symbol] = beats.get(symbol, 0) + 1
    return beats


def rhythm_shares(annotation, first, last):
    changes = [(s, a.strip("\0 ")[1:]) for s, symbol, a in
               zip(annotation.sample, annotation.symbol, annotation.aux_note) if symbol == "+"]
    shares = {}
    for (begin, name), (end, _) in zip(changes, changes[1:] + [(last, "")]):
        length = min(end, last) - max(begin, first)
        if length > 0:
            shares[name] = shares.get(name, 0) + length / (last - first)
    return shares


@pytest.mark.parametrize("corpus, folder, record", [
    ("cpsc2021", "data/cpsc2021", "data_101_6"),
    ("mitdb", "data/physionet_annotated", "208"),
])
def test_windows_have_their_own_beats_and_rhythms(preprocess, tmp_path, corpus, folder, record, shared):
    (tmp_path / "one").mkdir()
    for path in (shared / folder).glob(record + ".*"):
        (tmp_path / "one" / path.name).symlink_to(path)
    raw = wfdb.rdrecord(str(tmp_path / "one" / record))
    store, text = preprocess(corpus, tmp_path / "one", "--window-seconds", 10, "--segment-seconds", 10,
                             "--rate", raw.fs)
    size = 10 * raw.fs
    count = raw.sig_len // size
    assert f"{count} recordings, {count} segments" in text
    annotation = wfdb.rdann(str(tmp_path / "one" / record), "atr")
    leads = {"cpsc2021": ["I", "II"], "mitdb": ["MLII", "V1"]}[corpus]
    segments = store.segments()
    for window in range(0, count, 7):
        path, first, last = f"{record}@{10 * window}", window * size, (window + 1) * size
        for row, lead in zip(segments[path], leads):
            np.testing.assert_allclose(row, raw.p_signal[first:last, raw.sig_name.index(lead)], atol=1e-5)
        assert store.labels(path, "beat") == counted(annotation, first, last)
        assert store.labels(path, "rhythm") == pytest.approx(rhythm_shares(annotation, first, last))
    assert store.all("SELECT count(DISTINCT patient) FROM records") == [(1,)]


def test_real_ludb_and_csn_and_mitbih_comments(preprocess, shared):
    store, text = preprocess("ludb", shared / "data/ludb_1.0.1")
    assert "130 recordings" in text and "0 quarantined" in text
    assert set(store.labels("data/1", "ludb")) == {
        "Rhythm: Sinus bradycardia", "Electric axis of the heart: left axis deviation",
        "Left ventricular hypertrophy", "Left ventricular overload",
        "Non-specific repolarization abnormalities: posterior wall"}
    assert store.fields("data/1") == {"age": "51", "sex": "1"}
    store, text = preprocess("csn", shared / "data/cinc2021_smoke/JS")
    assert "0 quarantined" in text
    assert "59118001" in store.labels("JS00001", "dx")


def test_patients_of_mitdb_ecgid_and_cpsc2021(imitate, preprocess):
    patients = "SELECT path, patient FROM records"
    store, _ = preprocess("mitdb", imitate("mitdb", 103, "--seconds", 5), "--window-seconds", 0)
    found = dict(store.all(patients))
    assert found["201"] == found["202"] and len(set(found.values())) == 102
    for corpus, person in (("ecg-id", lambda p: p.split("/")[0]), ("cpsc2021", lambda p: p.split("_")[3])):
        store, _ = preprocess(corpus, imitate(corpus, 10, "--seconds", 5), "--window-seconds", 0)
        pairs = {(person(path), patient) for path, patient in store.all(patients)}
        assert len(pairs) == len({p for p, _ in pairs}) == len({q for _, q in pairs}) > 1


# --- damage ---

TABLES = {"ptb-xl": "ptbxl_database.csv", "mimic-iv-ecg": "machine_measurements.csv", "code-15": "exams.csv",
          "sph": "metadata.csv", "cpsc2018": "REFERENCE.csv", "mitdb": "100.hea", "ecg-id": "Person_01/rec_1.atr"}


@pytest.mark.parametrize("corpus", TABLES)
def test_damaged_tables_end_with_a_message(corpus, einthoven, imitate, tmp_path):
    folder = imitate(corpus, 3, "--seconds", 10)
    table = folder / TABLES[corpus]
    whole = table.read_bytes()
    random = np.random.default_rng(7)
    for run in range(8):
        damaged = bytearray(whole)
        if run % 2:
            del damaged[random.integers(len(whole)):]
        for place in random.integers(0, max(1, len(damaged)), 4):
            damaged[place:place + 1] = bytes(random.choice(list(b'\x00,"\n9:/\xff'), 1).astype("u1"))
        table.write_bytes(damaged)
        done = einthoven("preprocess", corpus, folder, "--dest", tmp_path / f"{run}.ecgstore")
        assert done.returncode in (0, 3, 4), done.stderr
        if done.returncode:
            assert "\neinthoven: " in "\n" + done.stderr and len(done.stderr.splitlines()) < 5


def content(store):
    index = sqlite3.connect(store / "index.sqlite")
    tables = {table: sorted(map(repr, index.execute(f"SELECT * FROM {table}")))
              for table in ("records", "fields", "labels", "splits", "notes", "quarantine")}
    tables["segments"] = sorted(map(repr, index.execute("SELECT idx, number, samples FROM segments")))
    return tables


@pytest.mark.parametrize("corpus", [
    "ptb-xl", "mimic-iv-ecg", "csn", "code-15", "sami-trop", "sph", "cpsc2018", "muse", "mitdb", "afdb", "ltafdb", "nsrdb", "svdb",
    "stdb", "vfdb", "cudb", "chfdb", "ltdb", "edb", "incartdb", "cpsc2021", "ludb", "qtdb", "ecg-id", "ptbdb"])
def test_shards_of_every_corpus_merge_to_the_undivided_run(einthoven, tmp_path, corpus):
    einthoven("simulate", tmp_path / "c", "--as", corpus, "--count", 5, "--seconds", 11, check=True)
    parts = [tmp_path / f"{part}.ecgstore" for part in (1, 2)]
    einthoven("preprocess", corpus, tmp_path / "c", "--dest", tmp_path / "whole.ecgstore", check=True)
    for part, store in enumerate(parts, 1):
        einthoven("preprocess", corpus, tmp_path / "c", "--dest", store, "--shard", f"{part}/2", check=True)
    einthoven("store", "merge", *parts, "--dest", tmp_path / "m.ecgstore", check=True)
    einthoven("store", "verify", tmp_path / "m.ecgstore", check=True)
    assert content(tmp_path / "m.ecgstore") == content(tmp_path / "whole.ecgstore")
    assert content(tmp_path / "m.ecgstore")["segments"]
