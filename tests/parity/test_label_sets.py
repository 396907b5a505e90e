"""Label sets against tables that others made of the same recordings."""

import ast
import csv
import gzip
import re

import pytest

SETS = {"super_class": "ptb-xl-superclass", "sub_class": "ptb-xl-subclass", "form": "ptb-xl-form",
        "rhythm": "ptb-xl-rhythm"}
# Statements (first-degree block, sinus arrhythmia) that PTB-XL 1.0.3 has no more.
SINCE_REVISED = {"HR00003": {"270492004"}, "HR00010": {"427393009"}}


@pytest.fixture(scope="module")
def ptbxl(einthoven, tmp_path_factory, shared):
    store = tmp_path_factory.mktemp("ptbxl") / "p.ecgstore"
    source = shared / "data/ptbxl_1.0.3_subset"
    einthoven("preprocess", "ptb-xl", source, "--dest", store, check=True)
    with open(source / "ptbxl_database.csv") as file:
        ids = [int(row["ecg_id"]) for row in csv.DictReader(file)]
    return store, ids


def positive(einthoven, folder, source, classes):
    einthoven("labels", "build", source, "--classes", classes, "--dest", folder, check=True)
    with open(folder / "labels.csv") as file:
        return {int(row.pop("idx")): {name for name, value in row.items() if value == "1"}
                for row in csv.DictReader(file)}


@pytest.mark.parametrize("theirs", SETS)
def test_ptbxl_sets_are_those_of_merl(einthoven, tmp_path, shared, ptbxl, theirs):
    store, ids = ptbxl
    ours = positive(einthoven, tmp_path / "l", store, SETS[theirs])
    compared = 0
    for part in ("train", "val", "test"):
        path = shared / f"data/labels/merl/ptbxl/{theirs}/ptbxl_{theirs}_{part}.csv.gz"
        for row in csv.DictReader(gzip.open(path, "rt")):
            if int(row["ecg_id"]) not in ids:
                continue
            names = list(row)[6:]
            expected = {name for name in names if row[name] == "1"}
            found = {name.strip("_") for name in ours[ids.index(int(row["ecg_id"]))]}
            assert found == expected, row["ecg_id"]
            compared += 1
    assert compared > (10 if theirs == "form" else 100)


def test_snomed_codes_are_those_of_the_challenge(einthoven, tmp_path, shared, ptbxl):
    """HR0000x of the Challenge is ecg_id x of PTB-XL."""
    store, ids = ptbxl
    ours = positive(einthoven, tmp_path / "l", store, "snomed")
    compared = 0
    for header in (shared / "data").glob("cinc202*/HR/HR*.hea"):
        ecg_id = int(header.stem[2:])
        if ecg_id in ids:
            codes = set(re.search(r"# ?Dx: ?(\S+)", header.read_text()).group(1).split(","))
            codes -= SINCE_REVISED.get(header.stem, set())
            assert ours[ids.index(ecg_id)] == codes, header.stem
            compared += 1
    assert compared >= 5


def test_statement_table_is_that_of_ptbxl(einthoven, tmp_path, shared, ptbxl):
    """Every statement, by the reference's rule, on the corpus's own table."""
    store, ids = ptbxl
    source = shared / "data/ptbxl_1.0.3_subset"
    with open(source / "scp_statements.csv") as file:
        table = {row[""]: row for row in csv.DictReader(file)}
    ours = positive(einthoven, tmp_path / "l", store, "ptb-xl-diagnostic")
    with open(source / "ptbxl_database.csv") as file:
        for i, row in enumerate(csv.DictReader(file)):
            codes = {code for code in ast.literal_eval(row["scp_codes"]) if table[code]["diagnostic"]}
            assert ours[i] == codes


def test_aha_codes_are_those_of_sph(einthoven, shared):
    def snomed(code):
        done = einthoven("labels", "codes", f"aha:{code}", check=True)
        return next(csv.DictReader(done.stdout.splitlines()))["snomed"].split("|")

    with open(shared / "data/cinc2021_smoke/AHA_SNOMED_mapping.csv", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            assert row["SNOMEDCTCode"] in snomed(row["AHA_Code"]), row
    with open(shared / "data/sph/metadata.csv") as file:
        for row in csv.DictReader(file):
            for code, expected in zip(row["AHA_Code"].split(";"), row["SNOMEDCTCode"].split(",")):
                assert expected in snomed(code), row
