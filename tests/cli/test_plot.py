"""einthoven plot: pictures of recordings, true to the millimetre."""

import re
import struct

import numpy as np
import pytest

LEADS = "I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6"


@pytest.fixture
def recording(tmp_path):
    """Ten seconds at 500 Hz: a beat-like spike every second."""
    time = np.arange(5000) / 500
    beat = np.exp(-0.5 * ((time % 1 - 0.5) / 0.01) ** 2)
    np.save(tmp_path / "ecg.npy", np.stack([beat * (1 - 0.1 * i) for i in range(12)]).astype("f4"))
    return tmp_path / "ecg.npy"


def plot(einthoven, recording, output, *options, **kwargs):
    return einthoven("plot", recording, "--rate", 500, "--lead-names", LEADS, "--output", output,
                     *options, **kwargs)


def png_size(path):
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", data[16:24])


@pytest.mark.parametrize("layout", ["3x4", "6x2", "12x1"])
def test_png(einthoven, recording, tmp_path, layout):
    done = plot(einthoven, recording, tmp_path / "x.png", "--layout", layout, "--dpi", 127, check=True)
    assert done.stdout.strip() == str(tmp_path / "x.png")
    width, height = png_size(tmp_path / "x.png")
    assert width == (260 + 12) * 5  # ten seconds, calibration, margins; five pixels a millimetre
    assert height > 100 * 5


def test_svg_is_sized_in_millimetres_and_scales_with_the_speed(einthoven, recording, tmp_path):
    sizes = {}
    for speed in (25, 50):
        plot(einthoven, recording, tmp_path / "x.svg", "--speed", speed, check=True)
        text = (tmp_path / "x.svg").read_text()
        sizes[speed] = float(re.search(r'width="([\d.]+)mm"', text).group(1))
    assert sizes[50] - sizes[25] == 250


def test_pdf(einthoven, recording, tmp_path):
    plot(einthoven, recording, tmp_path / "x.pdf", "--start", 2, "--seconds", 4, "--title", "Four", check=True)
    data = (tmp_path / "x.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", data)
    assert float(box.group(1)) == pytest.approx((110 + 12) / 25.4 * 72, abs=0.01)


def test_wfdb_records_of_the_field(einthoven, shared, tmp_path):
    records = sorted((shared / "data" / "ptbxl_1.0.3_subset").rglob("*_hr.hea"))[:3]
    for record in records:
        einthoven("plot", record.with_suffix(""), "--output", tmp_path / "x.png", check=True)
        assert png_size(tmp_path / "x.png")[0] > 1000


@pytest.mark.parametrize("options, code, words", [
    (["--output", "x.jpg"], 2, ".png, .svg or .pdf"),
    (["--output", "x.png", "--start", "99"], 2, "start"),
    (["--output", "x.png", "--layout", "4x3"], 2, "layout"),
    (["--output", "x.png", "--gain", "-1"], 2, "gain"),
    ([], 2, "--output"),
    (["--output", "ecg.npy/x.png"], 4, "ecg.npy/x.png"),
])
def test_faulty_options_are_refused(einthoven, recording, tmp_path, options, code, words):
    done = einthoven("plot", recording, "--rate", 500, "--lead-names", LEADS, *options, cwd=tmp_path)
    assert done.returncode == code
    assert words in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ecg.npy"]


def test_a_missing_recording_is_named(einthoven, tmp_path):
    done = einthoven("plot", tmp_path / "none", "--output", tmp_path / "x.png")
    assert done.returncode in (3, 4) and "none" in done.stderr
