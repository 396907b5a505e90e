"""A store is opened with NumPy and SQLite alone, as docs/formats/ecgstore.md says, from a read-only folder with an odd name."""

import pathlib
import re
import sqlite3

import numpy as np
import pytest

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/formats/ecgstore.md"


@pytest.fixture(scope="module")
def corpus(einthoven, tmp_path_factory):
    folder = tmp_path_factory.mktemp("open")
    einthoven("simulate", folder / "c", "--count", 4, "--seconds", 11, check=True)
    return folder


def segments(code, folder, scale):
    """Runs the documented lines and gives what they see: {(name, number): samples}."""
    found = {}
    code = code.replace("ptbxl.ecgstore", str(folder)) + "\n    found[name, number] = scale(shard, position, x)"
    exec(code, {"found": found, "scale": scale})  # the text of our own documentation
    return found


def documented():
    return re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.S).group(1).rstrip()


def test_the_documented_lines(einthoven, corpus):
    stores = {}
    for dtype in ("float32", "float16", "int16"):
        folder = corpus / f"{dtype}.ecgstore"
        einthoven("preprocess", "physionet2021", corpus / "c", "--dest", folder, "--dtype", dtype, check=True)

        def scale(shard, position, x, folder=folder):
            file = folder / f"scales-{shard:05}.npy"
            return x.astype(np.float32) * (np.load(file)[position][:, None] if file.exists() else 1)
        stores[dtype] = segments(documented(), folder, scale)
    assert len(stores["float32"]) == 8 and all(x.shape == (12, 2500) for x in stores["float32"].values())
    for key, x in stores["float32"].items():
        np.testing.assert_allclose(stores["int16"][key], x, atol=np.abs(x).max() / 32767)
        np.testing.assert_allclose(stores["float16"][key], x, atol=2e-3 * np.abs(x).max())


def test_lists_and_labels_by_any_tool(corpus, einthoven):
    folder = corpus / "labels.ecgstore"
    einthoven("preprocess", "physionet2021", corpus / "c", "--dest", folder, check=True)
    index = sqlite3.connect(folder / "index.sqlite")
    names = [name for name, in index.execute("SELECT name FROM records ORDER BY idx")]
    assert len(names) == 4
    listed = einthoven("store", "query", folder, check=True).stdout
    assert all(name in listed for name in names)


def test_a_read_only_store_with_an_odd_name(corpus, einthoven):
    folder = corpus / "read only? 100% #1.ecgstore"
    einthoven("preprocess", "physionet2021", corpus / "c", "--dest", folder, check=True)
    for path in [*folder.iterdir(), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        einthoven("store", "info", folder, check=True)
        einthoven("store", "verify", folder, check=True)
        einthoven("store", "query", folder, "--limit", 1, check=True)
    finally:
        folder.chmod(0o755)
