"""einthoven manifest: split, clocs, identification."""

import random
import sqlite3

import pytest
import scipy.io

from ecg_corpora import write_challenge_corpus


@pytest.fixture
def store(einthoven, tmp_path):
    write_challenge_corpus(tmp_path / "raw", 20)
    path = tmp_path / "s.ecgstore"
    einthoven("preprocess", "physionet2021", tmp_path / "raw", "--dest", path,
              "--export", "fairseq", tmp_path / "ref", check=True)
    return path


def rows(path):
    lines = path.read_text().splitlines()
    return lines[0], [line.split("\t") for line in lines[1:]]


def test_split_of_a_store(einthoven, tmp_path, store):
    einthoven("manifest", "split", store, "--dest", tmp_path / "m", check=True)
    seen = []
    for part, count in (("train", 32), ("valid", 4), ("test", 4)):
        root, lines = rows(tmp_path / "m" / f"{part}.tsv")
        assert root == str(store) and len(lines) == count
        assert all(samples == "2500" for _, samples in lines)
        seen.append({key.rsplit(":", 1)[0] for key, _ in lines})
    assert not seen[0] & seen[1] and not seen[0] & seen[2] and not seen[1] & seen[2]
    names = {name for name, in sqlite3.connect(store / "index.sqlite").execute("SELECT name FROM records")}
    assert set.union(*seen) == names
    again = einthoven("manifest", "split", store, "--dest", tmp_path / "again", check=True)
    assert "train.tsv: 32 rows" in again.stdout
    assert (tmp_path / "m/train.tsv").read_bytes() == (tmp_path / "again/train.tsv").read_bytes()
    einthoven("manifest", "split", store, "--dest", tmp_path / "other", "--seed", 7, check=True)
    assert (tmp_path / "m/train.tsv").read_bytes() != (tmp_path / "other/train.tsv").read_bytes()


def test_split_of_a_reference_folder_has_the_reference_form(einthoven, tmp_path, store):
    einthoven("manifest", "split", tmp_path / "ref", "--dest", tmp_path / "m", "--strategy", "random",
              "--group-col", "dataset", "--fractions", "0.5,0.5", "--split-labels", "a,b", check=True)
    text = (tmp_path / "m/a.tsv").read_text()
    assert text.startswith(f"\t{tmp_path}/ref/segmented/\nphysionet2021_")
    assert sum(len(rows(tmp_path / "m" / f"{p}.tsv")[1]) for p in "ab") == 40


def test_legacy_order_is_pythons(einthoven, tmp_path, store):
    folder = tmp_path / "ref" / "segmented"
    einthoven("manifest", "split", folder, "--dest", tmp_path / "m", "--strategy", "legacy",
              "--valid-percent", "0.1", check=True)
    files = sorted(p.name for p in folder.iterdir())
    random.Random(42).shuffle(files)
    root, train = rows(tmp_path / "m/train.tsv")
    assert [root + name for name, _ in train] == [f"{folder}/{name}" for name in files[:32]]
    assert [root + name for name, _ in rows(tmp_path / "m/test.tsv")[1]] == [
        f"{folder}/{name}" for name in files[36:]]


def test_pairs(einthoven, tmp_path, store):
    einthoven("manifest", "split", store, "--dest", tmp_path / "m", check=True)
    einthoven("manifest", "clocs", tmp_path / "m", "--dest", tmp_path / "m", check=True)
    lines = (tmp_path / "m/cmsc/train.tsv").read_text().splitlines()
    assert lines[0] == str(store) and lines[1] == "ecgstore" and len(lines) == 18
    assert lines[2].split("\t")[1:] == ["2500", "0", "0,1"]
    wrong = einthoven("manifest", "clocs", tmp_path / "m/cmsc", "--dest", tmp_path)
    assert wrong.returncode == 2 and "pairs already" in wrong.stderr


def test_identification(einthoven, tmp_path, store):
    einthoven("manifest", "identification", store, "--dest", tmp_path / "id",
              "--valid-percent", "0.3", check=True)
    draws = random.Random(42)
    validated = sum(draws.random() <= 0.3 for _ in range(20))
    gallery = rows(tmp_path / "id/valid_gallery.tsv")[1]
    probe = rows(tmp_path / "id/valid_probe.tsv")[1]
    assert len(gallery) == len(probe) == validated
    assert [row[2] for row in gallery] == [row[2] for row in probe] == [str(i) for i in range(validated)]
    train = rows(tmp_path / "id/train.tsv")[1]
    assert {int(row[2]) for row in train} == set(range(20 - validated))


def test_folds_of_ptbxl(einthoven, tmp_path, shared):
    store = tmp_path / "p.ecgstore"
    einthoven("preprocess", "ptb-xl", shared / "data/ptbxl_1.0.3_subset", "--dest", store, check=True)
    einthoven("manifest", "split", store, "--dest", tmp_path / "m", "--strategy", "fold",
              "--folds", "train=1-8,valid=9,test=10", check=True)
    index = sqlite3.connect(store / "index.sqlite")
    wanted = {name for name, in index.execute(
        "SELECT name FROM records JOIN splits USING (idx) WHERE scheme='strat_fold' AND split='10'")}
    assert {key.rsplit(":", 1)[0] for key, _ in rows(tmp_path / "m/test.tsv")[1]} == wanted


def test_errors(einthoven, tmp_path, store):
    for arguments in (["--fractions", "0.9,0.3,-0.2"], ["--strategy", "temporal"],
                      ["--date-col", "age"], ["--fractions", "0.5,0.5"]):
        done = einthoven("manifest", "split", store, "--dest", tmp_path / "m", *arguments)
        assert done.returncode == 2, (arguments, done.stderr)
    done = einthoven("manifest", "split", store, "--dest", tmp_path / "m", "--group-col", "ward")
    assert done.returncode == 3 and "there are:" in done.stderr
    assert einthoven("manifest", "split", tmp_path / "no", "--dest", tmp_path / "m").returncode == 4


def reference_two_level(files, pretrain, finetune, pretrain_share, finetune_share):
    """manifest_physionet2021.py of fairseq-signals, on sorted lists of files."""
    rand = random.Random(42)
    out = {f"{a}/{b}": [] for a in ("pretrain", "finetune") for b in ("train", "valid", "test")}

    def split(names, share):
        rand.shuffle(names)
        held = int(len(names) * share)
        train = len(names) - 2 * held
        return names[:train], names[train:train + held], names[train + held:]

    def add(level, parts):
        for name, part in zip(("train", "valid", "test"), parts):
            out[f"{level}/{name}"] += part

    for subset in finetune:
        parts = split(list(files[subset]), finetune_share)
        if subset in pretrain:
            add("pretrain", split(parts[0], pretrain_share))
        add("finetune", parts)
    for subset in pretrain:
        if subset not in finetune:
            add("pretrain", split(list(files[subset]), pretrain_share))
    return out


def tree_of_subsets(store, tmp_path, counts):
    """.mat files of a reference export, dealt to folders named after subsets."""
    source = sorted((store.parent / "ref" / "segmented").iterdir())
    files = {}
    for subset, count in counts.items():
        (tmp_path / "tree" / subset).mkdir(parents=True)
        for path in source[:count]:
            (tmp_path / "tree" / subset / path.name).write_bytes(path.read_bytes())
        files[subset] = [f"{subset}/{path.name}" for path in source[:count]]
    return files


def test_two_level_order_is_the_references(einthoven, tmp_path, store):
    files = tree_of_subsets(store, tmp_path, {"a": 20, "b": 11, "c": 16})
    einthoven("manifest", "two-level", tmp_path / "tree", "--dest", tmp_path / "m", "--unit", "file",
              "--pretrain-subset", "c,a", "--finetune-subset", "a,b", "--pretrain-valid-percent", 0.25, check=True)
    expected = reference_two_level(files, ["c", "a"], ["a", "b"], 0.25, 0.1)
    for name, paths in expected.items():
        assert [row[0] for row in rows(tmp_path / "m" / f"{name}.tsv")[1]] == paths, name


def test_two_level_keeps_recordings_apart(einthoven, tmp_path, store):
    tree_of_subsets(store, tmp_path, {"a": 40})
    einthoven("manifest", "two-level", tmp_path / "tree", "--dest", tmp_path / "m",
              "--pretrain-subset", "a", "--finetune-subset", "a", check=True)
    recordings = {name: {row[0].rsplit("_", 1)[0] for row in rows(tmp_path / "m" / f"{name}.tsv")[1]}
                  for name in ("pretrain/train", "finetune/valid", "finetune/test")}
    assert all(recordings.values())
    assert not recordings["pretrain/train"] & (recordings["finetune/valid"] | recordings["finetune/test"])
    absent = einthoven("manifest", "two-level", tmp_path / "tree", "--dest", tmp_path / "n",
                       "--pretrain-subset", "a", "--finetune-subset", "q")
    assert absent.returncode == 3 and "subset q" in absent.stderr


@pytest.mark.parametrize("source", ["store", "files"])
def test_subset_keeps_whole_recordings(einthoven, tmp_path, store, source):
    folder = tmp_path / "m"
    einthoven("manifest", "split", store if source == "store" else tmp_path / "ref" / "segmented",
              "--dest", folder, check=True)
    einthoven("manifest", "subset", folder, "--percent", 0.5, check=True)
    separator = ":" if source == "store" else "_"
    whole, half = rows(folder / "train.tsv")[1], rows(folder / "0.5" / "train.tsv")[1]
    kept = {row[0].rsplit(separator, 1)[0] for row in half}
    assert half == [row for row in whole if row[0].rsplit(separator, 1)[0] in kept]
    assert len(kept) == 8 and len(half) == 16
    assert (folder / "0.5/valid.tsv").read_bytes() == (folder / "valid.tsv").read_bytes()
    again = einthoven("manifest", "subset", folder, "--percent", 0.5)
    assert again.returncode == 2 and "exists" in again.stderr


def test_combine_prefixes_by_the_common_folder(einthoven, tmp_path, store):
    for name, root, paths in (("x", "/data/one", ["p.mat"]), ("y", "/data/two/deep", ["q.mat", "r.mat"])):
        (tmp_path / name).mkdir()
        text = root + "\n" + "".join(f"{path}\t2500\n" for path in paths)
        (tmp_path / name / "train.tsv").write_text(text)
        (tmp_path / name / f"{name}.tsv").write_text(text)
    einthoven("manifest", "combine", tmp_path / "x", tmp_path / "y", "--dest", tmp_path / "both", check=True)
    root, lines = rows(tmp_path / "both" / "train.tsv")
    assert root.rstrip("/") == "/data"
    assert [row[0] for row in lines] == ["one/p.mat", "two/deep/q.mat", "two/deep/r.mat"]
    assert [path.name for path in (tmp_path / "both").iterdir()] == ["train.tsv"]


def test_a_table_with_bare_file_names_finds_them_beside_it(einthoven, shared, tmp_path):
    """segmented.csv as ECG-FM ships it with its CODE-15 recordings."""
    source = shared / "data/code15_ecgfm"
    einthoven("manifest", "split", source, "--dest", tmp_path / "m", "--fractions", "0.9,0.1",
              "--split-labels", "train,valid", check=True)
    root, *rows = (tmp_path / "m/train.tsv").read_text().split("\n")
    assert root.strip().rstrip("/") == str((source / "segmented").absolute())
    assert len(rows) > 10
    done = einthoven("store", "import", source, "--dest", tmp_path / "s.ecgstore", check=True)
    shipped = {path.name.rsplit("_", 1)[0] for path in (source / "segmented").glob("*.mat")}
    assert f"{len(shipped)} recordings" in done.stdout, "the table also lists recordings that are not there"
    einthoven("store", "verify", tmp_path / "s.ecgstore", check=True)


def test_stratified_and_labelled_only(einthoven, tmp_path, store):
    einthoven("manifest", "split", store, "--dest", tmp_path / "m", "--strategy", "stratified",
              "--labels", "cinc2021", "--fractions", "0.7,0.3", "--split-labels", "train,test",
              check=True)
    index = sqlite3.connect(store / "index.sqlite")
    fibrillating = {name for name, in index.execute(
        "SELECT r.name FROM records r JOIN labels l USING (idx) WHERE l.name = '164889003'")}
    counts = {}
    for part in ("train", "test"):
        records = {key.rsplit(":", 1)[0] for key, _ in rows(tmp_path / "m" / f"{part}.tsv")[1]}
        counts[part] = len(records), len(records & fibrillating)
    assert counts == {"train": (14, 5), "test": (6, 2)}
    einthoven("labels", "build", store, "--columns", "AF", "--dest", tmp_path / "l", check=True)
    einthoven("manifest", "split", store, "--dest", tmp_path / "af", "--strategy", "random",
              "--labels", tmp_path / "l/labels.csv", "--labelled-only", "--fractions", "1",
              "--split-labels", "all", check=True)
    kept = {key.rsplit(":", 1)[0] for key, _ in rows(tmp_path / "af/all.tsv")[1]}
    assert kept == fibrillating
    wrong = einthoven("manifest", "split", store, "--dest", tmp_path / "x", "--strategy", "stratified")
    assert wrong.returncode == 2 and "labels" in wrong.stderr


def test_predefined_splits(einthoven, tmp_path, store):
    einthoven("manifest", "split", store, "--dest", tmp_path / "m", check=True)
    einthoven("manifest", "split", store, "--dest", tmp_path / "again", "--strategy", "predefined",
              "--split-file", tmp_path / "m/splits.csv", check=True)
    for part in ("train", "valid", "test"):
        name = f"{part}.tsv"
        assert (tmp_path / "m" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    einthoven("manifest", "split", store, "--dest", tmp_path / "sets", "--strategy", "predefined",
              "--fold-col", "dataset", check=True)
    assert {path.name for path in (tmp_path / "sets").glob("*.tsv")} == {"A.tsv", "B.tsv"}
    # idx printed as a float, as the reference's tables have after a join
    lines = ["idx,split", *(f"{i}.0,{'ab'[i % 2]}" for i in range(20))]
    (tmp_path / "by_idx.csv").write_text("\n".join(lines) + "\n")
    einthoven("manifest", "split", store, "--dest", tmp_path / "idx", "--strategy", "predefined",
              "--split-file", tmp_path / "by_idx.csv", "--folds", "train=a,test=b", check=True)
    assert len(rows(tmp_path / "idx/train.tsv")[1]) == len(rows(tmp_path / "idx/test.tsv")[1]) == 20


def test_predefined_splits_that_contradict_themselves(einthoven, tmp_path, store):
    def split(*more):
        return einthoven("manifest", "split", store, "--dest", tmp_path / "m", "--strategy", "predefined", *more)

    (tmp_path / "twice.csv").write_text("idx,split\n0,train\n1,test\n0,test\n")
    done = split("--split-file", tmp_path / "twice.csv")
    assert done.returncode == 3 and "0 is in train and in test" in done.stderr
    done = split("--fold-col", "dataset", "--folds", "train=A+B,test=B")
    assert done.returncode == 2 and "fold B is in train and in test" in done.stderr
    done = split("--fold-col", "dataset", "--folds", "train=A,valid=C,test=B")
    assert done.returncode == 0 and "valid: no recording is in this part" in done.stderr


@pytest.mark.parametrize("strategy", ["grouped", "stratified"])
def test_identical_recordings_stay_together(einthoven, tmp_path, store, strategy):
    """Twins of two patients: of all 20 recordings, in pairs, so that each division must respect each pair."""
    with sqlite3.connect(store / "index.sqlite") as index:
        names = [name for name, in index.execute("SELECT name FROM records ORDER BY idx")]
        for i, name in enumerate(names):
            index.execute("UPDATE records SET digest = ? WHERE name = ?", (f"xxh128:{i // 2:032x}", name))
    labels = ["--labels", "dx"] if strategy == "stratified" else []
    done = einthoven("manifest", "split", store, "--dest", tmp_path / "m", "--strategy", strategy,
                     "--fractions", "0.5,0.2,0.3", *labels, check=True)
    assert "10 groups joined other groups" in done.stderr
    parts = [{key.rsplit(":", 1)[0] for key, _ in rows(path)[1]} for path in (tmp_path / "m").glob("*.tsv")]
    assert sum(map(len, parts)) == 20
    for a, b in zip(names[::2], names[1::2]):
        assert sum(a in part for part in parts) == 1 == sum({a, b} <= part for part in parts)
    assert "no leakage found" in einthoven("manifest", "check", tmp_path / "m", check=True).stdout


def test_check_finds_leakage(einthoven, tmp_path, store):
    einthoven("manifest", "split", store, "--dest", tmp_path / "m", check=True)
    clean = einthoven("manifest", "check", tmp_path / "m", check=True)
    assert "no leakage found" in clean.stdout
    train = (tmp_path / "m/train.tsv").read_text().splitlines()
    with open(tmp_path / "m/test.tsv", "a") as file:
        file.write(train[1] + "\n")
    found = einthoven("manifest", "check", tmp_path / "m")
    record = train[1].rsplit(":", 1)[0]
    assert found.returncode == 3 and "share 1 recording, 1 identical signal" in found.stderr
    assert record not in found.stdout + found.stderr
    assert record in einthoven("manifest", "check", tmp_path / "m", "--list").stdout
    # A split of files, as the reference's manifest.py makes it, divides recordings.
    einthoven("manifest", "split", tmp_path / "ref/segmented", "--dest", tmp_path / "legacy",
              "--strategy", "legacy", check=True)
    assert einthoven("manifest", "check", tmp_path / "legacy").returncode == 3


def test_check_says_where_signals_cannot_be_compared(einthoven, tmp_path, store):
    """Stores of version 1 have SHA-256 digests; a merged store may hold both."""
    einthoven("manifest", "split", store, "--dest", tmp_path / "m", check=True)
    tested = {key.rsplit(":", 1)[0] for key, _ in rows(tmp_path / "m/test.tsv")[1]}
    with sqlite3.connect(store / "index.sqlite") as index:
        for name in tested:
            index.execute("UPDATE records SET digest = ? WHERE name = ?", ("0" * 64, name))
    done = einthoven("manifest", "check", tmp_path / "m", check=True)
    assert "not found between test and train" in done.stderr.replace("train and test", "test and train")
    assert "between train and valid" not in done.stderr and "no leakage found" in done.stdout


def test_check_reads_files(einthoven, tmp_path, store):
    """The same samples under another name, and the patient in the .mat file."""
    segments = sorted((tmp_path / "ref/segmented").iterdir())
    (tmp_path / "copy").mkdir()
    copy = tmp_path / "copy" / "other_0.mat"
    copy.write_bytes(b"another header".ljust(128) + segments[0].read_bytes()[128:])
    for name, path in (("train", segments[0]), ("test", copy)):
        (tmp_path / f"{name}.tsv").write_text(f"{path.parent}\n{path.name}\t2500\n")
    both = [tmp_path / "train.tsv", tmp_path / "test.tsv"]
    assert einthoven("manifest", "check", *both).returncode == 0
    copy.write_bytes(segments[0].read_bytes()[:120] + b"\0" * 4 + segments[0].read_bytes()[124:])
    found = einthoven("manifest", "check", "--read-files", *both)
    assert found.returncode == 3 and "1 identical signal" in found.stderr
    for name in ("train", "test"):
        scipy.io.savemat(tmp_path / f"{name}_0.mat", {"ecg_path": ["/a/00001_hr"], "feats": [[len(name)]]})
        (tmp_path / f"{name}.tsv").write_text(f"{tmp_path}\n{name}_0.mat\t2500\n")
    found = einthoven("manifest", "check", "--read-files", *both)
    assert found.returncode == 3 and "share 1 recording\n" in found.stderr
