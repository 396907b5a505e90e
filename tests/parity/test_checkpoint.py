"""Our checkpoint reader and writer against torch.load and safetensors."""

import argparse
import collections
import json
import pathlib
import struct

import numpy as np
import pytest
import torch

OLD_NAMES = {".weight_g": ".parametrizations.weight.original0",
             ".weight_v": ".parametrizations.weight.original1"}
SAFETENSORS_TYPES = {"F32": np.float32, "F64": np.float64, "F16": np.float16, "I64": np.int64,
                     "I32": np.int32, "I16": np.int16, "I8": np.int8, "U8": np.uint8,
                     "BOOL": np.bool_}


def new_name(key):
    for old, new in OLD_NAMES.items():
        if key.endswith(old):
            return key[: -len(old)] + new
    return key


def read_safetensors(path):
    """The format in a few lines, so that the test does not lean on our own reader."""
    raw = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + at for at in entry["data_offsets"])
        array = np.frombuffer(raw[begin:end], SAFETENSORS_TYPES[entry["dtype"]])
        tensors[name] = array.reshape(entry["shape"])
    return tensors


def model_of(content):
    for key in ("model", "state_dict", "model_state_dict"):
        if key in content and not isinstance(content[key], torch.Tensor):
            return content[key]
    return content


def fixture_files(shared):
    return sorted((shared / "fixtures").rglob("*.pt"))


def assert_same_model(ours, theirs):
    assert [new_name(key) for key in theirs] == list(ours)
    for key, tensor in theirs.items():
        np.testing.assert_array_equal(ours[new_name(key)], tensor.numpy(), err_msg=key)


def test_every_pt_file_of_the_fixtures(einthoven, shared, tmp_path):
    files = fixture_files(shared)
    assert len(files) > 50
    for path in files:
        einthoven("convert", path, tmp_path / "out.safetensors", check=True)
        theirs = model_of(torch.load(path, weights_only=False))
        assert_same_model(read_safetensors(tmp_path / "out.safetensors"), theirs)


def test_every_safetensors_file_of_the_fixtures(einthoven, shared, tmp_path):
    for path in sorted((shared / "fixtures" / "encoders").rglob("*.safetensors")):
        einthoven("convert", path, tmp_path / "out.safetensors", check=True)
        theirs = read_safetensors(path)
        ours = read_safetensors(tmp_path / "out.safetensors")
        assert sorted(map(new_name, theirs)) == sorted(ours)
        for key, array in theirs.items():
            np.testing.assert_array_equal(ours[new_name(key)], array)


def without_arrays(value):
    """What the reference saved, as our writer saves it: numbers instead of NumPy and tensors."""
    if isinstance(value, dict):
        return {key: without_arrays(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        kept = [without_arrays(item) for item in value
                if not (isinstance(item, tuple) and len(item) == 4 and item[2] == "AUCMeter")]
        return type(value)(kept)
    if isinstance(value, (np.generic, torch.Tensor)):
        return value.item()
    return value


@pytest.mark.parametrize("name", ["a_w2v_cmsc", "b_classifier", "c_arcface", "e_m3ae", "g_unet"])
@pytest.mark.parametrize("weights_only", [True, False])
def test_written_files_equal_the_reference(einthoven, shared, tmp_path, name, weights_only):
    source = shared / "fixtures" / "fairseq" / name / "checkpoint.pt"
    einthoven("convert", source, tmp_path / "native", check=True)
    einthoven("convert", tmp_path / "native", tmp_path / "out.pt", check=True)
    theirs = torch.load(source, weights_only=False)
    ours = torch.load(tmp_path / "out.pt", weights_only=weights_only)
    assert list(ours) == list(theirs)
    for key in theirs:
        if key in ("model", "last_optimizer_state"):
            continue
        assert ours[key] == without_arrays(theirs[key]), key
        assert json.dumps(ours[key]) == json.dumps(without_arrays(theirs[key])), key  # ints stay ints
    assert list(ours["model"]) == list(theirs["model"])
    for key, tensor in theirs["model"].items():
        assert ours["model"][key].dtype == tensor.dtype
        assert torch.equal(ours["model"][key], tensor)
    mine, his = ours["last_optimizer_state"], theirs["last_optimizer_state"]
    assert mine["param_groups"] == his["param_groups"]
    assert isinstance(mine["param_groups"][0]["betas"], tuple)
    assert list(mine["state"]) == list(his["state"])
    for index, state in his["state"].items():
        assert mine["state"][index]["step"] == state["step"]
        assert type(mine["state"][index]["step"]) is int
        assert torch.equal(mine["state"][index]["exp_avg"], state["exp_avg"])
        assert torch.equal(mine["state"][index]["exp_avg_sq"], state["exp_avg_sq"])


def unusual_state():
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    return collections.OrderedDict(
        strided=base.t(), row=base[2], part=base[1:3, 2:5], expanded=torch.ones(1).expand(5),
        scalar=torch.tensor(2.5), empty=torch.empty(0, 3), parameter=torch.nn.Parameter(base),
        double=base.double(), half=base.half(), long=base.long(), integer=base.int(),
        short=base.short(), char=base.to(torch.int8), byte=base.byte(), flag=base > 3)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("zipped", [True, False])
def test_unusual_tensors(einthoven, tmp_path, protocol, zipped):
    state = unusual_state()
    torch.save(state, tmp_path / "x.pt", pickle_protocol=protocol,
               _use_new_zipfile_serialization=zipped)
    einthoven("convert", tmp_path / "x.pt", tmp_path / "x.safetensors", check=True)
    ours = read_safetensors(tmp_path / "x.safetensors")
    assert list(ours) == list(state)
    for key, tensor in state.items():
        assert ours[key].shape == tuple(tensor.shape)
        np.testing.assert_array_equal(ours[key], tensor.detach().numpy())


def test_module_state_with_metadata_and_bfloat16(einthoven, tmp_path):
    module = torch.nn.BatchNorm1d(3).to(torch.bfloat16)
    torch.save({"state_dict": module.state_dict()}, tmp_path / "x.pt")
    einthoven("convert", tmp_path / "x.pt", tmp_path / "y.pt", check=True)
    ours = torch.load(tmp_path / "y.pt")["model"]
    for key, tensor in module.state_dict().items():
        assert torch.equal(ours[key], tensor.float() if tensor.is_floating_point() else tensor)


def test_namespace_of_old_files(einthoven, tmp_path):
    args = argparse.Namespace(arch="wav2vec2", task="ecg_pretraining", lr=0.5, data=["a", "b"])
    torch.save({"args": args, "model": {"w": torch.ones(2)}}, tmp_path / "x.pt")
    einthoven("convert", tmp_path / "x.pt", tmp_path / "y.pt", check=True)
    cfg = torch.load(tmp_path / "y.pt")["cfg"]
    assert cfg["model"]["_name"] == "wav2vec2"
    assert cfg["optimization"]["lr"] == [0.5]
    assert cfg["task"]["data"] == "a"


def test_text_and_objects_of_numpy_in_the_training_state(einthoven, shared, tmp_path):
    """Scalars of text are text; arrays of text and objects are left out, not a reason to refuse a file."""
    state = torch.load(shared / "fixtures/fairseq/b_classifier/checkpoint.pt", weights_only=False)
    state["extra_state"] = {"name": np.str_("vålid"), "value": np.float32(0.5), "flag": np.bool_(True),
                            "names": np.array(["a", "bc"]), "mixed": np.array([1, None], dtype=object)}
    torch.save(state, tmp_path / "x.pt")
    einthoven("convert", tmp_path / "x.pt", tmp_path / "y.pt", check=True)
    extra = torch.load(tmp_path / "y.pt")["extra_state"]
    assert extra == {"name": "vålid", "value": 0.5, "flag": True, "names": None, "mixed": None}
