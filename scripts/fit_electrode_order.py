#!/usr/bin/env python3
"""Fits the weights of einthoven/signal/check/electrode_order.cpp on real 12-lead recordings.

    scripts/fit_electrode_order.py ../shared/data --write einthoven/signal/check/electrode_order_weights.cpp

Prints what a five-fold cross-validation finds of each exchange, at thresholds with 0, 0.5, 2 and 5 %
false alarms. Records of 100 Hz copies and repeated samples are left out.
"""

import argparse
import hashlib
import itertools
import pathlib

import numpy as np
import wfdb
from scipy.optimize import minimize

LEADS = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split()
WINDOWS = {"P": (-0.25, -0.08), "QRS": (-0.06, 0.07), "T": (0.12, 0.4)}
BEFORE_S, AFTER_S = 0.28, 0.42
# Log odds of a fault and of a warning (electrode_order.h, polarity.h).
LIMB_THRESHOLDS, PRECORDIAL_THRESHOLDS, POLARITY_THRESHOLDS = (6, 2), (6, 2.2), (6, 1)


def read_record(header):
    """Millivolts [12, samples], or nothing; LUDB's gains are replaced by 1000/mV (its README)."""
    try:
        record = wfdb.rdrecord(str(header)[:-4], physical=False)
    except Exception:  # two headers of the first Challenge release are not WFDB
        return None
    row = {name.lower(): i for i, name in enumerate(record.sig_name)}
    if any(lead.lower() not in row for lead in LEADS):
        return None
    rows = [row[lead.lower()] for lead in LEADS]
    gains = 1000 if "ludb" in str(header) else np.array(record.adc_gain)[rows, None]
    return record.fs, (record.d_signal.T[rows] - np.array(record.baseline)[rows, None]) / gains


def read_records(root):
    """(name, rate, samples) of every usable recording, each content once."""
    seen = set()
    for header in sorted(root.rglob("*.hea")):
        if "records100" in header.parts or header.stem.endswith("_lr"):
            continue
        record = read_record(header)
        if record is None or (record[1].std(1) < 1e-4).any():
            continue
        digest = hashlib.sha256(np.round(record[1][1] * 1000).astype("i4").tobytes()).digest()
        if digest not in seen:
            seen.add(digest)
            yield str(header.relative_to(root).with_suffix("")), *record


def source_of(name):
    """The corpus a recording is of: the letters before its number tell those of the Challenges."""
    folder, stem = name.split("/")[0], name.split("/")[-1]
    letters = stem.rstrip("0123456789")
    if not folder.startswith("cinc"):
        return "ptb-xl" if folder.startswith("ptbxl") else folder
    return {"HR": "ptb-xl", "Q": "cpsc", "A": "cpsc", "E": "georgia", "JS": "chapman-ningbo", "S": "ptb"}.get(letters, letters)


def moving_average(x, window):
    half, size = window // 2, x.shape[-1]
    sums = np.concatenate([np.zeros((*x.shape[:-1], 1)), np.cumsum(x, -1)], -1)
    low = np.maximum(np.arange(size) - half, 0)
    high = np.minimum(np.arange(size) + half + 1, size)
    return (sums[..., high] - sums[..., low]) / (high - low)


def mean_beat(rate, x):
    """The median beat [8, samples] of frontal x and y and V1 to V6, and its time axis."""
    traces = np.stack([x[0], (x[1] + x[2]) / np.sqrt(3), *x[6:]])
    traces = moving_average(traces - moving_average(traces, round(0.8 * rate)), round(0.02 * rate))
    steps = np.diff(traces, axis=1, append=traces[:, -1:]) ** 2
    steep = moving_average(np.sqrt(steps[:2].sum(0) + steps[2:].sum(0) / 3), round(0.1 * rate))
    reach, beats = round(0.25 * rate), []
    for t in np.flatnonzero(steep > np.quantile(steep, 0.98) / 2):
        near = steep[max(0, t - reach):t + reach + 1]
        if (not beats or t - beats[-1] > reach) and steep[t] >= near.max():
            beats.append(t)
    before, after = round(BEFORE_S * rate), round(AFTER_S * rate)
    whole = [traces[:, t - before:t + after] for t in beats
             if t >= before and t + after <= x.shape[1]]
    if len(whole) < 2:
        return None
    beat, time = np.median(whole, axis=0), (np.arange(before + after) - before) / rate
    return beat - np.median(beat[:, (time >= -0.09) & (time < -0.06)], axis=1, keepdims=True), time


def windows(beat, names):
    for low, high in (WINDOWS[name] for name in names):
        yield beat[0][:, (beat[1] >= low) & (beat[1] < high)]


def limb_features(beat):
    parts = []
    for part in windows(beat, ("P", "QRS", "T")):
        frontal, chest = part[:2], part[2:]
        size = np.sqrt((frontal ** 2).sum()) + 1e-6
        parts.append(frontal @ chest.T / size / (np.sqrt((chest ** 2).sum(1)) + 1e-6))
        parts.append(frontal.sum(1)[:, None] / size / np.sqrt(part.shape[1]))
    return np.concatenate(parts, 1)


def limb_hypotheses():
    h = np.sqrt(3) / 2
    electrodes = np.array([[-h, -0.5], [h, -0.5], [0, 1]])
    for order in itertools.permutations(range(3)):
        yield str(order), np.linalg.lstsq(electrodes, electrodes[list(order)], rcond=None)[0]
    yield "inverted", -np.eye(2)


def precordial_grams(beat):
    grams = []
    for part in windows(beat, ("QRS", "T")):
        frontal = part[:2] / (np.sqrt((part[:2] ** 2).sum() / 2) + 1e-6)
        chest = part[2:] / (np.sqrt((part[2:] ** 2).sum() / 6) + 1e-6)
        part = np.concatenate([frontal, chest])
        grams.append(part @ part.T)
    return np.stack(grams)


def precordial_hypotheses():
    def whole(chest):
        return np.block([[np.eye(2), np.zeros((2, 6))], [np.zeros((6, 2)), chest]])

    yield "as stored", np.eye(8)
    for a, b in itertools.combinations(range(6), 2):
        chest = np.eye(6)
        chest[[a, b]] = chest[[b, a]]
        yield f"V{a + 1}-V{b + 1}", whole(chest)
    yield "reversed", whole(np.eye(6)[::-1])
    for a in range(6):
        yield f"V{a + 1} inverted", whole(np.diag([-1.0 if i == a else 1.0 for i in range(6)]))


def polarity_features(beat):
    parts = []
    for part in windows(beat, ("P", "QRS", "T")):
        part = np.concatenate([group / (np.sqrt((group ** 2).mean()) + 1e-6) for group in (part[:2], part[2:])])
        parts += [part.mean(1), (part ** 3).mean(1)]
    return np.concatenate(parts)


def polarity_hypotheses():
    return [("as stored", 1), ("all inverted", -1)]


PAIRS = np.array([(a, b) for a in range(8) for b in range(max(a, 2), 8)]).T


def apply_limb(h, features):
    return np.einsum("ab,nbk->nak", h, features)


def apply_precordial(h, grams):
    return np.einsum("ab,nwbc,dc->nwad", h, grams, h)


def apply_polarity(sign, features):
    return sign * features


def flatten_polarity(features):
    return features


def flatten_limb(features):
    return features.reshape(len(features), -1)


def flatten_precordial(grams):
    return grams[..., PAIRS[0], PAIRS[1]].reshape(len(grams), -1)


def fit(choices, decay):
    """Weights under which choice 0 of [records, choices, features] is most likely."""

    def loss(w):
        scores = choices @ w
        scores -= scores.max(1, keepdims=True)
        p = np.exp(scores)
        p /= p.sum(1, keepdims=True)
        gradient = np.einsum("nc,nck->k", p, choices) - choices[:, 0].sum(0)
        return -np.log(p[:, 0]).mean() + decay / 2 * w @ w, gradient / len(choices) + decay * w

    return minimize(loss, np.zeros(choices.shape[2]), jac=True, method="L-BFGS-B").x


def cross_validate(title, hypotheses, features, apply, flatten, decay):
    """Prints the sensitivities; returns the weights fitted on everything."""
    names, matrices = zip(*hypotheses)
    choices = np.stack([flatten(apply(h, features)) for h in matrices], 1)
    folds = np.array_split(np.random.default_rng(0).permutation(len(features)), 5)
    evidence = np.zeros((len(names), len(features)))
    for k, held in enumerate(folds):
        weights = fit(choices[np.concatenate(folds[:k] + folds[k + 1:])], decay)
        for i, fault in enumerate(matrices):
            spoilt = apply(fault, features[held])
            scores = np.stack([flatten(apply(h, spoilt)) @ weights for h in matrices], 1)
            evidence[i, held] = scores[:, 1:].max(1) - scores[:, 0]
    print(f"{title}: {len(features)} recordings, five-fold cross-validation")
    for alarms in (0, 0.005, 0.02, 0.05):
        threshold = np.quantile(evidence[0], 1 - alarms)
        found = ", ".join(f"{name} {100 * (e > threshold).mean():.0f}"
                          for name, e in zip(names[1:], evidence[1:]))
        print(f"  false alarms {100 * alarms:g} % (log odds {threshold:.2f}), found %: {found}")
    return fit(choices, decay)


def leave_sources_out(title, hypotheses, features, sources, apply, flatten, decay, thresholds):
    """Prints what is found in each source by weights that were fitted on all the others."""
    names, matrices = zip(*hypotheses)
    choices = np.stack([flatten(apply(h, features)) for h in matrices], 1)
    evidence = np.zeros((len(names), len(features)))
    for source in sorted(set(sources)):
        held = np.flatnonzero(np.array(sources) == source)
        weights = fit(np.delete(choices, held, 0), decay)
        for i, fault in enumerate(matrices):
            spoilt = apply(fault, features[held])
            scores = np.stack([flatten(apply(h, spoilt)) @ weights for h in matrices], 1)
            evidence[i, held] = scores[:, 1:].max(1) - scores[:, 0]
        alarms = [(evidence[0, held] > t).sum() for t in thresholds]
        print(f"  {source}: {len(held)} recordings, {alarms[0]} false faults, {alarms[1]} false warnings")
    print(f"{title}: each source held out in turn, at the program's thresholds")
    for kind, threshold in zip(("fault", "warning"), thresholds):
        shares = ", ".join(f"{name} {100 * (e > threshold).mean():.1f}" for name, e in zip(names[1:], evidence[1:]))
        print(f"  {kind} (log odds {threshold}): false alarms {100 * (evidence[0] > threshold).mean():.1f} %, found %: {shares}")


def array_text(name, values):
    lines = [", ".join(f"{v:.6g}" for v in values[i:i + 8]) for i in range(0, len(values), 8)]
    body = ",\n    ".join(lines)
    return f"const std::array<double, {len(values)}> {name} = {{\n    {body}}};\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--by-source", action="store_true", help="hold out whole corpora instead of fitting")
    args = parser.parse_args()
    named = [(name, beat) for name, rate, x in read_records(args.data) if (beat := mean_beat(rate, x))]
    beats = [beat for _, beat in named]
    if args.by_source:
        sources = [source_of(name) for name, _ in named]
        leave_sources_out("limb electrodes", limb_hypotheses(), np.stack([limb_features(b) for b in beats]), sources,
                          apply_limb, flatten_limb, 0.003, LIMB_THRESHOLDS)
        leave_sources_out("precordial electrodes", precordial_hypotheses(), np.stack([precordial_grams(b) for b in beats]),
                          sources, apply_precordial, flatten_precordial, 0.01, PRECORDIAL_THRESHOLDS)
        leave_sources_out("polarity", polarity_hypotheses(), np.stack([polarity_features(b) for b in beats]), sources,
                          apply_polarity, flatten_polarity, 0.003, POLARITY_THRESHOLDS)
        return
    limb = cross_validate("limb electrodes", limb_hypotheses(),
                          np.stack([limb_features(b) for b in beats]),
                          apply_limb, flatten_limb, 0.003)
    chest = cross_validate("precordial electrodes", precordial_hypotheses(),
                           np.stack([precordial_grams(b) for b in beats]),
                           apply_precordial, flatten_precordial, 0.01)
    polarity = cross_validate("polarity", polarity_hypotheses(), np.stack([polarity_features(b) for b in beats]),
                              apply_polarity, flatten_polarity, 0.003)
    if args.write:
        args.write.write_text(
            '#include "einthoven/signal/check/electrode_order_weights.h"\n\n'
            "namespace einthoven::signal {\n\n" + array_text("kLimbWeights", limb) + "\n" +
            array_text("kPrecordialWeights", chest) + "\n" + array_text("kPolarityWeights", polarity) + "\n}  // namespace einthoven::signal\n")


if __name__ == "__main__":
    main()
