"""einthoven label: text, build."""

import csv
import json
import pathlib
import subprocess
import sys
import unicodedata

import numpy as np
import pytest


def labels_of(done):
    return [{label["name"]: label["probability"] for label in json.loads(line)["labels"]}
            for line in done.stdout.splitlines()]


def test_english_and_german(einthoven):
    done = einthoven("label", "text", "Sinus rhythm. No evidence of ischemia, possible old inferior infarct",
                     "Sinusrhythmus, kein Anhalt für Ischämie, MÖGLICHER alter inferiorer Infarkt",
                     "--format", "json", check=True)
    english, german = labels_of(done)
    assert english == german
    assert german["Inferior infarction"] == 0.5 and german["Myocardial infarction"] == 0.65
    assert "Ischaemia" not in german
    assert [json.loads(line)["denied"] for line in done.stdout.splitlines()] == [["Ischaemia"]] * 2


def test_umlauts_of_two_code_points(einthoven):
    text = "Kein Anhalt für Ischämie, möglicher alter inferiorer Infarkt"
    done = einthoven("label", "text", text, unicodedata.normalize("NFD", text), "--format", "json", check=True)
    composed, decomposed = labels_of(done)
    assert composed == decomposed and decomposed["Inferior infarction"] == 0.5


@pytest.mark.parametrize("text, present, absent", [
    ("unvollständiger Rechtsschenkelblock", "Incomplete right bundle branch block", "Left bundle branch block"),
    ("anteroseptaler infarkt wahrscheinlich alt", "Septal infarction", "Ischaemia"),
    ("a-v block i", "First degree atrioventricular block", "Second degree atrioventricular block"),
    ("Vorhofflimmern/-flattern, Linksschenkelblock", "Atrial flutter", "Sinus rhythm"),
    ("LBBB without acute infarction", "Conduction disturbance", "Myocardial infarction"),
    ("rechtsschenkelblock mit linksanteriorem hemiblock", "Bifascicular block", "Normal ECG"),
    ("Herzschrittmacher: schrittmacherrhythmus", "Electronic pacemaker", "Arrhythmia"),
    ("no P waves, atrial fibrillation", "Atrial fibrillation", "Atrial flutter"),
    ("AF with RVR", "Atrial fibrillation", "Atrial flutter"),
    ("LBBB; atrial fibrillation is no longer present", "Left bundle branch block", "Atrial fibrillation"),
    ("Ischämie?", "Ischaemia - Possible", "Myocardial infarction"),
    ("Vorhofflimmern wahrscheinlich", "Atrial fibrillation - Probable", "Sinus rhythm"),
    ("sinus rhythm, LVH likely, LBBB", "Left ventricular hypertrophy - Probable", "Left bundle branch block - Probable"),
    ("AF likely. Sinus bradycardia", "Atrial fibrillation - Probable", "Sinus bradycardia - Probable"),
    ("sinus rhythm. Possible anterior, lateral infarct", "Myocardial infarction - Possible", "Sinus rhythm - Possible"),
    ("No significant change; sinus rhythm", "Sinus rhythm", "Normal ECG"),
    ("Keine wesentliche Änderung. Linksschenkelblock", "Left bundle branch block", "Right bundle branch block"),
    ("no AF or flutter; LBBB", "Left bundle branch block", "Left bundle branch block - Possible"),
    ("LBBB, no AF: none seen", "Left bundle branch block", "Atrial fibrillation"),
    ("infarkt nicht auszuschliessen", "Myocardial infarction - Possible", "Acute myocardial infarction"),
])
def test_findings(einthoven, text, present, absent):
    labels, = labels_of(einthoven("label", "text", text, "--format", "json", check=True))
    assert present in labels and absent not in labels


def test_explains_itself_and_reads_lines(einthoven, tmp_path):
    (tmp_path / "reports.txt").write_text("possible LVH\n\nnormal ECG\n")
    done = einthoven("label", "text", "--input", tmp_path / "reports.txt", check=True)
    assert '0-8    descriptor in its clause    "possible": Possible' in done.stdout
    assert "0.500 Left ventricular hypertrophy" in done.stdout
    lines = einthoven("label", "text", "--input", tmp_path / "reports.txt", "--format", "json", check=True)
    assert [len(labels) > 0 for labels in labels_of(lines)] == [True, False, True]


def write_reports(path):
    path.write_text('idx,report\n7,"sinusrhythmus, infarkt"\n2,möglicher infarkt\n7,again\nx,text\n3,\n4,a,b\n'
                    "0,normales EKG\n")


def test_build(einthoven, tmp_path):
    write_reports(tmp_path / "r.csv")
    done = einthoven("label", "build", tmp_path / "r.csv", "--dest", tmp_path / "l", "--findings",
                     "--threshold", 0.5, check=True)
    assert "3 reports" in done.stderr and "4 quarantined" in done.stderr
    names = [row["name"] for row in csv.DictReader((tmp_path / "l/label_def.csv").open())]
    assert names == sorted(names) and "Myocardial infarction - Possible" in names
    y, soft = np.load(tmp_path / "l/y.npy"), np.load(tmp_path / "l/y_soft.npy")
    assert y.shape == soft.shape == (8, len(names))
    infarction = names.index("Myocardial infarction")
    assert list(soft[[0, 2, 3, 7], infarction]) == [0, 0.5, 0, 1]
    assert list(np.flatnonzero(y[:, infarction])) == [7]
    labels = list(csv.DictReader((tmp_path / "l/labels.csv").open()))
    assert [row["idx"] for row in labels] == ["0", "2", "7"] and labels[0]["Normal ECG"] == "1"
    assert (tmp_path / "l/quarantine.csv").read_text() == (
        "place,reason\nline 7,\"wrong number of cells (got 3, want 2)\"\nidx 7,repeated idx\n"
        '"idx ""x""",idx is no number in range\n' "idx 3,no text\n")
    findings = list(csv.DictReader((tmp_path / "l/findings.csv").open()))
    assert {"sample": "2", "group": "0", "slot": "0", "name": "Myocardial infarction",
            "probability": "0.5", "source": "text"} in findings
    shown = einthoven("labels", "show", tmp_path / "l/labels.csv", check=True)
    assert "Normal ECG" in shown.stdout


def test_empty_cells_keep_their_rows_and_whole_numbers_may_have_a_point(einthoven, tmp_path):
    (tmp_path / "one.csv").write_text('report\nAF\n""\nLBBB\n')  # as pandas writes a missing text
    einthoven("label", "build", tmp_path / "one.csv", "--dest", tmp_path / "one", check=True)
    assert [row["idx"] for row in csv.DictReader((tmp_path / "one/labels.csv").open())] == ["0", "2"]
    assert (tmp_path / "one/quarantine.csv").read_text() == "place,reason\nidx 1,no text\n"
    (tmp_path / "two.csv").write_text("idx,report\n1.0,AF\n2.0,LBBB\n")
    einthoven("label", "build", tmp_path / "two.csv", "--dest", tmp_path / "two", check=True)
    assert [row["idx"] for row in csv.DictReader((tmp_path / "two/labels.csv").open())] == ["1", "2"]


def test_build_does_not_depend_on_threads(einthoven, tmp_path):
    words = ["infarkt", "kein infarkt", "lvh möglich", "vorhofflimmern", "sinusrhythmus, linkstyp"]
    (tmp_path / "r.txt").write_text("".join(f"{words[i % 5]}; {words[i // 5 % 5]}\n" for i in range(900)))
    for threads in (1, 4):
        einthoven("label", "build", tmp_path / "r.txt", "--dest", tmp_path / str(threads), "--findings",
                  "--threads", threads, check=True)
    for name in ("labels.csv", "y.npy", "y_soft.npy", "label_def.csv", "findings.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "4" / name).read_bytes(), name


def test_chosen_labels(einthoven, tmp_path):
    write_reports(tmp_path / "r.csv")
    einthoven("label", "build", tmp_path / "r.csv", "--dest", tmp_path / "l", "--labels",
              "Sinus rhythm,Atrial flutter,Normal ECG", check=True)
    assert np.load(tmp_path / "l/y.npy")[[0, 2, 7]].tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    wrong = einthoven("label", "build", tmp_path / "r.csv", "--dest", tmp_path / "w", "--labels", "Sinus rythm")
    assert wrong.returncode == 2 and "Sinus rhythm" in wrong.stderr


def test_configuration_of_ecg_fm(einthoven, tmp_path, shared):
    """The 17 released labels from the text of a report, and the reference's fault on request."""
    folder = shared / "data/labels/ecgfm_mimic"
    rules = ["--config", folder / "labeler", "--rules", shared / "fixtures/labeler/preprocess_rules.json"]
    (tmp_path / "r.txt").write_text("possible septal infarct\nAFib w/ RVR\nNo evidence of atrial fibrillation\n")
    for mode in ("fixed", "reference"):
        einthoven("label", "build", tmp_path / "r.txt", "--dest", tmp_path / mode, "--mode", mode, *rules,
                  "--label-def", folder / "label_def.csv", check=True)
        y = np.load(tmp_path / mode / "y_soft.npy")
        assert y.shape == (3, 17)
        names = [row["name"] for row in csv.DictReader((tmp_path / mode / "label_def.csv").open())]
        found = [[names[c] for c in np.flatnonzero(row)] for row in y]
        assert found[0] == ["Infarction"]
        assert found[1] == ["Tachycardia", "Atrial fibrillation", "Accessory pathway conduction"]
        assert bool(found[2]) == (mode == "reference")
        assert y[0, names.index("Infarction")] == pytest.approx(0.65 if mode == "fixed" else 1)


def test_errors(einthoven, tmp_path):
    assert einthoven("label", "text").returncode == 2
    assert einthoven("label", "text", "x", "--config", tmp_path / "no").returncode == 4
    (tmp_path / "entity_tem.json").write_text('[{"name": "A", "sup": "B"}]')
    faulty = einthoven("label", "text", "x", "--config", tmp_path)
    assert faulty.returncode == 2 and 'entity_tem.json: [0].sup: unknown entity (got "B")' in faulty.stderr
    (tmp_path / "r.csv").write_text("idx,notes\n1,x\n")
    missing = einthoven("label", "build", tmp_path / "r.csv", "--dest", tmp_path / "l")
    assert missing.returncode == 3 and 'no column "report"' in missing.stderr
    (tmp_path / "e.csv").write_text("idx,report\n1,\n")
    assert einthoven("label", "build", tmp_path / "e.csv", "--dest", tmp_path / "l").returncode == 3


SMALL_PREPROCESS = """
REPLACE = {"unbordered": {"rhtm": "rhythm", "infarcct": "infarct"}, "bordered": OrderedDict([("ekg", "ecg")]),
           "regex": OrderedDict([(r"\\s+", " ")])}
WORDS = {"a": "atrial"}
GROUPS = [WORDS]
CONJPATS = [("pacing", [GROUPS, {"[0]-pacing": "[0] pacing"}])]

def pre_replacement(texts):
    remove_after = ["by dr", "confirmed by"]
    texts = texts.str.replace(border_alphanumeric("AT"), "atrial tachycardia", regex=True, case=True)
    for acronym in ["PAC"]:
        pass
    texts = texts.str.replace("SA block", "sinus block", case=False, regex=False)
    texts = texts.str.lower()
    texts = texts.str.replace(border_alphanumeric("deg"), "degree", regex=True, case=True)

def post_replacement(texts):
    texts = texts.str.replace("beat(s)", "beats", regex=False)
    def replace_lead_specific(texts):
        contextual_patterns = OrderedDict([("missing lead <LEAD>", rf"(missing lead\\(s\\): {run_pattern})")])
    combine_parts = [("supra", "ventricular")]
    texts = texts.str.replace("*", " ", regex=False)
"""


def test_rules_are_read_from_a_copy_of_ecg_fm(einthoven, tmp_path):
    """The script takes the tables of a file of the same structure; the program takes its output."""
    (tmp_path / "labeler").mkdir()
    (tmp_path / "labeler/preprocess.py").write_text(SMALL_PREPROCESS)
    script = pathlib.Path(__file__).resolve().parents[2] / "scripts/extract_label_rules.py"
    rules = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=True).stdout
    (tmp_path / "rules.json").write_text(rules)
    (tmp_path / "entity_tem.json").write_text('[{"name": "A"}]')
    (tmp_path / "entity_pat.json").write_text('[]')
    done = einthoven("label", "text", "AT 1 deg SA BLOCK beat(s) a-pacing rhtm EKG missing lead(s): V1, V2 confirmed by X",
                     "--config", tmp_path, "--rules", tmp_path / "rules.json", "--format", "json", check=True)
    assert json.loads(done.stdout)["normalised"] == (
        "atrial tachycardia 1 degree sinus block beats atrial pacing rhythm ecg missing lead v1; missing lead v2")


def test_a_store_is_a_source_of_reports(einthoven, tmp_path):
    einthoven("simulate", tmp_path / "mimic", "--as", "mimic-iv-ecg", "--count", 12, "--seconds", 5, check=True)
    store = tmp_path / "m.ecgstore"
    einthoven("preprocess", "mimic-iv-ecg", tmp_path / "mimic", "--dest", store, check=True)
    lines = einthoven("label", "text", "--input", store, "--format", "json", check=True).stdout.splitlines()
    assert len(lines) == 12 and sum("Sinus rhythm" in line for line in lines) > 0
    einthoven("label", "build", store, "--dest", tmp_path / "l", check=True)
    idx = [int(row["idx"]) for row in csv.DictReader((tmp_path / "l/labels.csv").open())]
    assert idx == list(range(12))
    done = einthoven("label", "build", store, "--dest", tmp_path / "n", "--text-column", "rr_interval,p_end")
    assert done.returncode == 2 and "one field" in done.stderr
    einthoven("simulate", tmp_path / "sph", "--as", "sph", "--count", 2, "--seconds", 5, check=True)
    einthoven("preprocess", "sph", tmp_path / "sph", "--dest", tmp_path / "s.ecgstore", check=True)
    done = einthoven("label", "build", tmp_path / "s.ecgstore", "--dest", tmp_path / "n")
    assert done.returncode == 3 and "none holds reports" in done.stderr


def test_a_written_configuration_labels_alike(einthoven, tmp_path, shared):
    ours = tmp_path / "ours"
    assert "99 findings" in einthoven("label", "config", ours, check=True).stdout
    text = "Sinusrhythmus, kein Anhalt für Ischämie, MÖGLICHER alter inferiorer Infarkt, bifaszikulärer Block"
    assert (einthoven("label", "text", text, "--format", "json", check=True).stdout
            == einthoven("label", "text", text, "--format", "json", "--config", ours, check=True).stdout)
    assert einthoven("label", "config", ours).returncode == 2
    theirs = ["--config", shared / "data/labels/ecgfm_mimic/labeler",
              "--rules", shared / "fixtures/labeler/preprocess_rules.json"]
    einthoven("label", "config", tmp_path / "copy", *theirs, check=True)
    cases = json.loads((shared / "fixtures/labeler/labeler_fixed.json").read_text())
    texts = [case["text"].replace("\n", " ") for case in (cases["cases"] if isinstance(cases, dict) else cases)]
    (tmp_path / "texts.txt").write_text("\n".join(texts))
    for mode in ["fixed", "reference"]:
        read = ["label", "text", "--input", tmp_path / "texts.txt", "--format", "json", "--mode", mode]
        assert (einthoven(*read, *theirs, check=True).stdout
                == einthoven(*read, "--config", tmp_path / "copy", check=True).stdout)


def test_a_configuration_cut_down_to_its_use_labels_alike(einthoven, tmp_path, shared):
    theirs = ["--config", shared / "data/labels/ecgfm_mimic/labeler",
              "--rules", shared / "fixtures/labeler/preprocess_rules.json"]
    cases = json.loads((shared / "fixtures/labeler/labeler_fixed.json").read_text())
    texts = [case["text"].replace("\n", " ") for case in (cases["cases"] if isinstance(cases, dict) else cases)]

    def labels(*options):
        lines = einthoven("label", "text", "--input", tmp_path / "r.txt", "--format", "json", *options, check=True).stdout
        return [json.loads(line)["labels"] for line in lines.splitlines()]

    sizes = []
    for number, some in enumerate([texts[:5], texts]):
        (tmp_path / "r.txt").write_text("\n".join(some))
        for mode in ["fixed", "reference"]:
            config = tmp_path / f"{mode}{number}"
            done = einthoven("label", "config", config, "--used-by", tmp_path / "r.txt", "--mode", mode, *theirs, check=True)
            sizes.append(int(done.stdout.split(": ")[1].split()[0]))
            assert labels("--config", config, "--mode", mode) == labels(*theirs, "--mode", mode)
    assert 0 < max(sizes[:2]) < min(sizes[2:]) and max(sizes) < 320


def test_what_a_killed_run_left_is_cleared_up(einthoven, tmp_path):
    (tmp_path / "r.csv").write_text("idx,report\n0,sinus rhythm\n")
    killed = subprocess.Popen(["true"])
    killed.wait()
    (tmp_path / "labels").mkdir()
    for name in ["y_soft.npy", "findings.csv"]:
        (tmp_path / "labels" / f"{name}.tmp.{killed.pid}").write_text("half")
    einthoven("label", "build", tmp_path / "r.csv", "--dest", tmp_path / "labels", check=True)
    assert not list((tmp_path / "labels").glob("*.tmp.*"))
