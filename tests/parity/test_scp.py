"""Our SCP-ECG reader: the example holds the same recording as the HL7 aECG example."""

import json
import struct

import numpy as np
import pytest
import scp_files


@pytest.fixture
def example(shared):
    return shared / "data/formats/scpecg_Example.scp"


def ours(einthoven, path, tmp_path, *options):
    done = einthoven("convert-recording", path, tmp_path / "x.npy", *options, check=True)
    assert "Clark" not in done.stderr
    return np.load(tmp_path / "x.npy"), json.loads((tmp_path / "x.json").read_text())


def test_the_same_recording_as_aecg(einthoven, shared, example, tmp_path):
    values, sidecar = ours(einthoven, example, tmp_path, "--checksums", "error", "--leads",
                           "I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6")
    expected, _ = ours(einthoven, shared / "data/formats/aecg_ecg_hl7.xml", tmp_path, "--leads",
                       "I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6")
    assert values.shape == (12, 5000)
    assert sidecar["rate_hz"] == 500
    np.testing.assert_array_equal(values, expected)


def rewritten(content, values, order, table=None, pack=None):
    """The example with section 6 replaced by plain samples, and without section 2; or with that of `table` and packed samples."""
    sections = {}
    for at in range(22, 22 + 120, 10):
        number, length, index = struct.unpack_from("<HII", content, at)
        if length:
            sections[number] = content[index - 1:index - 1 + length]
    del sections[2]
    if table:
        sections[2] = struct.pack("<HHIBB6x", 0, 2, len(table) + 16, 20, 20) + table
    data = [pack(v) if pack else v.astype("<i2").tobytes() for v in values]
    data = [d + b"\0" * (len(d) % 2) for d in data]
    body = struct.pack("<HHBB", 2500, 2000, order, 0)
    body += b"".join(struct.pack("<H", len(d)) for d in data) + b"".join(data)
    sections[6] = struct.pack("<HHIBB6x", 0, 6, len(body) + 16, 20, 20) + body
    pointers, tail, at = b"", b"", 6 + 16 + 120
    for number in range(12):
        section = sections.get(number, b"") if number else b"x" * 136
        index = 7 if number == 0 else at + 1 if section else 0
        pointers += struct.pack("<HII", number, len(section), index)
        if number and section:
            tail += section
            at += len(section)
    head = struct.pack("<HHIBB", 0, 0, 136, 20, 20) + b"SCPECG" + pointers
    return struct.pack("<HI", 0, 6 + len(head) + len(tail)) + head + tail


@pytest.mark.parametrize("order", [0, 1, 2])
def test_plain_samples_and_differences(einthoven, example, tmp_path, order):
    expected, _ = ours(einthoven, example, tmp_path)
    counts = np.round(expected / 0.0025).astype(int)
    deltas = counts.copy()
    if order == 1:
        deltas[:, 1:] = np.diff(counts, axis=1)
    if order == 2:
        deltas[:, 2:] = np.diff(counts, n=2, axis=1)
    (tmp_path / "y").write_bytes(rewritten(example.read_bytes(), deltas, order))
    values, _ = ours(einthoven, tmp_path / "y", tmp_path)
    np.testing.assert_array_equal(values, expected)


def code_table(values):
    """A prefix code of our own: rarer differences have longer codes, and a 16-bit escape. {value: bits}, section 2."""
    common = sorted(set(values.ravel()), key=lambda v: (-np.count_nonzero(values == v), v))[:20]
    codes = {int(v): "1" * i + "0" for i, v in enumerate(common)}
    rows = [(len(bits), len(bits), 1, value, int(bits[::-1], 2)) for value, bits in codes.items()]
    rows.append((20, 36, 1, 0, (1 << 20) - 1))
    return codes, struct.pack("<HH", 1, len(rows)) + b"".join(struct.pack("<BBBhI", *row) for row in rows)


def test_huffman_tables_of_the_file(einthoven, example, tmp_path):
    expected, _ = ours(einthoven, example, tmp_path)
    counts = np.round(expected / 0.0025).astype(int)
    deltas = counts.copy()
    deltas[:, 1:] = np.diff(counts, axis=1)
    codes, table = code_table(deltas)

    def pack(lead):
        bits = "".join(codes.get(int(v)) or "1" * 20 + f"{int(v) & 0xFFFF:016b}" for v in lead)
        return int(bits + "0" * (-len(bits) % 8), 2).to_bytes((len(bits) + 7) // 8, "big")
    (tmp_path / "y").write_bytes(rewritten(example.read_bytes(), deltas, 1, table, pack))
    values, _ = ours(einthoven, tmp_path / "y", tmp_path)
    np.testing.assert_array_equal(values, expected)
    (tmp_path / "z").write_bytes(rewritten(example.read_bytes(), deltas, 1, table[:40], pack))
    assert einthoven("inspect", tmp_path / "z").returncode == 3


def test_the_patient_stays_out(einthoven, example, tmp_path):
    einthoven("convert-recording", example, tmp_path / "x.h5", check=True)
    content = (tmp_path / "x.h5").read_bytes()
    assert b"2002-11-22" in content and b"09:10:00" in content
    assert b"Clark" not in content and b"SBJ-123" not in content


def slower_rhythm(content, bimodal):
    """The interval of section 6 is 3 ms, that of section 5 stays 2 ms; the flag of a reference beat is set."""
    changed = bytearray(content)
    changed[345] |= 1
    changed[3836:3838] = struct.pack("<H", 3000)
    changed[3839] = bimodal
    return bytes(changed)


def test_flags_without_beats_change_nothing(einthoven, example, tmp_path):
    """Section 4 of the example has no beats, and sections 5 and 6 one interval."""
    expected, _ = ours(einthoven, example, tmp_path)
    content = example.read_bytes()
    for at, value in [(345, 0x65), (3839, 1)]:
        (tmp_path / "y").write_bytes(content[:at] + bytes([value]) + content[at + 1:])
        values, _ = ours(einthoven, tmp_path / "y", tmp_path)
        np.testing.assert_array_equal(values, expected)


def test_damaged_files(einthoven, example, tmp_path):
    content = example.read_bytes()
    out = tmp_path / "y.npy"
    for bad in [content[:100], content[:400], content[:20000], slower_rhythm(content, bimodal=0), slower_rhythm(content, bimodal=1)]:
        (tmp_path / "bad").write_bytes(bad)
        assert einthoven("convert-recording", tmp_path / "bad", out).returncode == 3
    (tmp_path / "bad").write_bytes(content[:-1] + b"\xff")
    assert "checksum" in einthoven("convert-recording", tmp_path / "bad", out, check=True).stderr
    assert einthoven("convert-recording", tmp_path / "bad", out, "--checksums",
                     "error").returncode == 3


RATE = 500
BEAT_FIDUCIAL = 101
BEATS = [(0, 151 + 400 * i, 251 + 400 * i, 500 + 400 * i) for i in range(12)]
BEATS[5] = (1, 0, 2251, 0)  # another type: not subtracted
PROTECTED = [(fiducial - 40, fiducial + 43) for _, _, fiducial, _ in BEATS]


@pytest.fixture
def beats():
    """Two leads of 5000 samples in units, and their reference beat."""
    draws = np.random.default_rng(3)
    times = np.arange(-BEAT_FIDUCIAL + 1, 500 - BEAT_FIDUCIAL + 1)
    shape = 900 * np.exp(-(times / 8) ** 2) + 250 * np.exp(-((times - 130) / 30) ** 2)
    beat = np.round([shape, -0.5 * shape]).astype(int)
    ecg = np.round(40 * np.sin(np.arange(5000) / 200)).astype(int) + draws.integers(-9, 10, (2, 5000))
    for _, _, at, _ in BEATS:
        start = at - BEAT_FIDUCIAL
        ecg[:, start:start + 500] += beat[:, :5000 - start]
    return ecg, beat


def millivolts(ecg):
    return (ecg / 1000).astype(np.float32)


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("huffman", [True, False])
def test_reference_beat_subtraction(einthoven, beats, tmp_path, order, huffman):
    ecg, beat = beats
    for nanovolts in [(1000, 1000), (1000, 2000)]:
        content = scp_files.lossy_scp(ecg, beat, BEAT_FIDUCIAL, BEATS, [], order=order, huffman=huffman,
                                      nanovolts=nanovolts)
        (tmp_path / "r.scp").write_bytes(content)
        values, sidecar = ours(einthoven, tmp_path / "r.scp", tmp_path, "--checksums", "error")
        assert sidecar["rate_hz"] == RATE
        np.testing.assert_array_equal(values, millivolts(ecg))


def filled_up(lead, protected, rate):
    """By numpy: each mean at its place (half a step late for even rates, as the readers do), straight lines between."""
    made, at = lead.astype(float), 1
    for first, last in [*protected, (len(lead) + 1, len(lead))]:
        count = (first - at) // rate
        if count:
            means = np.round(lead[at - 1:at - 1 + count * rate].reshape(count, rate).mean(axis=1))
            places = at - 1 + np.arange(count) * rate + rate // 2
            made[at - 1:at - 1 + count * rate] = np.interp(np.arange(at - 1, at - 1 + count * rate), places, means)
        at = last + 1
    return made


@pytest.mark.parametrize("rate", [2, 3, 4])
@pytest.mark.parametrize("is_subtracted", [True, False])
def test_fewer_samples_outside_of_the_qrs(einthoven, beats, tmp_path, rate, is_subtracted):
    ecg, beat = beats
    (tmp_path / "r.scp").write_bytes(scp_files.lossy_scp(
        ecg, beat, BEAT_FIDUCIAL, BEATS, PROTECTED, rate, is_subtracted=is_subtracted))
    values, sidecar = ours(einthoven, tmp_path / "r.scp", tmp_path)
    assert sidecar["rate_hz"] == RATE and values.shape == ecg.shape
    for first, last in PROTECTED:
        np.testing.assert_array_equal(values[:, first - 1:last], millivolts(ecg)[:, first - 1:last])
    subtracted = np.zeros_like(ecg)
    for kind, first, at, last in BEATS:
        if kind == 0 and is_subtracted:
            subtracted[:, first - 1:last] = beat[:, first - 1 - at + BEAT_FIDUCIAL:last - at + BEAT_FIDUCIAL]
    expected = [filled_up(lead, PROTECTED, rate) for lead in ecg - subtracted]
    np.testing.assert_allclose(values, (expected + subtracted) / 1000, atol=1e-6)
    if is_subtracted:
        assert np.abs(values - millivolts(ecg)).max() < 0.02


def test_without_protected_zones_beats_are_protected(einthoven, beats, tmp_path):
    ecg, beat = beats
    (tmp_path / "r.scp").write_bytes(scp_files.lossy_scp(ecg, beat, BEAT_FIDUCIAL, BEATS, [], 4, version=10))
    values, _ = ours(einthoven, tmp_path / "r.scp", tmp_path)
    for kind, first, _, last in BEATS:
        if kind == 0:
            np.testing.assert_array_equal(values[:, first - 1:last], millivolts(ecg)[:, first - 1:last])


@pytest.mark.parametrize("protected, rate, fault", [(PROTECTED[::-1], 4, "order of time"),
                                                    (PROTECTED, 9, "does not fit")])
def test_zones_that_cannot_be(einthoven, beats, tmp_path, protected, rate, fault):
    ecg, beat = beats
    (tmp_path / "r.scp").write_bytes(scp_files.lossy_scp(ecg, beat, BEAT_FIDUCIAL, BEATS, protected, rate))
    done = einthoven("convert-recording", tmp_path / "r.scp", tmp_path / "o.npy")
    assert done.returncode == 3 and fault in done.stderr
