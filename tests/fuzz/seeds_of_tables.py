"""Seeds of tables, manifests, configurations and texts."""

import json


def manifests(corpus):
    corpus.add("manifest", "standard.tsv", "/data\nA/r0_0.mat\t2500\nA/r0_1.mat\t2500\n")
    corpus.add("manifest", "cmsc.tsv", "/data\nmat\nA/r0\t2500\t0\t0,1\nA/r1\t2500\t[0,3]\t1,2\n")
    corpus.add("manifest", "identification.tsv", "\t/data\nA/r0_0.mat\t2500\t0\nB/r1_0.mat\t2500\t1\n")
    corpus.add("manifest", "questions.tsv", "/data\nq/0.mat\t5000,5000\t12\nq/1.mat\t5000\t9\n")


def tables(corpus):
    corpus.add("csv", "quoted.csv", 'idx,name,note\n1,"a, b","said ""x"""\n7,c,"two\nlines"\n')
    corpus.add("labels", "labels.csv", "idx,AF,RBBB\n0,1,0\n1,0,1\n5,True,False\n")
    corpus.add("labels", "splits.csv", "idx,split\n0,train\n1,valid\n5,test\n")
    corpus.add("labels", "meta.csv", 'idx,diagnosis,AF,RBBB\n0,"164889003,426783006",True,False\n1,,False,False\n')
    corpus.add("labels", "weights.csv", ",164889003|164890007,713427006\n164889003|164890007,1,0.5\n713427006,0.5,1\n")
    corpus.add("corpus_table", "folder.csv", "path,patient_id,AF,rhythm,age,fold\na.csv,p1,1,SR;AF,61,1\nb,p2,0,,,2\n")
    corpus.add("corpus_table", "reports.csv", 'idx,report\n0,"sinus rhythm, normal ECG"\n1,AF\n')
    corpus.add("header_comments", "challenge", "Age: 74\nSex: Male\nDx: 59118001,164889003\nRx: Unknown\n")
    corpus.add("header_comments", "mitdb", "69 M 1085 1629 x1\nAldomet, Inderal\n")
    corpus.add("header_comments", "incart", "<age>: 65 <sex>: F <diagnoses> Coronary artery disease, arterial hypertension\n"
               "patient 1\nPVCs, noise\n")
    corpus.add("header_comments", "ludb", "<age>: 51\n<sex>: F\n<diagnoses>:\nRhythm: Sinus bradycardia.\n"
               "Electric axis of the heart: normal.\n")
    question = {"template_id": 1, "question_id": 2, "sample_id": 3, "question_type": "single-verify",
                "attribute_type": "scp_code", "question": "Does this ECG show AF?", "answer": ["yes"],
                "ecg_id": [7], "attribute": ["AF"]}
    corpus.add("questions", "one.json", json.dumps([question]))
    corpus.add("questions", "answers.csv", "index,class\n0,no\n1,yes\n")
    corpus.add("questions", "templates.csv", 'template_id,classes\n1,"[\'no\', \'yes\']"\n')


def configurations(corpus, root):
    recipe = (root / "recipes/ecg_fm/ecg_fm_pretraining.yaml").read_bytes()
    corpus.add("yaml", "recipe.yaml", recipe)
    corpus.add("yaml", "scalars.yaml", "a: 1e-6\nb: yes\nc: 0o17\nd: 1:30:00\ne: !!str 12\nf: ~\ng: .nan\nh: 'x'\n"
               "i: |\n  two\n  lines\nj: [1, {k: v}]\n")
    corpus.add("yaml", "aliases.yaml", "a: &x [1, 2]\nb: [*x, *x]\nc: {<<: {d: 1}, e: 2}\n")
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]\n" for i in range(1, 4))
    corpus.add("yaml", "nested_aliases.yaml", bomb)
    corpus.add("recipe", "typed", "common:\n  seed: 3\ndataset:\n  batch_size: ${common.seed}\n"
               "optimization:\n  lr: [0.1]\n\0common.seed=4\n+checkpoint.save_dir=x\n~dataset.num_workers\n")
    corpus.add("recipe", "circle", "common:\n  seed: ${dataset.batch_size}\ndataset:\n  batch_size: ${common.seed}\n\0")
    for number, text in enumerate(["a.b=1", "+a=[1,{b:'c'}]", "++x.y=${z}", "~q", "l=\"[(256, 2, 2)] * 4\"",
                                   "[(256, 2, 2)] * 4 + [(0.9, None)]", "{'model_path': None, 'n': -1e-3}"]):
        corpus.add("override", str(number), text)


def texts(corpus, root):
    for path in sorted((root / "recipes/labeler").glob("*.json")):
        corpus.add("labeler_config", path.stem, path.stem.encode() + b"\0" + path.read_bytes())
    corpus.add("labeler_config", "preprocess_rules", b"preprocess_rules\0" + json.dumps(
        {"replace": [["(?i)ecg", "EKG"]], "regex": [["\\s+", " "]]}).encode())
    for number, text in enumerate([
            "Sinus rhythm. Left bundle branch block, possible anterior infarct - age undetermined",
            "kein Vorhofflimmern; Sinusrhythmus mit AV-Block I\u00b0, \u00fcberdrehter Linkstyp",
            "** Unconfirmed **  NO LONGER ATRIAL FIBRILLATION, PVC(s) / T wave abnormality V1-V3"]):
        corpus.add("labeler_text", str(number), text)
    vocabulary = "[UNK]\n[CLS]\n[SEP]\nsinus\nrhythm\n##s\na\n##f\n"
    corpus.add("wordpiece", "small", vocabulary + "\0Sinus-Rhythms: \u00c4F \u6f22")


def make(corpus, root):
    manifests(corpus)
    tables(corpus)
    configurations(corpus, root)
    texts(corpus, root)
