"""Our WFDB reader and writer against wfdb from PyPI: real records, and every format and layout."""

import concurrent.futures
import re
import shutil

import numpy as np
import pytest

wfdb = pytest.importorskip("wfdb")

INVALID = {"80": -128, "508": -128, "212": -2048, "310": -512, "311": -512, "16": -32768,
           "61": -32768, "160": -32768, "516": -32768, "24": -(2**23), "524": -(2**23),
           "32": -(2**31)}
BITS = {"80": 8, "508": 8, "212": 12, "310": 10, "311": 10, "16": 16, "61": 16, "160": 16,
        "516": 16, "24": 24, "524": 24, "32": 32}
MILLIVOLTS = {"mv": 1.0, "uv": 1e-3, "v": 1e3}


def ours(einthoven, record, tmp_path, *options):
    out = tmp_path / "ours.npy"
    einthoven("convert-recording", record, out, "--log-level", "error", *options, check=True)
    return np.load(out)


def assert_agrees(einthoven, record, tmp_path):
    """Digital values are equal, physical ones within float32."""
    digital = wfdb.rdrecord(str(record), physical=False)
    np.testing.assert_array_equal(ours(einthoven, record, tmp_path, "--digital"),
                                  digital.d_signal.T)
    assert_physical_agrees(einthoven, record, tmp_path)


def assert_physical_agrees(einthoven, record, tmp_path):
    physical = wfdb.rdrecord(str(record))
    scale = np.array([MILLIVOLTS.get(unit.lower(), 1.0) for unit in physical.units])
    np.testing.assert_allclose(ours(einthoven, record, tmp_path),
                               (physical.p_signal * scale).T.astype(np.float32), rtol=1e-6)


def readable_record(header, tmp_path):
    """The record path, or that of a copy whose record line wfdb can read."""
    text = header.read_text()
    if re.match(r"\S+\.mat ", text) is None:
        return header.with_suffix("")
    copy = tmp_path / header.name
    copy.write_text(re.sub(r"^(\S+)\.mat (\d+ \d+ \d+).*", r"\1 \2", text, count=1))
    shutil.copy(header.with_suffix(".mat"), tmp_path)
    return copy.with_suffix("")


def compare_record(einthoven, header, folder):
    """Digital values equal, physical values within float32."""
    record = readable_record(header, folder)
    digital = wfdb.rdrecord(str(record), physical=False)
    np.testing.assert_array_equal(ours(einthoven, header, folder, "--digital"), digital.d_signal.T)
    physical = digital.dac()
    scale = np.array([MILLIVOLTS.get(unit.lower(), 1.0) for unit in digital.units])
    np.testing.assert_allclose(ours(einthoven, header, folder),
                               (physical * scale).T.astype(np.float32), rtol=1e-6)


def test_every_real_record(einthoven, shared, tmp_path):
    headers = sorted((shared / "data").rglob("*.hea"))
    assert len(headers) > 500

    def check(numbered):
        number, header = numbered
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            compare_record(einthoven, header, folder)
        except AssertionError as error:
            return f"{header}: {error}"
        finally:
            shutil.rmtree(folder)
        return None

    # Most of the time goes into starting the program: two at once.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        wrong = [fault for fault in pool.map(check, enumerate(headers)) if fault]
    assert not wrong, wrong[0]


def test_every_real_annotation_file(einthoven, shared, tmp_path):
    leads = ["i", "ii", "iii", "avr", "avl", "avf", *(f"v{k}" for k in range(1, 7))]
    files = sorted((shared / "data").rglob("*.atr")) + \
        sorted((shared / "data").rglob("*.ecgpuwave")) + \
        sorted(f for lead in leads for f in (shared / "data").rglob(f"[1-9].{lead}"))
    assert len(files) > 30
    for file in files:
        extension = file.suffix[1:]
        out = tmp_path / "copy.hea"
        einthoven("convert-recording", file.with_suffix(""), out, "--annotator", extension,
                  "--wfdb-format", 32, "--log-level", "error", check=True)
        expected = wfdb.rdann(str(file.with_suffix("")), extension)
        actual = wfdb.rdann(str(out.with_suffix("")), "atr")
        for field in ("sample", "symbol", "subtype", "chan", "num", "aux_note"):
            assert list(getattr(actual, field)) == list(getattr(expected, field)), (file, field)


def random_digital(fmt, frames, signals, seed=1):
    limit = 2 ** (BITS[fmt] - 1)
    values = np.random.default_rng(seed).integers(-limit, limit, (frames, signals))
    values[:3] = [[limit - 1], [1 - limit], [-limit]]
    return values.astype(np.int64)


@pytest.mark.parametrize("signals,frames", [(1, 101), (2, 100), (3, 333)])
@pytest.mark.parametrize("fmt", ["16", "24", "32", "80", "212", "508", "516", "524"])
def test_formats_that_wfdb_writes(einthoven, tmp_path, fmt, signals, frames):
    names = [f"s{k}" for k in range(signals)]
    wfdb.wrsamp("rec", fs=500, units=["mV"] * signals, sig_name=names,
                d_signal=random_digital(fmt, frames, signals), fmt=[fmt] * signals,
                adc_gain=[200.5] * signals, baseline=[7] * signals, write_dir=str(tmp_path))
    assert_agrees(einthoven, tmp_path / "rec", tmp_path)


def pack(fmt, flat):
    """Bytes of formats that wfdb reads but does not write."""
    if fmt == "61":
        return flat.astype(">i2").tobytes()
    if fmt == "160":
        return (flat + 32768).astype("<u2").tobytes()
    value = np.append(flat, np.zeros(-len(flat) % 3, int)).reshape(-1, 3) & 0x3FF
    if fmt == "311":
        return (value @ [1, 1 << 10, 1 << 20]).astype("<u4").tobytes()
    low = value[:, 0] << 1 | (value[:, 2] & 31) << 11
    high = value[:, 1] << 1 | value[:, 2] >> 5 << 11
    return (low | high << 16).astype("<u4").tobytes()


def header_line(name, fmt, gain="200(3)/mV", suffix="", zero=0, init=0):
    return f"{name}.dat {fmt}{suffix} {gain} 12 {zero} {init} 0 0 s\n"


@pytest.mark.parametrize("signals,frames", [(1, 100), (2, 100), (2, 101), (3, 77)])
@pytest.mark.parametrize("fmt", ["61", "160", "310", "311"])
def test_formats_that_wfdb_only_reads(einthoven, tmp_path, fmt, signals, frames):
    digital = random_digital(fmt, frames, signals)
    (tmp_path / "rec.dat").write_bytes(b"\0" * 5 + pack(fmt, digital.reshape(-1)))
    (tmp_path / "rec.hea").write_text(
        f"rec {signals} 360 {frames}\n" + header_line("rec", fmt, suffix="+5") * signals)
    assert_agrees(einthoven, tmp_path / "rec", tmp_path)
    np.testing.assert_array_equal(ours(einthoven, tmp_path / "rec", tmp_path, "--digital"),
                                  digital.T)


def test_format_8(einthoven, tmp_path):
    steps = np.random.default_rng(2).integers(-128, 128, (200, 2))
    (tmp_path / "rec.dat").write_bytes(steps.astype("i1").tobytes())
    (tmp_path / "rec.hea").write_text(
        "rec 2 100 200\n" + header_line("rec", "8", init=40) + header_line("rec", "8", init=-7))
    assert_agrees(einthoven, tmp_path / "rec", tmp_path)


def test_frames_skew_and_several_files(einthoven, tmp_path):
    rng = np.random.default_rng(3)
    (tmp_path / "a.dat").write_bytes(rng.integers(-99, 99, 100 * 5).astype("<i2").tobytes())
    (tmp_path / "b.dat").write_bytes(pack("160", rng.integers(-99, 99, 100 * 4)))
    (tmp_path / "rec.hea").write_text(
        "rec 4 100 100\n" + header_line("a", "16", suffix="x4:3") + header_line("a", "16") +
        header_line("b", "160", suffix="x2", gain="100(5)/uV") +
        header_line("b", "160", suffix="x2:7"))
    physical = wfdb.rdrecord(str(tmp_path / "rec")).p_signal * [1, 1, 1e-3, 1]
    actual = ours(einthoven, tmp_path / "rec", tmp_path)
    # wfdb marks only some of the samples that the skew moves in from behind the end as invalid.
    np.testing.assert_allclose(actual[:, :93], physical.T[:, :93].astype(np.float32), rtol=1e-6)
    assert np.isnan(actual[0, -3:]).all() and np.isnan(actual[3, -7:]).all()
    assert not np.isnan(actual[1:3]).any()


def test_length_from_the_file(einthoven, tmp_path):
    digital = random_digital("16", 250, 2)
    (tmp_path / "rec.dat").write_bytes(digital.astype("<i2").tobytes())
    (tmp_path / "rec.hea").write_text("rec 2 100\n" + header_line("rec", "16") * 2)
    assert_agrees(einthoven, tmp_path / "rec", tmp_path)


def write_segment(folder, name, digital, names, gain="200/mV"):
    (folder / f"{name}.dat").write_bytes(digital.astype("<i2").tobytes())
    lines = "".join(f"{name}.dat 16 {gain} 16 0 0 0 0 {n}\n" for n in names)
    (folder / f"{name}.hea").write_text(f"{name} {len(names)} 250 {len(digital)}\n{lines}")


def test_fixed_layout(einthoven, tmp_path):
    for k, length in enumerate([100, 37, 250]):
        write_segment(tmp_path, f"seg{k}", random_digital("16", length, 2, seed=k), ["I", "II"])
    (tmp_path / "rec.hea").write_text("rec/3 2 250 387\nseg0 100\nseg1 37\nseg2 250\n")
    assert_agrees(einthoven, tmp_path / "rec", tmp_path)


def test_variable_layout(einthoven, tmp_path):
    (tmp_path / "layout.hea").write_text(
        "layout 3 250 0\n" + "".join(f"~ 0 200/mV 0 0 0 0 0 {n}\n" for n in ["I", "II", "V"]))
    write_segment(tmp_path, "seg0", random_digital("16", 100, 2), ["II", "I"])
    write_segment(tmp_path, "seg1", random_digital("16", 60, 2), ["V", "II"], gain="100(4)/mV")
    (tmp_path / "rec.hea").write_text("rec/4 3 250 210\nlayout 0\nseg0 100\n~ 50\nseg1 60\n")
    assert_physical_agrees(einthoven, tmp_path / "rec", tmp_path)
    cut = ours(einthoven, tmp_path / "rec", tmp_path, "--from", 0.2, "--to", 0.7)
    expected = wfdb.rdrecord(str(tmp_path / "rec"), sampfrom=50, sampto=175).p_signal
    np.testing.assert_allclose(cut, expected.T.astype(np.float32), rtol=1e-6)


@pytest.mark.parametrize("fmt", ["16", "24", "32", "61", "80", "160", "212", "310", "311", "508",
                                 "516", "524"])
@pytest.mark.parametrize("frames", [99, 100])
def test_what_we_write(einthoven, tmp_path, fmt, frames):
    limit = 2 ** min(BITS[fmt] - 1, 15) - 1
    adu = np.random.default_rng(5).integers(-limit, limit + 1, (3, frames))
    signal = (adu / 1000).astype(np.float32)
    signal[1, 5] = np.nan
    np.save(tmp_path / "in.npy", signal)
    einthoven("convert-recording", tmp_path / "in.npy", tmp_path / "rec.hea", "--rate", 500,
              "--lead-names", "I,II,V1", "--wfdb-format", fmt, check=True)
    record = wfdb.rdrecord(str(tmp_path / "rec"), physical=False)
    adu[1, 5] = INVALID[fmt]
    np.testing.assert_array_equal(record.d_signal, adu.T)
    assert record.sig_name == ["I", "II", "V1"] and record.fs == 500
    assert [c % 65536 for c in record.checksum] == record.calc_checksum()


def test_challenge_record(einthoven, tmp_path):
    from scipy.io import loadmat
    adu = np.random.default_rng(6).integers(-3000, 3000, (12, 500))
    np.save(tmp_path / "in.npy", (adu / 1000).astype(np.float32))
    einthoven("convert-recording", tmp_path / "in.npy", tmp_path / "rec.hea", "--rate", 500,
              "--challenge-mat", check=True)
    np.testing.assert_array_equal(loadmat(tmp_path / "rec.mat")["val"], adu)
    np.testing.assert_array_equal(wfdb.rdrecord(str(tmp_path / "rec"), physical=False).d_signal,
                                  adu.T)
