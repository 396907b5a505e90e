"""einthoven convert: formats, refusals, hostile files."""

import io
import os
import pickle
import zipfile

import pytest
import torch


class Hostile:
    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.system, (f"touch {self.mark}",)


def zip_with_pickle(path, content, storages=()):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", content)
        for name, data in storages:
            archive.writestr(f"archive/data/{name}", data)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("zipped", [True, False])
def test_code_in_a_pickle_is_never_run(einthoven, tmp_path, protocol, zipped):
    mark = tmp_path / "owned"
    content = {"model": {"w": Hostile(mark)}, "extra_state": [Hostile(mark)]}
    if zipped:
        zip_with_pickle(tmp_path / "x.pt", pickle.dumps(content, protocol))
    else:
        torch.save(content, tmp_path / "x.pt", pickle_protocol=protocol,
                   _use_new_zipfile_serialization=False)
    done = einthoven("convert", tmp_path / "x.pt", tmp_path / "out")
    assert done.returncode == 3
    assert "refused: the file wants to call posix.system" in done.stderr
    assert not mark.exists()
    assert not (tmp_path / "out").exists()


def test_a_zip_bomb_is_refused(einthoven, tmp_path):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}." + bytes(100_000))
    content = bytearray(raw.getvalue())
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (2_000_000_000).to_bytes(4, "little")
    (tmp_path / "x.pt").write_bytes(content)
    done = einthoven("convert", tmp_path / "x.pt", tmp_path / "out")
    assert done.returncode == 3
    assert "claims 2000000000 bytes" in done.stderr


def test_shared_lists_do_not_explode(einthoven, tmp_path):
    value = [1]
    for _ in range(60):
        value = [value, value]
    torch.save({"model": {"w": torch.ones(1)}, "extra_state": value}, tmp_path / "x.pt")
    done = einthoven("convert", tmp_path / "x.pt", tmp_path / "out")
    assert done.returncode == 3
    assert "extra_state: too large" in done.stderr


def test_deep_nesting_is_an_error(einthoven, tmp_path):
    content = b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999
    zip_with_pickle(tmp_path / "x.pt", content + b".")
    done = einthoven("convert", tmp_path / "x.pt", tmp_path / "out")
    assert done.returncode == 3


def test_every_cut_of_a_file_is_an_error(einthoven, tmp_path):
    torch.save({"model": {"w": torch.arange(100.0)}}, tmp_path / "x.pt")
    whole = (tmp_path / "x.pt").read_bytes()
    for size in range(0, len(whole), len(whole) // 15):
        (tmp_path / "cut.pt").write_bytes(whole[:size])
        done = einthoven("convert", tmp_path / "cut.pt", tmp_path / "out")
        assert done.returncode == 3, done
        assert "cut.pt" in done.stderr


def test_compressed_archive(einthoven, tmp_path):
    torch.save({"model": {"w": torch.arange(100.0)}}, tmp_path / "x.pt")
    with zipfile.ZipFile(tmp_path / "x.pt") as old, \
         zipfile.ZipFile(tmp_path / "y.pt", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    einthoven("convert", tmp_path / "y.pt", tmp_path / "z.pt", check=True)
    assert torch.equal(torch.load(tmp_path / "z.pt")["model"]["w"], torch.arange(100.0))


def test_names_choose_the_format(einthoven, tmp_path):
    torch.save({"w": torch.arange(4.0)}, tmp_path / "x.pt")
    einthoven("convert", tmp_path / "x.pt", tmp_path / "native", check=True)
    names = sorted(path.name for path in (tmp_path / "native").iterdir())
    assert names == ["config.yaml", "digest.json", "model.safetensors", "state.yaml"]
    einthoven("convert", "--to", "reference", tmp_path / "native", tmp_path / "y", check=True)
    assert zipfile.is_zipfile(tmp_path / "y")


def test_damage_of_a_native_folder(einthoven, tmp_path):
    torch.save({"w": torch.arange(4.0)}, tmp_path / "x.pt")
    einthoven("convert", tmp_path / "x.pt", tmp_path / "native", check=True)
    model = tmp_path / "native" / "model.safetensors"
    model.write_bytes(model.read_bytes()[:-1] + b"\x01")
    done = einthoven("convert", tmp_path / "native", tmp_path / "y.pt")
    assert done.returncode == 3
    assert "model.safetensors: damaged" in done.stderr


@pytest.fixture
def pretrained(einthoven, shared, tmp_path):
    """A checkpoint of the reference with its configuration, as PyTorch reads it."""
    path = sorted((shared / "fixtures/fairseq/a_w2v_cmsc").glob("checkpoint*.pt"))[0]
    return torch.load(path, map_location="cpu", weights_only=False)


def test_tensors_are_compared_with_the_model(einthoven, pretrained, tmp_path):
    torch.save(pretrained, tmp_path / "right.pt")
    assert einthoven("convert", tmp_path / "right.pt", tmp_path / "a/b/native", check=True).stderr == ""
    names = list(pretrained["model"])
    moved = pretrained["model"].pop(names[0])
    pretrained["model"]["stranger"] = moved
    pretrained["model"][names[1]] = pretrained["model"][names[1]][:1]
    torch.save(pretrained, tmp_path / "wrong.pt")
    done = einthoven("convert", tmp_path / "wrong.pt", tmp_path / "out")
    assert done.returncode == 3 and "wrong.pt: model: 3 tensors do not fit" in done.stderr
    for fault in [f"missing {names[0]}", "unused stranger", f"misshapen {names[1]}"]:
        assert fault in done.stderr
    assert not (tmp_path / "out").exists()
    einthoven("convert", tmp_path / "wrong.pt", tmp_path / "out", "--any-tensors", check=True)


def test_a_model_that_is_not_known_is_said(einthoven, pretrained, tmp_path):
    pretrained["cfg"]["model"]["_name"] = "another_model"
    torch.save(pretrained, tmp_path / "x.pt")
    assert "not compared" in einthoven("convert", tmp_path / "x.pt", tmp_path / "out", check=True).stderr


def test_missing_input(einthoven, tmp_path):
    done = einthoven("convert", tmp_path / "none.pt", tmp_path / "y.pt")
    assert done.returncode == 4
    assert "none.pt" in done.stderr


def test_settings_that_the_reference_lacks_are_told(einthoven, pretrained, tmp_path):
    pretrained["cfg"]["task"]["pair_by_patient"] = True
    pretrained["cfg"]["model"]["legacy_cross_sample_negatives"] = False
    torch.save(pretrained, tmp_path / "x.pt")
    done = einthoven("convert", tmp_path / "x.pt", tmp_path / "y.pt", check=True)
    assert done.stderr.count("is lost") == 1
    assert "task.pair_by_patient is lost: fairseq-signals has no such key" in done.stderr
