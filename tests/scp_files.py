"""Writes SCP-ECG files (EN 1064), also with a reference beat and fewer samples outside of the QRS complexes."""

import struct

import numpy as np

CODES = [1, 2, 61, 62, 63, 64, 3, 4, 5, 6, 7, 8, *range(9, 60)]


def crc16(content):
    crc = 0xFFFF
    for byte in content:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def file_of(bodies, version=20):
    """A file of the given sections {number: body}."""
    def section(number, body):
        whole = struct.pack("<HIBB6s", number, len(body) + 16, version, version,
                            b"SCPECG" if number == 0 else b"") + body
        return struct.pack("<H", crc16(whole)) + whole

    at = 6 + 16 + 10 * 12 + 1  # behind section 0 and its twelve pointers; from 1
    pointers = b""
    for number in range(12):
        size = len(bodies[number]) + 16 if number in bodies else 16 + 120 if number == 0 else 0
        pointers += struct.pack("<HII", number, size, 7 if number == 0 else at if size else 0)
        at += size if number else 0
    parts = section(0, pointers) + b"".join(section(n, body) for n, body in sorted(bodies.items()))
    whole = struct.pack("<I", 6 + len(parts)) + parts
    return struct.pack("<H", crc16(whole)) + whole


def common_sections(count, length, apart=False, has_reference_beat=False, version=20):
    """Sections 1, 3 and 8; leads one after the other if `apart`."""
    header = b"".join(struct.pack("<BH", tag, len(value)) + value for tag, value in [
        (2, b"ID7\0"), (0, b"Doe\0"), (5, struct.pack("<HBB", 1970, 1, 2)), (8, b"\1"),
        (14, bytes(8) + b"MODEL1" + bytes([version]) + bytes(21)), (25, struct.pack("<HBB", 2020, 3, 4)),
        (26, b"\5\6\7"), (27, struct.pack("<H", 5)), (28, struct.pack("<H", 150)), (255, b"")])
    starts = [1 + apart * length * lead for lead in range(count)]
    leads = bytes([count, has_reference_beat | 4 | (count & 31) << 3]) + b"".join(
        struct.pack("<IIB", start, start + length - 1, code) for start, code in zip(starts, CODES))
    text = b"Sinus rhythm\0"
    return {1: header, 3: leads, 8: bytes(8) + b"\1\1" + struct.pack("<H", len(text)) + text}


def plain_bytes(values):
    return np.asarray(values).astype("<i2").tobytes()


def huffman_bytes(values):
    """With the default table."""
    def code(value):
        if value == 0:
            return "0"
        if abs(value) <= 8:
            return "1" * abs(value) + "0" + ("1" if value < 0 else "0")
        return f"1111111110{value & 0xFF:08b}" if -128 <= value < 128 else f"1111111111{value & 0xFFFF:016b}"
    bits = "".join(map(code, map(int, values)))
    return int(bits + "0" * (-len(bits) % 16), 2).to_bytes((len(bits) + 15) // 16 * 2, "big")


def packed(leads, nanovolts, interval_us, order, is_bimodal, to_bytes):
    """Section 5 or 6."""
    def differences(values):
        return np.concatenate([values[:order], np.diff(values, n=order)])
    parts = [to_bytes(differences(np.asarray(lead))) for lead in leads]
    return struct.pack("<HHBB", nanovolts, interval_us, order, is_bimodal) + b"".join(
        struct.pack("<H", len(part)) for part in parts) + b"".join(parts)


def scp(digital, rate_hz=100, apart=False):
    """Plain samples of 1 uV."""
    count, length = digital.shape
    rhythm = packed(digital, 1000, 1_000_000 // rate_hz, 0, 0, plain_bytes)
    return file_of({**common_sections(count, length, apart), 6: rhythm})


def decimated(lead, protected, rate):
    """What is stored of a lead: means of `rate` samples outside of the zones; what is left over as it is."""
    parts, at = [], 1
    for first, last in [*protected, (len(lead) + 1, len(lead))]:
        stretch = lead[at - 1:first - 1]
        means = stretch[:len(stretch) // rate * rate].reshape(-1, rate).mean(axis=1)
        parts += [np.round(means).astype(int), stretch[len(means) * rate:], lead[first - 1:last]]
        at = last + 1
    return np.concatenate(parts)


def lossy_scp(digital, beat, fiducial, beats, protected, rate=1, rate_hz=500, order=2, huffman=True,
              nanovolts=(1000, 1000), is_subtracted=True, version=20):
    """
    beat: the reference beat, [leads, samples], in units of nanovolts[1] as the samples are in those of nanovolts[0];
    fiducial: its sample number; beats: [(type, first, fiducial, last)]; protected: [(first, last)], one for each beat or
    none at all. Samples are counted from 1.
    """
    residual = np.array(digital)
    for kind, first, at, last in beats if is_subtracted and beat.any() else []:
        if kind == 0:
            start = fiducial - 1 - (at - first)
            residual[:, first - 1:last] -= (beat * nanovolts[1] // nanovolts[0])[:, start:start + last - first + 1]
    interval = 1_000_000 // rate_hz
    zones = protected or [(first, last) for kind, first, _, last in beats if kind == 0]
    stored = [decimated(lead, zones, rate) if rate > 1 else lead for lead in residual]
    section4 = struct.pack("<HHH", beat.shape[1] * interval // 1000, fiducial, len(beats)) + b"".join(
        struct.pack("<HIII", *row) for row in beats) + b"".join(struct.pack("<II", *row) for row in protected)
    to_bytes = huffman_bytes if huffman else plain_bytes
    bodies = {**common_sections(*digital.shape, has_reference_beat=is_subtracted, version=version), 4: section4,
              5: packed(beat, nanovolts[1], interval, order, 0, to_bytes),
              6: packed(stored, nanovolts[0], interval * rate, order, rate > 1, to_bytes)}
    if huffman:
        bodies[2] = struct.pack("<H", 19999)
    return file_of(bodies, version)
