"""Seeds of the readers of recordings: one simulated second of twelve leads in every format."""

import base64
import struct
import zlib

import h5py
import numpy as np
import scipy.io
from hdf5_attributes import attributes_of_every_type
from scp_files import crc16, lossy_scp, scp

LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
RATE = 100
WFDB_FORMATS = (16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524)


def ishne(digital):
    header = bytearray(522)
    header[:8] = b"ISHNE1.0"
    header[28:34] = b"Nobody"
    for at, value in [(14, digital.shape[1]), (18, 522), (22, 522)]:
        header[at:at + 4] = value.to_bytes(4, "little")
    for at, value in [(26, 1), (128, 2), (138, 29), (140, 2), (142, 2020), (150, 1), (152, 2),
                      (154, 3), (156, 3), (158, 6), (160, 11), (162, 0), (206, 2500), (208, 5000),
                      (210, 1), (272, RATE)]:
        header[at:at + 2] = value.to_bytes(2, "little")
    header[8:10] = crc16(header[10:]).to_bytes(2, "little")
    return bytes(header) + digital[:3].T.astype("<i2").tobytes()


def aecg(digital):
    def sequence(code, value):
        return f'<component><sequence><code code="{code}"/><value {value}</value></sequence></component>'

    leads = "".join(
        sequence(f"MDC_ECG_LEAD_{name.upper()}",
                 '><origin value="0" unit="uV"/><scale value="1" unit="uV"/><digits>'
                 + " ".join(map(str, row)) + "</digits>")
        for name, row in zip(LEADS, digital))
    wave = "".join(
        f'<component><annotation><code code="MDC_ECG_WAVC"/><value code="MDC_ECG_WAVC_{name}WAVE"/><support>'
        '<supportingROI><component><boundary><value><low value="20200304050607.100"/>'
        '<high value="20200304050607.200"/></value></boundary></component></supportingROI></support>'
        "</annotation></component>" for name in ("P", "QRS", "T"))
    return ('<?xml version="1.0"?><AnnotatedECG xmlns="urn:hl7-org:v3"><effectiveTime><center value="20200304"/>'
            "</effectiveTime><component><series><code code=\"RHYTHM\"/><component><sequenceSet>"
            + sequence("TIME_ABSOLUTE", '><head value="20200304050607.000"/><increment value="0.01" unit="s"/>')
            + leads + "</sequenceSet></component><subjectOf><annotationSet>" + wave
            + '<component><annotation><code code="MDC_ECG_RHY"/><value code="AF" displayName="AF"/></annotation>'
            "</component></annotationSet></subjectOf></series></component></AnnotatedECG>")


def with_second_set(text):
    """The same samples again 0.7 s later: 0.1 s after the end of the first sequence set."""
    end = text.index("</sequenceSet>") + len("</sequenceSet>")
    start = text.index("<sequenceSet>")
    later = text[start:end].replace("050607.000", "050607.700")
    return text[:end] + "</component><component>" + later + text[end:]


def xli(digital):
    """Channels in codes of ten bits that stand for single bytes, which every decoder of LZW reads."""
    chunks = []
    for row in digital:
        content = (row >> 8 & 255).astype(np.uint8).tobytes() + (row & 255).astype(np.uint8).tobytes()
        bits = "".join(f"{code:010b}" for code in [*content, 1023])
        bits += "0" * (-len(bits) % 8)
        packed = int(bits, 2).to_bytes(len(bits) // 8, "big")
        chunks.append(struct.pack("<ihh", len(packed), 0, 0) + packed)
    return b"".join(chunks)


def sierra(content, method):
    return ('<?xml version="1.0"?><restingecgdata><documentinfo><documenttype>PhilipsECG</documenttype>'
            "<documentversion>1.04</documentversion></documentinfo><patient><generalpatientdata>"
            "<patientid>7</patientid><sex>Male</sex></generalpatientdata></patient>"
            f'<dataacquisition date="2020-03-04" time="05:06:07"><signalcharacteristics><samplingrate>{RATE}'
            "</samplingrate><resolution>1</resolution><hipass>0.05</hipass></signalcharacteristics></dataacquisition>"
            "<interpretations><interpretation><interpretationdatastructure><statementcomponents><codedstatement>"
            "<unparsedstatement><lhsstatement>SINUS RHYTHM</lhsstatement></unparsedstatement></codedstatement>"
            "</statementcomponents></interpretationdatastructure></interpretation></interpretations>"
            f'<waveforms><parsedwaveforms dataencoding="Base64" compressmethod="{method}" durationperchannel="1000"'
            f' numberofleads="12" leadlabels="{" ".join(LEADS)}">' + base64.b64encode(content).decode()
            + "</parsedwaveforms></waveforms></restingecgdata>")


def wfdb(corpus, run, source, folder):
    """Every signal format, a record of several segments, annotations."""
    for number in WFDB_FORMATS:
        record = folder / f"w{number}" / "r"
        record.parent.mkdir()
        run("convert-recording", source, record, "--wfdb-format", number, "--wfdb-gain", 50,
            "--leads", "I,II,V1,V5")
        header = record.with_suffix(".hea").read_bytes()
        corpus.add("wfdb_header", f"format_{number}.hea", header)
        for target in ["wfdb_signals", "preprocess"] if number == 16 else ["wfdb_signals"]:
            corpus.add(target, f"format_{number}", header + b"\0" + record.with_suffix(".dat").read_bytes())
    eight = "r 2 100 40\nr.dat 8 100 8 0 1 0 0 I\nr.dat 8 100 8 0 2 0 0 II\n"
    corpus.add("wfdb_signals", "format_8", eight.encode() + b"\0" + bytes(range(80)))
    frames = "r 2 100 20\nr.dat 16x2:1+4 100(5)/uV 12 0 1 0 0 I\nr.dat 16 1/mmHg 12 0 1 0 0 ABP\n"
    corpus.add("wfdb_signals", "skewed", frames.encode() + b"\0" + bytes(124))
    part = "r_1 1 100 30\nr.dat 16 100 8 0 1 0 0 I\n"
    corpus.add("wfdb_signals", "segments", ("r/2 1 100 50\nr_1 30\n~ 20\n\0" + part))
    corpus.add("wfdb_header", "segments.hea", "r/3 2 360/100(7) 50 12:30:10.5 01/02/1990\nr_0 0\nr_1 30\n~ 20\n# a note\n")
    corpus.add("wfdb_header", "challenge.hea", "A1.mat 1 500 5000 05-May-2020 14:50:55\n"
               "A1.mat 16+24 1000/mV 16 0 28 -1716 0 I\n#Age: 74\n#Sex: Male\n#Dx: 59118001,164889003\n")


def annotations(corpus):
    words = [(1 << 10) | 20, (28 << 10) | 55, (63 << 10) | 3]
    plain = struct.pack("<3H", *words) + b"(AF\0" + struct.pack("<H", (59 << 10)) + struct.pack("<HH", 1, 500)
    plain += struct.pack("<4H", (60 << 10) | 1, (61 << 10) | 2, (62 << 10) | 3, (5 << 10) | 70)
    corpus.add("wfdb_annotations", "plain.atr", plain + b"\0\0")
    note = b"## time resolution: 360"
    corpus.add("wfdb_annotations", "resolution.atr", struct.pack("<HH", 22 << 10, (63 << 10) | len(note))
               + note + b"\0" + struct.pack("<H", (1 << 10) | 9) + b"\0\0")


def arrays(corpus, recording, folder):
    values = np.load(recording)
    variants = {"f4": values, "f2_columns": np.asfortranarray(values[:2].astype(np.float16)),
                "i2": (values[:3] * 1000).astype(np.int16), "b1": values[:1, :40] > 0,
                "U3": np.array(["I", "II", "aVR"])}
    for name, array in variants.items():
        np.save(folder / "x.npy", array)
        corpus.add("npy", name, (folder / "x.npy").read_bytes())
    np.savez(folder / "x.npz", samples=values, rate_hz=RATE, leads=np.array(LEADS))
    corpus.add("npz", "stored", (folder / "x.npz").read_bytes())
    corpus.add("zip", "stored.zip", (folder / "x.npz").read_bytes())
    np.savez_compressed(folder / "x.npz", signal=values[:4])
    corpus.add("npz", "deflated", (folder / "x.npz").read_bytes())
    corpus.add("zip", "deflated.zip", (folder / "x.npz").read_bytes())


def matlab(corpus, values, folder):
    digital = (values * 1000).astype(np.int16)
    contents = {"feats": values.astype(np.float32), "curr_sample_rate": RATE, "leads": np.array(LEADS),
                "ECG": {"sex": "Male", "age": 50, "data": values[:2]}, "cells": np.array([1, "x"], object)}
    for packed in (False, True):
        scipy.io.savemat(folder / "x.mat", contents, do_compression=packed)
        corpus.add("mat", f"version_5_{'packed' if packed else 'plain'}", (folder / "x.mat").read_bytes())
    scipy.io.savemat(folder / "x.mat", {"val": digital}, format="4")
    corpus.add("mat", "version_4", (folder / "x.mat").read_bytes())


def hdf5(corpus, values, folder):
    def put(name, **data_sets):
        with h5py.File(folder / "x.h5", "w", libver="latest") as file:
            for key, value in data_sets.items():
                file.create_dataset(key, data=value, compression="gzip" if np.ndim(value) > 1 else None)
        corpus.add("hdf5", name, (folder / "x.h5").read_bytes())

    put("code", exam_id=[7, 8], tracings=np.stack([values.T, values.T]).astype(np.float32))
    put("sph", ecg=values.astype(np.float16))
    for libver in ("earliest", "latest"):
        with h5py.File(folder / "x.h5", "w", libver=libver) as file:
            file["tracings"] = values[None, :, :20].transpose(0, 2, 1).astype(np.float32)
            file["exam_id"] = np.array([7])
            attributes_of_every_type(file["tracings"])
        corpus.add("hdf5", f"attributes_{libver}", (folder / "x.h5").read_bytes())
    with h5py.File(folder / "x.h5", "w", libver="latest", userblock_size=512) as file:
        file["samples"] = values[:2, :20].astype(np.float32)
        file["leads"] = ["I", "II"]
        file.attrs["rate_hz"] = float(RATE)
        file.attrs["units"] = "mV"
    corpus.add("hdf5", "attributes_compact", (folder / "x.h5").read_bytes())


def make(corpus, run, folder):
    run("simulate", folder / "sim", "--count", 1, "--seconds", 1, "--rate", RATE, "--layout", "wfdb", "--seed", 3)
    source = next((folder / "sim").rglob("*.hea")).with_suffix("")
    for target, file in [("csv_recording", "r.csv"), ("edf", "r.edf"), ("dicom", "r.dcm"), ("hdf5", "r.h5"),
                         ("mat", "r.mat"), ("npy", "r.npy"), ("npz", "r.npz")]:
        run("convert-recording", source, folder / file)
        corpus.add(target, "ours" + (folder / file).suffix, (folder / file).read_bytes())
    values = np.load(folder / "r.npy")
    digital = np.round(values * 1000).astype(int)
    wfdb(corpus, run, source, folder)
    annotations(corpus)
    arrays(corpus, folder / "r.npy", folder)
    matlab(corpus, values, folder)
    hdf5(corpus, values, folder)
    edf = bytearray((folder / "r.edf").read_bytes())
    corpus.add("edf", "discontinuous.edf", bytes(edf).replace(b"EDF+C", b"EDF+D"))
    corpus.add("csv_recording", "times.csv", "time_ms;I;MLII\n0;0.1;nan\n2;;-1e-3\n4;1;2\n")
    corpus.add("scp", "plain.scp", scp(digital[:, :60]))
    beat, beats = digital[:3, 20:40] // 2, [(0, 5, 12, 24), (1, 0, 30, 0), (0, 36, 43, 54)]
    zones = [(9, 17), (26, 33), (39, 48)]
    corpus.add("scp", "with_beats.scp", lossy_scp(digital[:3, :60], beat, 8, beats, []))
    corpus.add("scp", "with_fewer_samples.scp", lossy_scp(digital[:3, :60], beat, 8, beats, zones, rate=4))
    corpus.add("ishne", "three.ecg", ishne(digital))
    corpus.add("aecg", "waves.xml", aecg(digital[:, :60]))
    corpus.add("aecg", "sets.xml", with_second_set(aecg(digital[:, :60])))
    corpus.add("xli", "plain", xli(digital[:3]))
    corpus.add("sierra", "xli.xml", sierra(xli(digital), "XLI"))
    corpus.add("sierra", "plain.xml", sierra(digital.astype("<i2").tobytes(), "Uncompressed"))
    run("simulate", folder / "muse", "--as", "muse", "--count", 1, "--seconds", 1, "--seed", 3)
    corpus.add("muse", "simulated.xml", next((folder / "muse").rglob("*.xml")).read_bytes())
    for target in ["edf", "scp", "ishne", "aecg", "sierra", "muse", "csv_recording"]:
        first = sorted((corpus.folder / target).iterdir())[0]
        corpus.add("recording", f"{target}{first.suffix}", first.read_bytes())
    corpus.add("zip", "bomb.zip", bomb())


def bomb():
    """An archive whose one entry of some kilobytes promises and holds 16 MiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = bytes(1 << 24)
    packed = packer.compress(content) + packer.flush()
    local = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, zlib.crc32(content), len(packed), len(content), 1, 0)
    directory = b"PK\1\2" + struct.pack("<H", 20) + local + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a"
    start = b"PK\3\4" + local + b"a" + packed
    return start + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(start), 0)
