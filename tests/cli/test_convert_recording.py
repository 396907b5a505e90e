"""convert-recording and formats, from outside."""

import json
import re

import numpy as np
import pytest


@pytest.fixture
def ecg(tmp_path):
    values = np.random.default_rng(0).integers(-2000, 2000, (12, 500)) / 1000
    np.save(tmp_path / "ecg.npy", values.astype(np.float32))
    return tmp_path / "ecg.npy"


def test_round_trip_through_every_format(einthoven, ecg, tmp_path):
    path, options = ecg, ["--rate", 500]
    for name in ["a.hea", "b.csv", "c.mat", "e.h5", "f.npz", "d.npy"]:
        done = einthoven("convert-recording", path, tmp_path / name, *options, check=True)
        assert "12 leads, 500 samples at 500 Hz" in done.stdout
        path, options = tmp_path / name, []
    np.testing.assert_array_equal(np.load(tmp_path / "d.npy"), np.load(ecg))
    sidecar = json.loads((tmp_path / "d.json").read_text())
    assert sidecar["rate_hz"] == 500
    assert sidecar["leads"][:4] == ["I", "II", "III", "aVR"]


def test_leads_and_cut(einthoven, ecg, tmp_path):
    einthoven("convert-recording", ecg, tmp_path / "x.npy", "--rate", 500, "--leads", "v1,II",
              "--from", 0.2, "--to", 0.6, check=True)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), np.load(ecg)[[6, 1], 100:300])


def test_the_folder_of_the_output_is_made(einthoven, ecg, tmp_path):
    for name in ["x.npy", "x.csv", "x.hea", "x.edf", "x.h5"]:
        einthoven("convert-recording", ecg, tmp_path / "a" / name[2:] / name, "--rate", 500, check=True)
        assert (tmp_path / "a" / name[2:] / name).exists()
    einthoven("convert-recording", tmp_path / "a/hea/x.hea", tmp_path / "b/c/x.npy", "--digital", check=True)
    (tmp_path / "file").write_text("")
    done = einthoven("convert-recording", ecg, tmp_path / "file/x.npy", "--rate", 500)
    assert done.returncode == 4 and "file/x.npy" in done.stderr


def test_pandas_reads_the_invalid_samples_of_one_lead(einthoven, tmp_path):
    pandas = pytest.importorskip("pandas")
    values = np.array([[0.5, np.nan, -1, np.nan]], np.float32)
    np.savez(tmp_path / "x.npz", samples=values, rate_hz=500, leads=["II"])
    einthoven("convert-recording", tmp_path / "x.npz", tmp_path / "x.csv", check=True)
    np.testing.assert_array_equal(pandas.read_csv(tmp_path / "x.csv", comment="#")["II"], values[0])
    einthoven("convert-recording", tmp_path / "x.csv", tmp_path / "y.npy", check=True)
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), values)


def test_no_other_document_is_replaced(einthoven, ecg, tmp_path):
    einthoven("convert-recording", ecg, tmp_path / "e.json", "--rate", 500, check=True)
    before = (tmp_path / "e.json").read_bytes()
    done = einthoven("convert-recording", ecg, tmp_path / "e.npy", "--rate", 500)
    assert done.returncode == 2 and "e.json: is needed beside the array" in done.stderr
    assert (tmp_path / "e.json").read_bytes() == before
    assert not (tmp_path / "e.npy").exists()
    einthoven("convert-recording", ecg, tmp_path / "f.npy", "--rate", 500, check=True)
    done = einthoven("convert-recording", ecg, tmp_path / "f.json", "--rate", 500)
    assert done.returncode == 2 and "would replace what describes the .npy file" in done.stderr
    einthoven("convert-recording", ecg, tmp_path / "w.hea", "--rate", 500, check=True)
    for source, out in [("f.npy", "f.npy"), ("w", "w.hea"), ("w.hea", "w.hea")]:
        done = einthoven("convert-recording", tmp_path / source, tmp_path / out, "--leads", "I")
        assert done.returncode == 2 and "is the recording that is read" in done.stderr


def test_notes_go_to_stderr(einthoven, ecg, tmp_path):
    done = einthoven("convert-recording", ecg, tmp_path / "x.csv", "--rate", 500, check=True)
    assert "does not name its leads" in done.stderr
    assert "does not name its leads" not in done.stdout


@pytest.mark.parametrize("arguments,code,text", [
    (["{ecg}", "{dir}/x.csv"], 2, "--rate"),
    (["{ecg}", "{dir}/x.docx", "--rate", "500"], 2, ".docx"),
    (["{ecg}", "{dir}/x.npy", "--rate", "500", "--leads", "V9"], 3, "V9"),
    (["{ecg}", "{dir}/x.npy", "--rate", "500", "--digital"], 2, "WFDB"),
    (["{dir}/none", "{dir}/x.npy"], 4, "none"),
    (["{dir}/bad.hea", "{dir}/x.npy"], 3, "bad.hea:1: number of signals"),
    (["{ecg}"], 2, "out"),
])
def test_errors_are_one_line_with_the_right_code(einthoven, ecg, tmp_path, arguments, code, text):
    (tmp_path / "bad.hea").write_text("bad two 500\n")
    done = einthoven("convert-recording", *(a.format(ecg=ecg, dir=tmp_path) for a in arguments))
    assert done.returncode == code
    assert text in done.stderr
    assert not list(tmp_path.glob("x.*"))


def test_help_and_formats(einthoven):
    assert "Examples:" in einthoven("convert-recording", "--help", check=True).stdout
    table = einthoven("formats", check=True).stdout
    for name in ["wfdb", "mat", "npy", "csv", "hdf5", "npz", "edf", "muse",
                 "aecg", "sierra", "dicom", "scp", "ishne", "fhir"]:
        assert f"\n{name} " in table


@pytest.fixture
def told(einthoven, tmp_path):
    """A recording with all that one can say: made by hand as the .json beside a .npy."""
    np.save(tmp_path / "told.npy", np.random.default_rng(0).normal(0, 0.3, (12, 1000)).astype(np.float32).round(3))
    info = {"rate_hz": 500, "leads": ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"],
            "comments": ["Dx: 426783006"], "statements": ["Sinus rhythm", "möglicher Infarkt"],
            "base_date": "2020-02-29", "base_time": "23:59:58",
            "device": {"manufacturer": "Maker", "model": "Cart 7", "highpass_hz": 0.05, "lowpass_hz": 150.0, "notch_hz": 50.0},
            "annotations": [{"sample": 100, "symbol": "N"}, {"sample": 620, "symbol": "V", "subtype": 1, "channel": 2},
                            {"sample": 700, "symbol": "+", "text": "(AFIB"}]}
    (tmp_path / "told.json").write_text(json.dumps(info))
    return tmp_path / "told.npy", info


KEYS = ["comments", "statements", "base_date", "base_time", "device", "annotations"]


@pytest.mark.parametrize("name", ["x.npz", "x.mat", "x.csv", "x.h5"])
def test_containers_of_arrays_keep_all_that_a_recording_says(einthoven, told, tmp_path, name):
    path, info = told
    done = einthoven("convert-recording", path, tmp_path / name, check=True)
    assert done.stderr == ""
    einthoven("convert-recording", tmp_path / name, tmp_path / "back.npy", check=True)
    back = json.loads((tmp_path / "back.json").read_text())
    assert {key: back[key] for key in KEYS} == {key: info[key] for key in KEYS}


def test_formats_with_fields_of_their_own_keep_what_they_can(einthoven, told, tmp_path):
    path, info = told
    done = einthoven("convert-recording", path, tmp_path / "x.edf", check=True)
    assert ".edf cannot hold 1 comments" in done.stderr
    edf = json.loads(einthoven("inspect", tmp_path / "x.edf", "--format", "json", check=True).stdout)
    assert edf["device"] == "Maker_Cart_7" and edf["highpass_hz"] == 0.05 and edf["notch_hz"] == 50
    assert edf["symbols"] == {'"': 3, "N": 1, "V": 1}  # two statements and the rhythm are texts
    done = einthoven("convert-recording", path, tmp_path / "x.dcm", check=True)
    assert ".dcm cannot hold 1 comments" in done.stderr
    dicom = json.loads(einthoven("inspect", tmp_path / "x.dcm", "--format", "json", check=True).stdout)
    assert dicom["statements"] == info["statements"] and dicom["manufacturer"] == "Maker"
    assert dicom["symbols"] == {'"': 1, "N": 1, "V": 1}
    einthoven("convert-recording", path, tmp_path / "x.hea", check=True)
    header = (tmp_path / "x.hea").read_text()
    for line in ["Dx: 426783006", "Statement: Sinus rhythm", "Device: Cart 7", "Notch: 50 Hz"]:
        assert line in header
    wfdb = json.loads(einthoven("inspect", tmp_path / "x.hea", "--annotator", "atr", "--format", "json",
                                check=True).stdout)
    assert wfdb["symbols"] == {"+": 1, "N": 1, "V": 1}
    done = einthoven("convert-recording", path, tmp_path / "fhir.json", check=True)
    assert "cannot hold 3 annotations" in done.stderr
    fhir = json.loads((tmp_path / "fhir.json").read_text())
    assert fhir["device"] == {"reference": "#device", "display": "Maker Cart 7"}
    assert {entry["type"]["text"]: entry["valueQuantity"][0]["value"] for entry in fhir["contained"][0]["property"]} == {
        "high-pass filter": 0.05, "low-pass filter": 150, "notch filter": 50}


@pytest.mark.parametrize("info, place", [('{"annotations": [{"sample": 1}]}', "symbol"), ('{"statements": 3}', "string"),
                                         ("[1]", "object"), ('{"device": {"notch_hz": "x"}}', "number")])
def test_faulty_info_is_a_data_error(einthoven, ecg, tmp_path, info, place):
    (tmp_path / "x.csv").write_text(f"# rate_hz: 500\n# info: {info}\nI\n1\n2\n")
    done = einthoven("inspect", tmp_path / "x.csv")
    assert done.returncode == 3 and "x.csv: info: " in done.stderr and done.stderr.count("\n") <= 2


@pytest.mark.parametrize("name", ["aecg_ecg_hl7.xml", "muse_muse-sinus_redacted.xml",
                                  "philips_ad4d3d80-d165_1-04_orig.xml"])
def test_xml_with_a_namespace_prefix(einthoven, tmp_path, shared, name):
    plain = shared / "data/formats" / name
    (tmp_path / name).write_bytes(re.sub(rb"<(/?)(\w)", rb"<\1hl7:\2", plain.read_bytes()))
    einthoven("convert-recording", plain, tmp_path / "a.npy", check=True)
    einthoven("convert-recording", tmp_path / name, tmp_path / "b.npy", check=True)
    for end in ["npy", "json"]:
        assert (tmp_path / f"a.{end}").read_bytes() == (tmp_path / f"b.{end}").read_bytes()


def test_the_subject_is_shown_on_request_only(einthoven, tmp_path, shared):
    path = shared / "data/formats/muse_muse-sinus_redacted.xml"
    shown = einthoven("inspect", path, check=True).stdout
    assert "statement: " in shown and "subject" not in shown
    asked = json.loads(einthoven("inspect", path, "--subject", "--format", "json", check=True).stdout)
    assert asked["subject"]["sex"] in ("male", "female") and asked["device"]
    sierra = next((shared / "data/formats").glob("philips_*.xml"))
    assert "subject id: " in einthoven("inspect", sierra, "--subject", check=True).stdout


@pytest.mark.parametrize("units,scale", [("mV", 1), ("uV", 1e-3), ("V", 1e3), ("bar", None)])
def test_units_that_npz_and_hdf5_state_are_honoured(einthoven, tmp_path, units, scale):
    h5py = pytest.importorskip("h5py")
    values = np.random.default_rng(0).normal(0, 0.3, (12, 100)).astype(np.float32)
    np.savez(tmp_path / "x.npz", samples=values, fs=500, units=units)
    for name in ["root.h5", "set.h5"]:
        with h5py.File(tmp_path / name, "w") as file:
            file["samples"] = values
            place = file if name == "root.h5" else file["samples"]
            place.attrs["units"], place.attrs["rate_hz"] = units, 500
    for name in ["x.npz", "root.h5", "set.h5"]:
        done = einthoven("convert-recording", tmp_path / name, tmp_path / "x.npy")
        if scale is None:
            assert done.returncode == 3 and "bar" in done.stderr
        else:
            np.testing.assert_allclose(np.load(tmp_path / "x.npy"), scale * values, rtol=1e-6)


@pytest.mark.parametrize("version", ["5", "7.3"])
def test_matlab_matrices_of_samples_by_leads(einthoven, tmp_path, version):
    values = np.random.default_rng(0).normal(0, 0.3, (12, 100)).astype(np.float32)
    if version == "5":
        sio = pytest.importorskip("scipy.io")
        sio.savemat(tmp_path / "x.mat", {"ECG": {"data": values.T, "Fs": 250.0}})
        sio.savemat(tmp_path / "y.mat", {"feats": values.T, "sfreq": 250.0})
    else:
        h5py = pytest.importorskip("h5py")
        for name, path in [("x.mat", "ECG/data"), ("y.mat", "feats")]:
            with h5py.File(tmp_path / name, "w", userblock_size=512) as file:
                file[path] = values  # axes are stored last first
                file[path].attrs["MATLAB_class"] = np.bytes_("single")
                rate = "ECG/Fs" if "/" in path else "Fs"
                file[rate] = [[250.0]]
                file[rate].attrs["MATLAB_class"] = np.bytes_("double")
                if "/" in path:
                    file["ECG"].attrs["MATLAB_class"] = np.bytes_("struct")
            with open(tmp_path / name, "r+b") as file:
                file.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")
    for name in ["x.mat", "y.mat"]:
        done = einthoven("convert-recording", tmp_path / name, tmp_path / "x.npy", check=True)
        assert "12 leads, 100 samples at 250 Hz" in done.stdout
        np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), values)


def test_a_cut_without_samples_is_refused(einthoven, ecg, tmp_path):
    """For every format that is read, also where a single sample is missing."""
    for name in ["x.hea", "x.csv", "x.npz", "x.edf", "x.dcm", "x.h5", "x.mat"]:
        einthoven("convert-recording", ecg, tmp_path / name, "--rate", 500, check=True)
        for start in (1, 50):  # the recording has 1 s
            done = einthoven("convert-recording", tmp_path / name, tmp_path / "y.npy", "--from", start)
            assert done.returncode == 3 and not (tmp_path / "y.npy").exists(), (name, done.stderr)
        einthoven("convert-recording", tmp_path / name, tmp_path / "y.npy", "--from", 0.998, check=True)
        assert np.load(tmp_path / "y.npy").shape == (12, 1)
        (tmp_path / "y.npy").unlink()


def test_messages_do_not_repeat_what_may_be_a_name(einthoven, tmp_path):
    """A table of patients, a header and a manifest with a name where a number should be."""
    (tmp_path / "patients.csv").write_text('name,V1,birth\n"Meier, Hans",1,1950-01-01\n')
    (tmp_path / "r.hea").write_text("Meier Hans 500 5000\n")
    (tmp_path / "m.tsv").write_text(f"{tmp_path}\nx.mat\t2500\tMeier Hans\n")
    for path in ("patients.csv", "r.hea", "m.tsv"):
        done = einthoven("inspect", tmp_path / path)
        assert done.returncode == 3 and "a text of" in done.stderr, done.stderr
        assert "Hans" not in done.stderr and "1950" not in done.stderr
    einthoven("preprocess", "folder", tmp_path, "--dest", tmp_path / "s.ecgstore")
    assert "patients" in (kept := (tmp_path / "s.ecgstore/quarantine.csv").read_text()) and "Hans" not in kept
    (tmp_path / "typo.csv").write_text("II,V1\n0.5x,1\n")
    assert 'got "0.5x"' in einthoven("convert-recording", tmp_path / "typo.csv", tmp_path / "y.npy", "--rate",
                                     500).stderr


def test_annotations_belong_to_wfdb(einthoven, ecg, tmp_path):
    done = einthoven("convert-recording", ecg, tmp_path / "y.csv", "--rate", 500, "--annotator", "atr")
    assert done.returncode == 2 and "annotator" in done.stderr
