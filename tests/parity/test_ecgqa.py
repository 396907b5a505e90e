"""ECG-QA: mapping, .mat files, grounding and tokens against the reference's recorded output.

tests/data/ecgqa_made.json.gz holds questions of our own in the manner of ECG-QA and what fairseq-signals 6b9e137
(preprocess_ecgqa.py, preprocess_ecgqa_for_classification.py) made of them.
"""

import csv
import gzip
import json
import pathlib
import random

import numpy as np
import pytest
import scipy.io
import wfdb

MADE = pathlib.Path(__file__).resolve().parents[1] / "data/ecgqa_made.json.gz"
LEADS = ["I", "II", "III", "AVR", "AVL", "AVF", "V1", "V2", "V3", "V4", "V5", "V6"]


def write_record(path, samples, names=LEADS):
    path.parent.mkdir(parents=True, exist_ok=True)
    signal = np.arange(samples)[:, None] * 0.001 * np.arange(1, len(names) + 1)
    wfdb.wrsamp(path.name, fs=500, units=["mV"] * len(names), sig_name=names, p_signal=signal,
                fmt=["16"] * len(names), write_dir=str(path.parent))


def write_tables(root, answers, templates):
    with open(root / "answers.csv", "w", newline="") as file:
        csv.writer(file).writerows([("index", "class"), *enumerate(answers)])
    with open(root / "answers_for_each_template.csv", "w", newline="") as file:
        csv.writer(file).writerows([("template_id", "classes"),
                                    *((key, str(value)) for key, value in templates.items())])


@pytest.fixture(scope="module")
def made(einthoven, tmp_path_factory):
    """(the recorded questions and results, the folder of `questions map`)."""
    folder = tmp_path_factory.mktemp("ecgqa")
    made = json.loads(gzip.decompress(MADE.read_bytes()))
    root = folder / "raw"
    for subset, samples in made["subsets"].items():
        (root / "template" / subset).mkdir(parents=True)
        (root / "template" / subset / "000000.json").write_text(json.dumps(samples))
        for ecg_id in {i for sample in samples for i in sample["ecg_id"]}:
            write_record(folder / f"rec/records500/{ecg_id // 1000 * 1000:05d}/{ecg_id:05d}_hr", 10 + ecg_id % 7)
    write_tables(root, made["answers"], made["templates"])
    einthoven("questions", "map", root, "--corpus", "ptb-xl", "--recordings", folder / "rec", "--dest",
              folder / "mapped", check=True)
    return made, folder


def test_mapped_questions_are_those_of_python(made):
    made, folder = made
    for subset, samples in made["subsets"].items():
        for sample in samples:
            sample["ecg_path"] = [f"{folder}/rec/records500/{i // 1000 * 1000:05d}/{i:05d}_hr"
                                  for i in sample["ecg_id"]]
        text = (folder / f"mapped/template/{subset}/000000.json").read_text()
        assert text == json.dumps(samples, indent=4)


def test_questions_become_the_files_of_the_reference(einthoven, tmp_path, made):
    made, folder = made
    einthoven("questions", "build", folder / "mapped", "--dest", tmp_path, "--attribute-ids", "subset", check=True)
    for subset, expected in made["expected"]["build"].items():
        lines = (tmp_path / f"{subset}.tsv").read_text().splitlines()
        assert lines[0] == str(tmp_path / subset) and len(lines) == len(expected) + 1
        for i, (sample, want) in enumerate(zip(made["subsets"][subset], expected)):
            mat = scipy.io.loadmat(tmp_path / subset / f"{i}.mat")
            got = [np.flatnonzero(mat["answer"]).tolist(), mat["valid_classes"].ravel().tolist(),
                   mat["question_type3"].item(), mat["attribute_id"].item()]
            assert got == want, sample
            assert mat["question_type3"] // 6 == mat["question_type2"] and mat["question_type2"] // 3 == mat["question_type1"]
            assert mat["question"][0] == sample["question"]
            cells = lines[i + 1].split("\t")
            assert cells[0] == f"{i}.mat" and cells[1:-1] == [str(10 + e % 7) for e in sample["ecg_id"]]


def test_attributes_of_all_subsets_share_their_numbers(einthoven, tmp_path, made):
    made, folder = made
    einthoven("questions", "build", folder / "mapped", "--dest", tmp_path, check=True)
    numbers = {}
    for subset, samples in made["subsets"].items():
        for i, sample in enumerate(samples):
            if sample["question_type"] == "single-verify" and sample["answer"] != ["not sure"]:
                stem = sample["attribute"][0].split(" in ")[0]
                number = scipy.io.loadmat(tmp_path / subset / f"{i}.mat")["attribute_id"].item()
                numbers.setdefault(stem, set()).add(number)
    assert all(len(found) == 1 for found in numbers.values())
    assert [n for stem in sorted(numbers) for n in numbers[stem]] == list(range(len(numbers)))


def test_questions_that_share_recordings_leak(einthoven, tmp_path, made):
    _, folder = made  # its test questions are about the recordings of the training questions
    einthoven("questions", "build", folder / "mapped", "--dest", tmp_path, check=True)
    assert einthoven("manifest", "check", tmp_path).returncode == 0
    found = einthoven("manifest", "check", tmp_path, "--read-files")
    assert found.returncode == 3 and "test and train share 4 recordings" in found.stderr


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_samples_are_those_of_python(einthoven, tmp_path, made, share):
    _, folder = made
    einthoven("questions", "build", folder / "mapped", "--dest", tmp_path, check=True)
    einthoven("questions", "sample", tmp_path, "--subset", "train", "--share", share, check=True)
    root, *lines = (tmp_path / "train.tsv").read_text().splitlines()
    rows = {}
    for line in lines:
        kind = scipy.io.loadmat(tmp_path / "train" / line.split("\t")[0])["question_type3"].item()
        rows.setdefault(kind, []).append(line)
    generator = random.Random(42)
    want = [line for kind in sorted(rows) for line in generator.sample(rows[kind], round(len(rows[kind]) * share))]
    assert (tmp_path / "train_sampled.tsv").read_text().splitlines() == [root, *want]


def test_grounding_is_that_of_the_reference(einthoven, tmp_path, made):
    made, folder = made
    einthoven("questions", "ground", folder / "mapped", "--dest", tmp_path, check=True)
    with open(tmp_path / "grounding_class.csv") as file:
        assert [row["class"] for row in csv.DictReader(file)] == made["expected"]["classes"]
    for subset, expected in made["expected"]["ground"].items():
        lines = (tmp_path / f"{subset}.tsv").read_text().splitlines()[1:]
        assert {line.split("\t")[0] for line in lines} == set(expected)
        for name, want in expected.items():
            mat = scipy.io.loadmat(tmp_path / subset / name)
            got = sorted(map(list, zip(mat["target_idx"].ravel().tolist(), mat["label"].ravel().tolist())))
            assert got == want, name
            assert (mat["attribute_id"] == mat["target_idx"]).all()
            suffix = name[:-4].split("_", 1)[1]
            leads = list(range(12)) if suffix == "entire" else [int(lead) for lead in suffix.split("_")]
            assert mat["lead"].ravel().tolist() == leads
            assert pathlib.Path(mat["ecg_path"][0]).name == f"{int(name.split('_')[0]):05d}_hr"


def test_published_classes_number_the_targets(einthoven, tmp_path, made):
    _, folder = made
    (tmp_path / "classes.csv").write_text("index,class\n0,sinus rhythm\n1,ischemic\n")
    einthoven("questions", "ground", folder / "mapped", "--dest", tmp_path / "g", "--classes",
              tmp_path / "classes.csv", check=True)
    seen = {int(t) for path in (tmp_path / "g").glob("*/*.mat") for t in scipy.io.loadmat(path)["target_idx"].ravel()}
    assert seen == {0, 1}


def test_fixture_is_exact(einthoven, tmp_path, shared):
    """Two recordings with paths of unequal length among them, which the reference pads with blanks."""
    mini = json.loads((shared / "fixtures/ecgqa/preprocess_mini.json").read_text())
    root = tmp_path / "root"
    (root / "template/train").mkdir(parents=True)
    for name in ("answers.csv", "answers_for_each_template.csv"):
        (root / name).write_bytes((shared / "data/labels/ecgqa/ptbxl" / name).read_bytes())
    for sample in mini["input"]:
        sample["ecg_path"] = [path.replace("@REC@", str(tmp_path / "rec")) for path in sample["ecg_path"]]
        for path in sample["ecg_path"]:
            write_record(pathlib.Path(path), 5000, LEADS[:1])
    (root / "template/train/000000.json").write_text(json.dumps(mini["input"]))
    for ids in ("all", "subset"):
        dest = tmp_path / ids
        einthoven("questions", "build", root, "--dest", dest, "--attribute-ids", ids, check=True)
        for i, want in enumerate(mini["expected_mat"]):
            mat = scipy.io.loadmat(dest / f"train/{i}.mat")
            assert [str(path).replace(str(tmp_path / "rec"), "@REC@") for path in mat["ecg_path"]] == [
                path.ljust(len(want["ecg_path"][-1])) for path in want["ecg_path"]]
            assert mat["answer"].shape == (1, want["answer_len"])
            assert np.flatnonzero(mat["answer"]).tolist() == want["answer"]
            for key in ("valid_classes", "question_type1", "question_type2", "question_type3", "attribute_id"):
                assert mat[key].tolist() == want[key], (i, key)
        rows = [line.split("\t")[:-1] for line in (dest / "train.tsv").read_text().splitlines()[1:]]
        assert rows == mini["train_tsv_tail_without_token_column"]


def test_real_questions(einthoven, tmp_path, shared):
    """Those of ECG-QA whose recordings are here; paraphrases ask the same of the same recordings."""
    data = shared / "data"
    mapped = einthoven("questions", "map", data / "labels/ecgqa/ptbxl", "--corpus", "ptb-xl", "--recordings",
                       data / "ptbxl_1.0.3_subset", "--skip-missing", "--dest", tmp_path / "mapped", check=True)
    assert mapped.stdout == "532 questions, 42 left out\n"
    refused = einthoven("questions", "map", data / "labels/ecgqa/ptbxl", "--corpus", "ptb-xl", "--recordings",
                        data / "ptbxl_1.0.3_subset", "--dest", tmp_path / "no")
    assert refused.returncode == 3 and "no .dat file" in refused.stderr
    for form in ([], ["--paraphrased"]):
        done = einthoven("questions", "build", tmp_path / "mapped", "--dest", tmp_path / f"qa{len(form)}", *form, check=True)
        assert done.stdout == "266 questions, 0 quarantined\n"
    differ = 0
    for i in range(253):
        both = [scipy.io.loadmat(tmp_path / f"qa{form}/train/{i}.mat") for form in (0, 1)]
        assert (both[0]["answer"] == both[1]["answer"]).all() and (both[0]["ecg_path"] == both[1]["ecg_path"]).all()
        differ += both[0]["question"][0] != both[1]["question"][0]
    assert differ > 200


@pytest.mark.parametrize("change, reason", [
    ({"answer": ["maybe"]}, "answer: want one of yes, no, not sure"),
    ({"answer": ["yes", "no"]}, "answer: want one of yes, no, not sure"),
    ({"question_type": "foo"}, 'question_type: unknown (got "foo")'),
    ({"attribute": None}, "attribute: is missing"),
    ({"ecg_id": [1.5]}, "ecg_id: holds something else than whole numbers"),
])
def test_facts_come_from_sound_questions_alone(einthoven, tmp_path, change, reason):
    write_record(tmp_path / "rec/1", 10)
    question = {"template_id": 1, "question_type": "single-verify", "attribute_type": "noise", "question": "Noise?",
                "answer": ["yes"], "ecg_id": [1], "ecg_path": [str(tmp_path / "rec/1")], "attribute": ["burst noise"]}
    (tmp_path / "q/template/test").mkdir(parents=True)
    (tmp_path / "q/template/test/0.json").write_text(json.dumps([question, {**question, **change}]))
    done = einthoven("questions", "ground", tmp_path / "q", "--dest", tmp_path / "g", check=True)
    assert "1 quarantined" in done.stdout
    assert f"sample 1: question: {reason}" in (tmp_path / "g/quarantine.csv").read_text().replace('""', '"')
    assert scipy.io.loadmat(tmp_path / "g/test/1_entire.mat")["label"].tolist() == [[1]]


def test_mimic_and_damaged_recordings(einthoven, tmp_path):
    path = "files/p1000/p10000032/s40689238/40689238"
    write_record(tmp_path / "mimic" / path, 50)
    (tmp_path / "mimic/record_list.csv").write_text(
        f"subject_id,study_id,file_name,ecg_time,path\n10000032,40689238,40689238,2180-07-23 08:44:00,{path}\n"
        "10000032,7,7,2180-07-23 08:44:00,files/absent\n")
    root = tmp_path / "root"
    (root / "paraphrased/test").mkdir(parents=True)
    question = {"template_id": 1, "question_id": 0, "sample_id": 0, "question_type": "single-verify",
                "attribute_type": "noise", "question": "Café noise?", "answer": ["yes"], "ecg_id": [40689238],
                "attribute": ["burst noise"]}
    samples = [question, {**question, "ecg_id": [7]}, {**question, "answer": ["perhaps"]},
               {**question, "answer": []}]
    (root / "paraphrased/test/000000.json").write_text(json.dumps(samples))
    write_tables(root, ["no", "yes", "none"], {1: ["no", "yes"]})
    done = einthoven("questions", "map", root, "--corpus", "mimic-iv-ecg", "--recordings", tmp_path / "mimic",
                     "--skip-missing", "--dest", tmp_path / "mapped", check=True)
    assert done.stdout == "3 questions, 1 left out\n"
    done = einthoven("questions", "build", tmp_path / "mapped", "--paraphrased", "--dest", tmp_path / "qa", check=True)
    assert done.stdout == "1 questions, 2 quarantined\n"
    refused = (tmp_path / "qa/quarantine.csv").read_text()
    assert 'no class ""perhaps""' in refused and "sample 2: question: answer, ecg_id: want an answer" in refused
    wfdb.wrsamp("40689238", fs=500, units=["mV"], sig_name=["I"], p_signal=np.array([[0.0], [np.nan], [1.0]]),
                fmt=["16"], write_dir=str((tmp_path / "mimic" / path).parent))
    bad = einthoven("questions", "build", tmp_path / "mapped", "--paraphrased", "--dest", tmp_path / "bad")
    assert bad.returncode == 3 and "invalid samples" in (tmp_path / "bad/quarantine.csv").read_text()
    unmapped = einthoven("questions", "build", root, "--paraphrased", "--dest", tmp_path / "x")
    assert unmapped.returncode == 2 and "questions map" in unmapped.stderr


def test_tokens_are_those_of_bert(einthoven, tmp_path, made):
    tokenizers = pytest.importorskip("tokenizers")
    made, folder = made
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwyz0123456789?,.-()/",
             *("##" + letter for letter in "abcdefghijklmnopqrstuvwyz0123456789"), "does", "this", "ecg", "show",
             "symptoms", "of", "infarct", "##ion", "lead", "leads", "norm", "##al", "range", "in", "the"]
    (tmp_path / "vocab.txt").write_text("\n".join(words) + "\n")
    peer = tokenizers.BertWordPieceTokenizer(str(tmp_path / "vocab.txt"), lowercase=True)
    einthoven("questions", "build", folder / "mapped", "--dest", tmp_path / "qa", "--vocab", tmp_path / "vocab.txt", check=True)
    for subset, samples in made["subsets"].items():
        lines = (tmp_path / f"qa/{subset}.tsv").read_text().splitlines()[1:]
        for line, sample in zip(lines, samples):
            assert int(line.split("\t")[-1]) == len(peer.encode(sample["question"]).ids), sample["question"]
