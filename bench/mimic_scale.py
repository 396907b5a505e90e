"""Cost and memory of a MIMIC-sized corpus: `preprocess mimic-iv-ecg`, verify, query, shards, merge and append at growing sizes.

The recordings are those of `einthoven simulate --as mimic-iv-ecg`, each many times under other numbers (hard links), so that
10^5 need the disk of 10^3. Writes a table (CSV) and, with --picture, a plot.

  python bench/mimic_scale.py /tmp/scale --sizes 1000,10000,100000 --table scale.csv --picture docs/pictures/scale.png
  python bench/mimic_scale.py /tmp/scale --sizes 800000 --options "--rate 50 --dtype int16" --table large.csv
"""

import argparse
import csv
import os
import pathlib
import resource
import shlex
import shutil
import subprocess
import time

STEPS = ["preprocess", "verify", "query", "shard 1/2", "shard 2/2", "merge", "append"]


def run(program, *arguments):
    """Seconds, CPU seconds, largest resident MiB and recordings printed by one call."""
    start = time.time()
    child = subprocess.Popen([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"{arguments}: status {status}")
    return {"seconds": round(time.time() - start, 2), "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
            "mib": usage.ru_maxrss // 1024, "lines": output.count(b"\n")}


def simulate(program, folder, count):
    if not folder.exists():
        subprocess.run([program, "simulate", folder, "--as", "mimic-iv-ecg", "--count", str(count)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(folder / "record_list.csv") as file:
        rows = list(csv.DictReader(file))
    with open(folder / "machine_measurements.csv") as file:
        measured = {row["study_id"]: row for row in csv.DictReader(file)}
    return rows, measured


def multiply(base, rows, measured, folder, size, first_study=50000000):
    """A corpus of `size` recordings: copy k of study s of patient p has numbers of its own."""
    folder.mkdir(parents=True)
    with open(folder / "record_list.csv", "w") as listing, open(folder / "machine_measurements.csv", "w") as machine:
        records = csv.DictWriter(listing, rows[0].keys())
        machines = csv.DictWriter(machine, next(iter(measured.values())).keys())
        records.writeheader()
        machines.writeheader()
        headers = {}
        for i in range(size):
            row = rows[i % len(rows)]
            subject, study = str(int(row["subject_id"]) + 10000 * (i // len(rows))), str(first_study + i)
            path = f"files/p{subject[:4]}/p{subject}/s{study}/{study}"
            if row["path"] not in headers:
                headers[row["path"]] = (base / row["path"]).with_suffix(".hea").read_text()
            os.makedirs(f"{folder}/{path[:-len(study)]}")
            with open(f"{folder}/{path}.hea", "w") as header:
                header.write(headers[row["path"]].replace(row["file_name"], study))
            os.link(f"{base}/{row['path']}.dat", f"{folder}/{path}.dat")
            numbers = {"subject_id": subject, "study_id": study}
            records.writerow({**row, **numbers, "file_name": study, "path": path})
            machines.writerow({**measured[row["study_id"]], **numbers})


def measure(program, base, rows, measured, corpora, work, size, options, whole_only):
    corpus, store = corpora / f"corpus{size}", work / "whole.ecgstore"
    shutil.rmtree(corpus, ignore_errors=True)
    multiply(base, rows, measured, corpus, size)
    stores = [work / f"{name}.ecgstore" for name in ("whole", "part1", "part2", "merged", "other")]
    for path in stores:
        shutil.rmtree(path, ignore_errors=True)
    preprocess = ["preprocess", "mimic-iv-ecg", corpus, *options, "--dest"]
    results = {"preprocess": run(program, *preprocess, store)}
    size_on_disk = sum(file.stat().st_size for file in store.iterdir())
    results["verify"] = run(program, "store", "verify", store)
    results["query"] = run(program, "store", "query", store, "--lead", "V6", "--rate", 500)
    shutil.rmtree(store)
    if whole_only:
        shutil.rmtree(corpus)
        return rows_of(results, size, size_on_disk)
    for part in (1, 2):
        results[f"shard {part}/2"] = run(program, *preprocess, stores[part], "--shard", f"{part}/2")
    results["merge"] = run(program, "store", "merge", stores[1], stores[2], "--dest", stores[3], "--link")
    for path in stores[1:3]:
        shutil.rmtree(path)
    multiply(base, rows, measured, corpora / "more", len(rows), first_study=70000000)
    run(program, "preprocess", "mimic-iv-ecg", corpora / "more", *options, "--dest", stores[4])
    results["append"] = run(program, "store", "append", stores[3], stores[4])
    for path in stores[3:] + [corpus, corpora / "more"]:
        shutil.rmtree(path)
    return rows_of(results, size, size_on_disk)


def rows_of(results, size, size_on_disk):
    return [{"recordings": size, "step": step, **results[step], "bytes_per_recording": size_on_disk // size}
            for step in STEPS if step in results]


def draw(table, picture):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4))
    for step in ("preprocess", "verify", "query", "merge", "append"):
        rows = [row for row in table if row["step"] == step]
        sizes = [row["recordings"] for row in rows]
        left.loglog(sizes, [row["cpu_seconds"] for row in rows], "o-", label=step)
        right.semilogx(sizes, [row["mib"] for row in rows], "o-", label=step)
    first = next(row for row in table if row["step"] == "preprocess")
    sizes = [row["recordings"] for row in table if row["step"] == "preprocess"]
    left.loglog(sizes, [first["cpu_seconds"] * size / first["recordings"] for size in sizes], "k:", label="linear")
    left.set(xlabel="recordings of 12 leads and 10 s", ylabel="CPU seconds")
    right.set(xlabel="recordings", ylabel="largest resident MiB", ylim=(0, 1100))
    right.axhline(1024, color="k", ls=":")
    left.legend()
    figure.tight_layout()
    figure.savefig(picture, dpi=80)


def write_table(path, table):
    with open(path, "w") as file:
        writer = csv.DictWriter(file, table[0].keys())
        writer.writeheader()
        writer.writerows(table)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("work", type=pathlib.Path, help="a folder for corpora and stores, which are removed again")
    parser.add_argument("--program", default="build/einthoven")
    parser.add_argument("--corpora", type=pathlib.Path, help="where corpora are made (default: there), e.g. /dev/shm/scale")
    parser.add_argument("--whole-only", action="store_true", help="leave out shards, merge and append")
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--base", type=int, default=1000, help="recordings to simulate")
    parser.add_argument("--options", default="--dtype int16", help="of preprocess")
    parser.add_argument("--table", type=pathlib.Path, default="scale.csv")
    parser.add_argument("--picture", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    corpora = arguments.corpora or arguments.work
    corpora.mkdir(parents=True, exist_ok=True)
    base = corpora / f"base{arguments.base}"
    rows, measured = simulate(arguments.program, base, arguments.base)
    table = []
    for size in map(int, arguments.sizes.split(",")):
        for row in measure(arguments.program, base, rows, measured, corpora, arguments.work, size,
                           shlex.split(arguments.options), arguments.whole_only):
            print(row, flush=True)
            table.append(row)
    write_table(arguments.table, table)
    if arguments.picture:
        draw(table, arguments.picture)


if __name__ == "__main__":
    main()
