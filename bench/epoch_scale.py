"""Cost and memory of one epoch of `einthoven train` on stores of growing size: is the loader linear, is its memory constant?

The stores are those of mimic_scale.py (few simulated recordings under many numbers), the model is so small that most of the work is
the loader's: CMSC pairs, both segments of every recording once. Memory is that of the process alone (RssAnon), since the pages of
the mapped store that the kernel keeps belong to nobody. Writes a table (CSV) and, with --picture, a plot.

  python bench/epoch_scale.py /tmp/epoch --sizes 1000,10000,100000 --table epoch.csv --picture docs/pictures/epoch.png
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import time

import mimic_scale

MODEL = ["model.encoder_embed_dim=32", "+model.encoder_layers=1", "+model.encoder_ffn_embed_dim=64",
         "+model.encoder_attention_heads=2", "+model.conv_pos=16",
         '+model.conv_feature_layers="[(16, 8, 8)] * 3"']


def make_store(program, base, rows, measured, work, size):
    corpus, store = work / f"corpus{size}", work / f"size{size}.ecgstore"
    shutil.rmtree(corpus, ignore_errors=True)
    mimic_scale.multiply(base, rows, measured, corpus, size)
    mimic_scale.run(program, "preprocess", "mimic-iv-ecg", corpus, "--dtype", "int16", "--dest", store)
    shutil.rmtree(corpus)
    manifests = work / f"manifests{size}"
    mimic_scale.run(program, "manifest", "split", store, "--dest", manifests, "--fractions", "1", "--split-labels", "train")
    mimic_scale.run(program, "manifest", "clocs", manifests, "--dest", manifests)
    return store, manifests / "cmsc"


def private_mib(pid):
    """Anonymous memory now; 0 once the process has ended."""
    try:
        found = re.search(r"RssAnon:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
    except FileNotFoundError:
        return 0
    return int(found[1]) // 1024 if found else 0


def train(program, manifests, work, workers):
    """CPU seconds, seconds and largest private MiB of one epoch, start and end included."""
    shutil.rmtree(work / "run", ignore_errors=True)
    start = time.time()
    child = subprocess.Popen(
        [program, "train", "--config-name", "cmsc", "--config-dir", "recipes/cmsc/config/pretraining/ecg_transformer",
         f"task.data={manifests}", "dataset.batch_size=64", f"dataset.num_workers={workers}",
         "distributed_training.distributed_world_size=1", "optimization.max_epoch=1", "common.log_interval=100000",
         f"checkpoint.save_dir={work / 'run'}", *MODEL],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    largest = 0
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        largest = max(largest, private_mib(child.pid))
        time.sleep(0.2)
    if status != 0:
        raise SystemExit(child.stderr.read())
    return {"seconds": round(time.time() - start, 2), "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2), "private_mib": largest}


def draw(table, picture):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4))
    sizes = [row["recordings"] for row in table]
    left.loglog(sizes, [row["cpu_seconds"] for row in table], "o-", label="one epoch")
    left.loglog(sizes, [table[-1]["cpu_seconds"] * size / sizes[-1] for size in sizes], "k:", label="linear")
    right.semilogx(sizes, [row["private_mib"] for row in table], "o-")
    left.set(xlabel="recordings of 12 leads and 10 s", ylabel="CPU seconds")
    right.set(xlabel="recordings", ylabel="largest private MiB", ylim=(0, 1.2 * max(row["private_mib"] for row in table)))
    left.legend()
    figure.tight_layout()
    figure.savefig(picture, dpi=80)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("work", type=pathlib.Path, help="a folder for stores, which are removed again")
    parser.add_argument("--program", default="build/einthoven")
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--base", type=int, default=1000, help="recordings to simulate")
    parser.add_argument("--workers", type=int, default=1, help="of the loader")
    parser.add_argument("--table", type=pathlib.Path, default="epoch.csv")
    parser.add_argument("--picture", type=pathlib.Path)
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    base = work / f"base{arguments.base}"
    rows, measured = mimic_scale.simulate(arguments.program, base, arguments.base)
    table = []
    for size in map(int, arguments.sizes.split(",")):
        store, manifests = make_store(arguments.program, base, rows, measured, work, size)
        row = {"recordings": size, **train(arguments.program, manifests, work, arguments.workers)}
        row["cpu_us_per_recording"] = round(1e6 * row["cpu_seconds"] / size)
        print(row, flush=True)
        table.append(row)
        for path in (store, manifests.parent):
            shutil.rmtree(path)
    mimic_scale.write_table(arguments.table, table)
    if arguments.picture:
        draw(table, arguments.picture)


if __name__ == "__main__":
    main()
