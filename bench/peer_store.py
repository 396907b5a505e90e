"""5 s segments a second at random from a warm page cache: a store by NumPy and SQLite alone, and the .mat files of the reference.

  python bench/peer_store.py NAME.ecgstore            any float32 or int16 store of 12 leads
"""

import pathlib
import random
import sqlite3
import sys
import tempfile
import time

import numpy as np
import scipy.io


def rate(read, keys, seconds=2.0):
    for key in keys:
        read(key)
    start, count = time.process_time(), 0
    while time.process_time() - start < seconds:
        for key in keys:
            read(key)
        count += len(keys)
    return count / (time.process_time() - start)


def main():
    store = pathlib.Path(sys.argv[1])
    index = sqlite3.connect(f"file:{store}/index.sqlite?mode=ro", uri=True)
    shards = [np.load(store / file, mmap_mode="r") for file, in index.execute("SELECT file FROM shards ORDER BY shard")]
    keys = list(index.execute("SELECT shard, position FROM segments ORDER BY row LIMIT 1000"))
    random.Random(1).shuffle(keys)
    print(f"store by numpy.load(mmap_mode='r')  {rate(lambda key: np.array(shards[key[0]][key[1]], np.float32), keys):10.0f}/s")
    with tempfile.TemporaryDirectory() as folder:
        for i, (shard, position) in enumerate(keys[:200]):
            scipy.io.savemat(f"{folder}/{i}.mat", {"feats": np.array(shards[shard][position], np.float64), "curr_sample_rate": 500})
        paths = [f"{folder}/{i}.mat" for i in range(200)]
        print(f".mat of the reference by scipy.io   {rate(lambda path: scipy.io.loadmat(path)['feats'].astype(np.float32), paths):10.0f}/s")


if __name__ == "__main__":
    main()
