"""Files that lie: one line names the file, exit code 3 (2 for configurations), bounded memory."""

import io
import json
import pickle
import resource
import struct
import subprocess
import sys
import zipfile
import zlib

import numpy as np
import pytest

import scp_files
from conftest import program_path

MEMORY = 1 << 30  # a lie about a size must not be believed by an allocation


def run(*args, memory=MEMORY):
    done = subprocess.run(
        [str(program_path()), *map(str, args)], capture_output=True, text=True, timeout=120,
        preexec_fn=lambda: memory and resource.setrlimit(resource.RLIMIT_AS, (memory, memory)))
    return done.returncode, done.stderr


def refused(code, stderr, wanted, *words):
    faults = [line for line in stderr.splitlines() if line.startswith("einthoven: ")]
    assert code == wanted and len(faults) == 1, stderr
    for word in words:
        assert word in faults[0], stderr


HEADERS = {
    "above": "r 1 500 10\n../secret.dat 16 200 0 0 0 0 0 I\n",
    "absolute": "r 1 500 10\n/etc/passwd 16 200 0 0 0 0 0 I\n",
    "address": "r 1 500 10\nhttp://localhost/r.dat 16 200 0 0 0 0 0 I\n",
    "file address": "r 1 500 10\nfile:///etc/passwd 16 200 0 0 0 0 0 I\n",
    "segment above": "r/2 1 500 10\n../a 5\nb 5\n",
    "own segment": "r/2 1 500 10\nr 5\nr 5\n",
    "many signals": "r 2000000000 500 10\nr.dat 16\n",
    "many segments": "r/2000000000 1 500 10\nr_1 5\n",
    "long": "r 1 500 9223372036854775807\nr.dat 16 200 0 0 0 0 0 I\n",
    "overflowing length": "r 1 500 99999999999999999999\nr.dat 16 200 0 0 0 0 0 I\n",
    "negative length": "r 1 500 -5\nr.dat 16 200 0 0 0 0 0 I\n",
    "wide frames": "r 1 500 10\nr.dat 16x2000000000 200 0 0 0 0 0 I\n",
    "skew": "r 1 500 10\nr.dat 16:9223372036854775807 200 0 0 0 0 0 I\n",
    "far offset": "r 1 500 10\nr.dat 16+9223372036854775807 200 0 0 0 0 0 I\n",
    "no gain": "r 1 500 10\nr.dat 16 nan 0 0 0 0 0 I\n",
    "no rate": "r 1 nan 10\nr.dat 16 200 0 0 0 0 0 I\n",
    "format": "r 1 500 10\nr.dat 17 200 0 0 0 0 0 I\n",
    "cut": "r 2 500 10\nr.dat 16 200 0 0 0 0 0 I\n",
    "empty": "",
    "nul": "r 1 500 10\nr.dat\0x 16 200 0 0 0 0 0 I\n",
}


@pytest.mark.parametrize("name", HEADERS)
def test_wfdb_headers(tmp_path, name):
    (tmp_path / "r.hea").write_text(HEADERS[name])
    (tmp_path / "r.dat").write_bytes(bytes(20))
    refused(*run("convert-recording", tmp_path / "r.hea", tmp_path / "o.npy"), 3, "r.hea" if name not in (
        "wide frames", "skew", "far offset", "long") else "r.")
    assert not (tmp_path / "o.npy").exists()


def npy(header, data=b""):
    text = header.encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + data


NPY = {
    "larger than the file": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (12, 1099511627776), }"),
    "overflow": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }"),
    "negative": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-12, -5), }", bytes(240)),
    "code": npy("{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (1,), }"),
    "pickled": npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", pickle.dumps([1])),
    "long header": b"\x93NUMPY\2\0\xff\xff\xff\x7f{'descr'",
}


@pytest.mark.parametrize("name", NPY)
def test_npy(tmp_path, name):
    (tmp_path / "r.npy").write_bytes(NPY[name])
    refused(*run("convert-recording", tmp_path / "r.npy", tmp_path / "o.csv", "--rate", 500, "--gain", 1000), 3, "r.npy")


def matrix(rows, columns, packed=False, element=None):
    def item(kind, data):
        return struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)

    body = item(6, struct.pack("<II", 7, 0)) + item(5, struct.pack("<ii", rows, columns)) + item(1, b"feats")
    body += element if element is not None else item(7, bytes(240))
    whole = struct.pack("<II", 14, len(body)) + body
    if packed:
        data = zlib.compress(whole)
        whole = struct.pack("<II", 15, len(data)) + data
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM" + whole


def inflated_bomb():
    """An element of 4 GiB of zeros in 4 MB: after a full flush the same bytes can follow again."""
    packer = zlib.compressobj(9)
    data = packer.compress(struct.pack("<II", 14, 0xFFFFFFF0)) + packer.flush(zlib.Z_FULL_FLUSH)
    data += (packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)) * 256
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM" + struct.pack("<II", 15, len(data)) + data


MAT = {
    "larger than the file": lambda: matrix(12, 2_000_000_000),
    "larger than the file, packed": lambda: matrix(12, 2_000_000_000, packed=True),
    "overflow": lambda: matrix(2_000_000_000, 2_000_000_000),
    "negative": lambda: matrix(-12, 5),
    "long element": lambda: matrix(12, 5, element=struct.pack("<II", 7, 0xFFFFFFFF) + bytes(240)),
    "cut": lambda: matrix(12, 5)[:-60],
    "version 4": lambda: struct.pack("<5I", 0, 12, 2_000_000_000, 0, 4) + b"val\0" + bytes(64),
}


@pytest.mark.parametrize("name", MAT)
def test_mat(tmp_path, name):
    (tmp_path / "r.mat").write_bytes(MAT[name]())
    refused(*run("convert-recording", tmp_path / "r.mat", tmp_path / "o.csv", "--rate", 500, "--gain", 1000), 3, "r.mat")


def zip_bomb(promise, name="samples.npy"):
    """An entry that says it holds `promise` bytes and holds 256 MiB of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join(packer.compress(bytes(1 << 24)) for _ in range(16)) + packer.flush()
    local = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, 0, len(data), promise, len(name), 0)
    start = b"PK\3\4" + local + name.encode() + data
    entry = b"PK\1\2" + struct.pack("<H", 20) + local + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name.encode()
    return start + entry + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(start), 0)


@pytest.mark.parametrize("promise", [1 << 28, 100, (1 << 32) - 2])
def test_zip_bombs(tmp_path, promise):
    (tmp_path / "r.npz").write_bytes(zip_bomb(promise))
    refused(*run("convert-recording", tmp_path / "r.npz", tmp_path / "o.csv", "--rate", 500), 3, "r.npz")


def test_a_mat_bomb(tmp_path):
    (tmp_path / "r.mat").write_bytes(inflated_bomb())
    refused(*run("convert-recording", tmp_path / "r.mat", tmp_path / "o.csv", memory=4 << 30), 3, "r.mat")


def test_scp_leads_far_apart(tmp_path):
    """255 leads one after the other would make a thousand times their samples."""
    twelve, forty = np.zeros((12, 50), int), np.zeros((40, 50), int)
    (tmp_path / "r.scp").write_bytes(scp_files.scp(twelve, apart=True))
    assert run("convert-recording", tmp_path / "r.scp", tmp_path / "o.npy")[0] == 0
    assert np.load(tmp_path / "o.npy").shape == (12, 600)
    (tmp_path / "r.scp").write_bytes(scp_files.scp(forty, apart=True))
    refused(*run("convert-recording", tmp_path / "r.scp", tmp_path / "o.npy"), 3, "r.scp", "too far apart")


def test_scp_beats_one_over_another(tmp_path):
    """65,535 beats that all lie over the whole of many long leads would be 10^11 sums; here are fewer."""
    ecg = np.zeros((2, 1000), int)
    beats = [(0, 1, 1, 1000)] * 500
    (tmp_path / "r.scp").write_bytes(scp_files.lossy_scp(ecg, ecg, 1, beats, [], huffman=False, order=0))
    refused(*run("convert-recording", tmp_path / "r.scp", tmp_path / "o.npy"), 3, "r.scp", "overlap")


def test_an_xml_bomb(tmp_path):
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    (tmp_path / "r.xml").write_text(f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "x">{entities}'
                                    '<!ENTITY f SYSTEM "file:///etc/passwd">]><RestingECG>&a9;&f;</RestingECG>')
    code, stderr = run("convert-recording", tmp_path / "r.xml", tmp_path / "o.csv")
    refused(code, stderr, 3, "r.xml")
    assert "root:" not in stderr


class Touches:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.parametrize("container", ["zip", "plain"])
def test_a_pickle_that_calls(tmp_path, container):
    content = pickle.dumps({"model": Touches(tmp_path / "touched")}, 2)
    buffer = io.BytesIO()
    if container == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("archive/data.pkl", content)
            archive.writestr("archive/version", b"3\n")
    else:
        for value in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
            pickle.dump(value, buffer, 2)
        buffer.write(content)
    (tmp_path / "m.pt").write_bytes(buffer.getvalue())
    refused(*run("inspect", tmp_path / "m.pt", memory=None), 3, "m.pt", "io.open")
    assert not (tmp_path / "touched").exists()


def safetensors(header, data=bytes(16)):
    text = json.dumps(header).encode() if isinstance(header, dict) else header
    return struct.pack("<Q", len(text)) + text + data


def place(shape, begin, end, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


SAFETENSORS = {
    "overlap": safetensors({"a": place([2], 0, 8), "b": place([3], 4, 16)}),
    "hole": safetensors({"a": place([1], 0, 4), "b": place([2], 8, 16)}),
    "beyond": safetensors({"a": place([1 << 40], 0, 1 << 42)}),
    "overflowing shape": safetensors({"a": place([1 << 62, 8], 0, 0)}, b""),
    "shape above 63 bits": safetensors({"a": place([1 << 63, 2], 0, 0)}, b""),
    "overflowing offsets": safetensors({"a": place([4], (1 << 64) - 8, 8)}),
    "negative": safetensors({"a": place([-4], 0, 16)}),
    "fraction": safetensors({"a": place([4.5], 0, 16)}),
    "huge fraction": safetensors({"a": place([1e300], 0, 16)}),
    "text for offsets": safetensors({"a": {"dtype": "F32", "shape": [4], "data_offsets": "0016"}}),
    "long header": struct.pack("<Q", 1 << 60) + b"{}",
    "no object": safetensors(b"[1, 2, 3]   "),
    "deep": safetensors(b'{"a":' + b"[" * 200_000),
}


@pytest.mark.parametrize("name", SAFETENSORS)
def test_safetensors(tmp_path, name):
    (tmp_path / "m.safetensors").write_bytes(SAFETENSORS[name])
    refused(*run("inspect", tmp_path / "m.safetensors", memory=None), 3, "m.safetensors")


YAML = {
    "aliases": "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10)),
    "itself": "a: &a [*a]\n",
    "deep": "a: " + "[" * 10_000,
    "tag": "a: !!python/object/apply:os.system ['true']\n",
    "twice": "a: 1\na: 2\n",
}


@pytest.mark.parametrize("name", YAML)
def test_yaml(tmp_path, name):
    (tmp_path / "bomb.yaml").write_text(YAML[name])
    refused(*run("train", "--config-dir", tmp_path, "--config-name", "bomb", memory=None), 2, "bomb.yaml")


def test_a_tiny_sample_rate_spoils_one_recording_and_not_the_memory(tmp_path):
    assert run("simulate", tmp_path / "corpus", "--count", 3, "--seed", 1)[0] == 0
    header = sorted((tmp_path / "corpus").rglob("*.hea"))[1]
    header.write_text(header.read_text().replace(" 12 500 ", " 12 0.001 ", 1))
    code, stderr = run("preprocess", "physionet2021", tmp_path / "corpus", "--dest", tmp_path / "x.ecgstore")
    assert code == 0 and "(1 quarantined)" in stderr
    quarantine = next(tmp_path.rglob("*quarantine*")).read_text()
    assert header.stem in quarantine and "500 Hz cannot be made of 0.001 Hz" in quarantine


def test_links_do_not_lead_out_of_a_corpus(tmp_path):
    """A table of a folder of recordings names a file above it."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("# rate_hz: 500\nI\n1\n")
    np.save(folder / "a.npy", np.zeros((1, 10), np.float32))
    (folder / "labels.csv").write_text("path,AF\n../secret.csv,1\n")
    refused(*run("preprocess", "folder", folder, "--labels", folder / "labels.csv", "--dest", tmp_path / "s.ecgstore"), 3)
