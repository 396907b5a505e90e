#!/usr/bin/env python3
"""What `einthoven check` finds of faults that are put into real recordings: the table of docs/check.md.

    scripts/measure_checks.py build/core/bin/einthoven ../shared/data [--records 50]

Every 12-lead WFDB recording without a flat lead, each content once, in millivolts; one random fault
of each kind in each. Found: a finding of severity fault (or at least a warning) that the unspoilt
recording does not have.
"""

import argparse
import itertools
import json
import pathlib
import random
import subprocess
import tempfile

import numpy as np

from fit_electrode_order import LEADS, read_records

PLUS, MINUS = (1, 2, 2), (0, 0, 1)  # electrodes (RA, LA, LL) of leads I, II, III


def exchange_electrodes(x, order):
    """Limb leads of the recording when electrode e lies where order[e] belongs."""
    right_arm = -(x[0] + x[1]) / 3
    v = np.stack([right_arm, right_arm + x[0], right_arm + x[1]])[list(order)]
    limbs = [v[p] - v[m] for p, m in zip(PLUS, MINUS)]
    limbs += [1.5 * (v[e] - v.mean(0)) for e in range(3)]
    return np.concatenate([limbs, x[6:]])


def permuted(x, leads, order):
    out = x.copy()
    out[list(leads)] = x[list(order)]
    return out


def scaled(x, leads, factor):
    out = x.copy()
    out[list(leads)] *= factor
    return out


def random_permutation(rng, leads):
    order = list(leads)
    while order == list(leads):
        rng.shuffle(order)
    return order


def swap(x, rng, pairs):
    a, b = rng.choice(pairs)
    return permuted(x, (a, b), (b, a))


def damage(x, rng, value):
    out = x.copy()
    lead, start = rng.randrange(12), rng.randrange(x.shape[1] // 4)
    out[lead, start:start + x.shape[1] // 2] = value
    return out


def clip(x, rng):
    out = x.copy()
    lead = rng.randrange(12)
    out[lead] = np.clip(out[lead], *np.quantile(out[lead], [0.04, 0.96]))
    return out


def hum(x, rng, rate):
    time = np.arange(x.shape[1]) / rate
    return x + 0.1 * np.sin(2 * np.pi * 50 * time + rng.random())


LIMBS, CHEST = range(6), range(6, 12)
CABRERA = np.array([1, 1, -1] + 9 * [1])[:, None]  # aVL, I, -aVR, II, aVF, III
FAULTS = {  # name: (check that is to find it, fault(samples, random, rate))
    "limb leads permuted": ("identity", lambda x, rng, _: permuted(x, LIMBS, random_permutation(rng, LIMBS))),
    "two limb leads exchanged": ("identity", lambda x, rng, _: swap(x, rng, list(itertools.combinations(LIMBS, 2)))),
    "one limb lead inverted": ("identity", lambda x, rng, _: scaled(x, [rng.choice(LIMBS)], -1)),
    "limb leads inverted at random": ("identity", lambda x, rng, _: scaled(x, rng.sample(LIMBS, rng.randint(1, 5)), -1)),
    "one limb lead half as large": ("identity", lambda x, rng, _: scaled(x, [rng.choice(LIMBS)], 0.5)),
    "recording 1000 times too large": ("unit", lambda x, rng, _: x * 1000),
    "recording 1000 times too small": ("unit", lambda x, rng, _: x / 1000),
    "one lead 1000 times too large": ("unit", lambda x, rng, _: scaled(x, [rng.randrange(12)], 1000)),
    "one lead 1000 times too small": ("unit", lambda x, rng, _: scaled(x, [rng.randrange(12)], 1e-3)),
    "RA and LA exchanged": ("electrodes", lambda x, rng, _: exchange_electrodes(x, (1, 0, 2))),
    "RA and LL exchanged": ("electrodes", lambda x, rng, _: exchange_electrodes(x, (2, 1, 0))),
    "LA and LL exchanged": ("electrodes", lambda x, rng, _: exchange_electrodes(x, (0, 2, 1))),
    "RA, LA, LL rotated": ("electrodes", lambda x, rng, _: exchange_electrodes(x, rng.choice([(1, 2, 0), (2, 0, 1)]))),
    "all limb leads inverted": ("electrodes", lambda x, rng, _: scaled(x, LIMBS, -1)),
    "all leads inverted": ("polarity", lambda x, rng, _: -x),
    "limb leads in Cabrera's order": ("identity", lambda x, rng, _: permuted(x, LIMBS, (4, 0, 3, 1, 5, 2)) * CABRERA),
    "neighbouring precordials exchanged": ("precordials", lambda x, rng, _: swap(x, rng, [(v, v + 1) for v in range(6, 11)])),
    "any two precordials exchanged": ("precordials", lambda x, rng, _: swap(x, rng, list(itertools.combinations(CHEST, 2)))),
    "one precordial inverted": ("precordials", lambda x, rng, _: scaled(x, [rng.choice(CHEST)], -1)),
    "V1 to V6 reversed": ("precordials", lambda x, rng, _: permuted(x, CHEST, CHEST[::-1])),
    "half of a lead NaN": ("invalid", lambda x, rng, _: damage(x, rng, np.nan)),
    "half of a lead flat": ("flat", lambda x, rng, _: damage(x, rng, 0.1)),
    "a lead clipped at 4 and 96 %": ("clipped", lambda x, rng, _: clip(x, rng)),
    "50 Hz hum of 0.1 mV": ("powerline", hum),
}


def check(program, folder):
    done = subprocess.run([program, "check", folder, "--format", "json"], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    found = {}
    for record in json.loads(done.stdout)["records"]:
        worst = found.setdefault(pathlib.Path(record["path"]).stem, {})
        for f in record["findings"]:
            worst.setdefault(f["check"], set()).add(f["severity"])
    return found


def checked(program, records, spoil):
    """{index: {check: severities}} of all records after spoil(samples, random, rate)."""
    with tempfile.TemporaryDirectory() as folder:
        for i, (_, rate, x) in enumerate(records):
            path = pathlib.Path(folder) / f"{i:05}.npy"
            np.save(path, spoil(x.astype("f4"), random.Random(i), rate).astype("f4"))
            path.with_suffix(".json").write_text(json.dumps({"rate_hz": rate, "leads": LEADS}))
        return check(program, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--records", type=int, help="spoil a sample of so many (default: all)")
    args = parser.parse_args()
    records = list(read_records(args.data))
    clean = checked(args.program, records, lambda x, rng, rate: x)
    for severity in ("fault", "warning"):
        alarms = {records[int(k)][0]: [c for c, s in v.items() if severity in s] for k, v in clean.items()}
        alarms = {name: checks for name, checks in alarms.items() if checks}
        print(f"{len(alarms)} of {len(records)} unspoilt recordings with a {severity}: {alarms}")
    chosen = range(len(records))
    if args.records:
        chosen = sorted(random.Random(0).sample(chosen, min(args.records, len(records))))
    clean = {f"{i:05}": clean[f"{k:05}"] for i, k in enumerate(chosen)}
    records = [records[k] for k in chosen]
    print(f"\nFaults in {len(records)} recordings\n\n| fault | check | found as a fault | found at all |\n|---|---|---|---|")
    for name, (expected, fault) in FAULTS.items():
        found = checked(args.program, records, fault)
        new = [{s for c, severities in v.items() for s in severities - clean[k].get(c, set())
                if c == expected or severities - {"note"}} for k, v in found.items()]
        faults = sum("fault" in s for s in new) / len(records)
        at_all = sum(bool(s) for s in new) / len(records)
        print(f"| {name} | {expected} | {100 * faults:.1f} % | {100 * at_all:.1f} % |", flush=True)


if __name__ == "__main__":
    main()
