"""`einthoven infer`, `embed`, `saliency`: recordings in, probabilities, vectors and pictures out."""

import csv
import io
import json

import h5py
import numpy as np
import pytest
import scipy.io

LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]


@pytest.fixture(scope="module")
def checkpoint(shared):
    return shared / "fixtures/fairseq/run_finetune/ckpt/checkpoint_best.pt"


@pytest.fixture(scope="module")
def recordings(shared):
    return sorted((shared / "data/code15_ecgfm/org").glob("*.mat"))


@pytest.fixture(scope="module")
def logits(checkpoint, shared):
    """Logits of the shipped segments by PyTorch, from the state dict alone."""
    torch = pytest.importorskip("torch")
    state = torch.load(checkpoint, map_location="cpu", weights_only=False)["model"]
    return lambda name: forward(torch, state, shared / "data/code15_ecgfm/segmented" / name)


def forward(torch, state, path):
    functional = torch.nn.functional
    x = torch.tensor(scipy.io.loadmat(path)["feats"], dtype=torch.float32)[None]
    p = "encoder."
    for i in range(4):
        x = functional.conv1d(x, state[f"{p}feature_extractor.conv_layers.{i}.0.weight"], stride=2)
        if i == 0:
            norm = f"{p}feature_extractor.conv_layers.0.2."
            x = functional.group_norm(x, x.shape[1], state[norm + "weight"], state[norm + "bias"])
        x = functional.gelu(x)
    x = x.transpose(1, 2)
    x = functional.layer_norm(x, x.shape[-1:], state[p + "layer_norm.weight"],
                              state[p + "layer_norm.bias"])
    x = functional.linear(x, state[p + "post_extract_proj.weight"],
                          state[p + "post_extract_proj.bias"])
    conv = p + "conv_pos.pos_conv.0."
    g, v = (state[conv + f"parametrizations.weight.original{i}"] for i in (0, 1))
    weight = g * v / v.norm(dim=(0, 1), keepdim=True)
    kernel = weight.shape[-1]
    y = functional.conv1d(x.transpose(1, 2), weight, state[conv + "bias"], padding=kernel // 2,
                          groups=16)
    x = x + functional.gelu(y[..., :-1]).transpose(1, 2)
    x = layer_norm(functional, state, p + "encoder.layer_norm.", x)
    for i in range(2):
        x = layer(torch, functional, state, f"{p}encoder.layers.{i}.", x)
    pooled = x.sum(1) / (x != 0).sum(1)
    return functional.linear(pooled, state["proj.weight"], state["proj.bias"])[0].numpy()


def layer_norm(functional, state, prefix, x):
    return functional.layer_norm(x, x.shape[-1:], state[prefix + "weight"], state[prefix + "bias"])


def layer(torch, functional, state, p, x):
    def linear(name, value):
        return functional.linear(value, state[p + name + ".weight"], state[p + name + ".bias"])

    def heads(value):
        return value.view(1, -1, 4, 16).transpose(1, 2)

    q, k, v = (heads(linear(f"self_attn.{n}_proj", x)) for n in "qkv")
    attention = torch.softmax(q @ k.transpose(2, 3) / 4, -1) @ v
    attention = attention.transpose(1, 2).reshape(1, -1, 64)
    x = layer_norm(functional, state, p + "self_attn_layer_norm.",
                   x + linear("self_attn.out_proj", attention))
    return layer_norm(functional, state, p + "final_layer_norm.",
                      x + linear("fc2", functional.gelu(linear("fc1", x))))


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=np.float64)))


def test_probabilities_are_those_of_the_python_chain(einthoven, checkpoint, recordings, logits):
    done = einthoven("infer", *recordings, "--checkpoint", checkpoint, check=True)
    result = json.loads(done.stdout)
    assert result["failed"] == [] and len(result["recordings"]) == len(recordings)
    for row, path in zip(result["recordings"], recordings):
        want = np.mean([sigmoid(logits(f"{path.stem}_{i}.mat")) for i in range(row["segments"])], 0)
        assert row["name"] == str(path)
        np.testing.assert_allclose(list(row["probabilities"].values()), want, atol=1e-4)


@pytest.mark.parametrize("options", [
    ["--filters", "notch:50,bandpass:0.5:40,wavelet"],
    ["--filters", "highpass:0.5", "--normalise", "recording-minmax", "--norm-eps", "1e-6"],
    ["--normalise", "off"], ["--rate", "250", "--resample", "spline", "--normalise", "lead-minmax"]])
def test_recordings_are_prepared_as_those_of_a_store(einthoven, checkpoint, shared, tmp_path, options):
    """The same options for `preprocess` and `infer` give the same segments, and so probabilities."""
    records = sorted((shared / "data/ptbxl_1.0.3_subset/records500").rglob("*_hr.hea"))[:4]
    rate = options[1] if options[0] == "--rate" else "500"
    for record in records:
        for path in (record, record.with_suffix(".dat")):
            (tmp_path / "raw").mkdir(exist_ok=True)
            (tmp_path / "raw" / path.name).write_bytes(path.read_bytes())
    store = tmp_path / "s.ecgstore"
    einthoven("preprocess", "folder", tmp_path / "raw", "--dest", store, *options, check=True)
    model = ["--checkpoint", checkpoint, "--rate", rate]
    stored = json.loads(einthoven("infer", store, *model, "--aggregate", "none", check=True).stdout)["recordings"]
    options = [o for o in options if o not in ("--rate", "250")]
    raw = json.loads(einthoven("infer", tmp_path / "raw", *model, *options, "--aggregate", "none",
                               check=True).stdout)["recordings"]
    assert len(raw) == len(stored) == 8
    for a, b in zip(raw, stored):
        np.testing.assert_allclose(list(a["probabilities"].values()), list(b["probabilities"].values()), atol=1e-5)
    plain = json.loads(einthoven("infer", tmp_path / "raw", *model, "--aggregate", "none", check=True).stdout)
    assert any(abs(x - y) > 1e-4 for a, b in zip(raw, plain["recordings"])
               for x, y in zip(a["probabilities"].values(), b["probabilities"].values()))


def test_forms_agree_and_aggregations_differ_as_they_should(
        einthoven, checkpoint, recordings, tmp_path):
    base = ["infer", recordings[0].parent, "--checkpoint", checkpoint]
    table = list(csv.DictReader(io.StringIO(
        einthoven(*base, "--format", "csv", check=True).stdout)))
    einthoven(*base, "--format", "npy", "--output", tmp_path / "p.npy", check=True)
    values = np.load(tmp_path / "p.npy")
    assert values.dtype == np.float32 and values.shape == (6, 26)
    assert [float(row["label_3"]) for row in table] == pytest.approx(values[:, 3])
    segments = json.loads(einthoven(*base, "--aggregate", "none", check=True).stdout)["recordings"]
    largest = json.loads(einthoven(*base, "--aggregate", "max", check=True).stdout)["recordings"]
    assert len(segments) == 9
    for row in largest:
        own = [s["probabilities"]["label_3"] for s in segments
               if s["name"].startswith(row["name"] + "#")]
        assert len(own) == row["segments"]
        assert row["probabilities"]["label_3"] == max(own)


def test_leads_are_found_by_name(einthoven, checkpoint, recordings, tmp_path):
    signal = scipy.io.loadmat(recordings[0])["feats"]
    order = [3, 11, 0, 7, 5, 1, 10, 2, 4, 9, 6, 8]
    np.save(tmp_path / "shuffled.npy", signal[order])
    straight = json.loads(einthoven("infer", recordings[0], "--checkpoint", checkpoint,
                                    check=True).stdout)
    shuffled = json.loads(einthoven(
        "infer", tmp_path / "shuffled.npy", "--checkpoint", checkpoint, "--input-rate", 400,
        "--lead-names", ",".join(LEADS[i] for i in order), check=True).stdout)
    assert (shuffled["recordings"][0]["probabilities"]
            == straight["recordings"][0]["probabilities"])


def test_bad_recordings_are_left_out_with_a_reason(einthoven, checkpoint, recordings, tmp_path):
    signal = scipy.io.loadmat(recordings[0])["feats"]
    broken = signal.copy()
    broken[2, 5] = np.nan
    np.save(tmp_path / "broken.npy", broken)
    np.save(tmp_path / "brief.npy", signal[:, :400])
    arguments = ["--checkpoint", checkpoint, "--input-rate", 400, "--lead-names", ",".join(LEADS)]
    inputs = [tmp_path / "broken.npy", tmp_path / "brief.npy"]
    done = einthoven("infer", recordings[0], *inputs, *arguments)
    assert done.returncode == 0
    result = json.loads(done.stdout)
    assert len(result["recordings"]) == 1
    reasons = [failure["reason"] for failure in result["failed"]]
    assert "lead III: 1 of" in reasons[0] and "too short" in reasons[1]
    assert "2 of 3 recordings left out" in done.stderr
    assert einthoven("infer", *inputs, *arguments).returncode == 3


def test_a_folder_and_files_of_several_recordings(einthoven, checkpoint, tmp_path):
    """Every exam of every part by its name; the table of labels beside them is none."""
    einthoven("simulate", tmp_path / "code", "--as", "code-15", "--count", 4, check=True)
    parts = sorted((tmp_path / "code").glob("*.hdf5"))
    exams = [f"{part}::{int(exam)}" for part in parts for exam in h5py.File(part)["exam_id"][:]]
    infer = ["infer", "--checkpoint", checkpoint, "--format", "json"]
    in_folder = json.loads(einthoven(*infer, tmp_path / "code", check=True).stdout)
    assert sorted(row["name"] for row in in_folder["recordings"] + in_folder["failed"]) == sorted(exams)
    assert all("every lead is constant" in row["reason"] for row in in_folder["failed"])  # the parts' empty rows
    assert json.loads(einthoven(*infer, *parts, check=True).stdout) == in_folder
    for row in in_folder["recordings"]:
        alone, = json.loads(einthoven(*infer, row["name"], check=True).stdout)["recordings"]
        assert alone["name"] == row["name"]
        assert alone["probabilities"] == pytest.approx(row["probabilities"], abs=1e-5)


def test_missing_leads_are_zero_with_a_note(einthoven, checkpoint, recordings, tmp_path):
    np.save(tmp_path / "limb.npy", scipy.io.loadmat(recordings[0])["feats"][:2])
    done = einthoven("infer", tmp_path / "limb.npy", "--checkpoint", checkpoint, "--input-rate",
                     400, "--lead-names", "I,II", check=True)
    assert any("V6" in note for note in json.loads(done.stdout)["recordings"][0]["notes"])


def test_constant_leads_are_told(einthoven, checkpoint, recordings, tmp_path):
    signal = scipy.io.loadmat(recordings[0])["feats"].copy()
    signal[3] = 0.25
    np.save(tmp_path / "one.npy", signal)
    np.save(tmp_path / "all.npy", np.full_like(signal, 0.25))
    done = einthoven("infer", tmp_path / "one.npy", tmp_path / "all.npy", "--checkpoint", checkpoint,
                     "--input-rate", 400, "--lead-names", ",".join(LEADS), check=True)
    result = json.loads(done.stdout)
    assert result["recordings"][0]["notes"] == ["lead aVR: constant"]
    assert "every lead is constant" in result["failed"][0]["reason"]


def test_results_go_to_new_folders_or_nothing_is_computed(einthoven, checkpoint, recordings, tmp_path):
    einthoven("infer", recordings[0], "--checkpoint", checkpoint, "--output", tmp_path / "new/p.json", check=True)
    assert json.loads((tmp_path / "new/p.json").read_text())["failed"] == []
    done = einthoven("infer", recordings[0], "--checkpoint", checkpoint, "--output", tmp_path / "new")
    assert done.returncode == 4 and "is a folder" in done.stderr and "recordings:" not in done.stderr


def test_label_names(einthoven, checkpoint, recordings, shared, tmp_path):
    names = [f"diagnosis {i}" for i in range(26)]
    (tmp_path / "label_def.csv").write_text("name\n" + "\n".join(names) + "\n")
    done = einthoven("infer", recordings[0], "--checkpoint", checkpoint, "--labels",
                     tmp_path / "label_def.csv", check=True)
    assert json.loads(done.stdout)["labels"] == names
    wrong = einthoven("infer", recordings[0], "--checkpoint", checkpoint, "--labels",
                      shared / "data/code15_ecgfm/label_def.csv")
    assert wrong.returncode == 3 and "26 outputs" in wrong.stderr


def test_embeddings_of_pretrained_and_fine_tuned_models(einthoven, shared, recordings, tmp_path):
    for name in ("run_pretrain/ckpt/checkpoint_last.pt", "run_finetune/ckpt/checkpoint_best.pt"):
        einthoven("embed", *recordings, "--checkpoint", shared / "fixtures/fairseq" / name,
                  "--output", tmp_path / "e.npy", "--per-segment", check=True)
        rows = np.load(tmp_path / "e.npy")
        assert rows.shape == (9, 64) and np.isfinite(rows).all()
        einthoven("embed", *recordings, "--checkpoint", shared / "fixtures/fairseq" / name,
                  "--output", tmp_path / "m.npy", check=True)
        assert np.load(tmp_path / "m.npy").shape == (6, 64)
    arcface = shared / "fixtures/fairseq/c_arcface/checkpoint.pt"
    einthoven("embed", *recordings, "--checkpoint", arcface, "--output", tmp_path / "a.npy",
              check=True)
    np.testing.assert_allclose(np.linalg.norm(np.load(tmp_path / "a.npy"), axis=1), 1, atol=1e-5)


def test_saliency_draws_each_recording(einthoven, checkpoint, recordings, tmp_path):
    done = einthoven("saliency", *recordings[:2], "--checkpoint", checkpoint, "--output", tmp_path,
                     "--picture", "svg", check=True)
    for path in recordings[:2]:
        values = np.load(tmp_path / f"{path.stem}.npy")
        assert values.shape[1] == 156 and (values > 0).all() and (values <= 1).all()
        assert "<svg" in (tmp_path / f"{path.stem}.svg").read_text()[:400]
    assert len(done.stdout.splitlines()) == 4
    (tmp_path / "broken.hea").write_text("broken\n")
    done = einthoven("saliency", recordings[0], tmp_path / "broken.hea", "--checkpoint", checkpoint,
                     "--output", tmp_path)
    assert done.returncode == 0 and "1 of 2 recordings left out" in done.stderr
    late = einthoven("saliency", *recordings[:2], "--checkpoint", checkpoint, "--output", tmp_path / "late",
                     "--start", 1000)
    assert late.returncode == 3 and late.stderr.count("too short to start at 1000 s") == 2
    assert not list((tmp_path / "late").iterdir())


def test_help_has_examples_and_mistakes_are_named(einthoven, checkpoint, recordings, tmp_path):
    for command in ("infer", "embed", "saliency", "evaluate", "recipes"):
        assert "Example" in einthoven(command, "--help", check=True).stdout
    pretrained = checkpoint.parent.parent.parent / "run_pretrain/ckpt/checkpoint_last.pt"
    done = einthoven("infer", recordings[0], "--checkpoint", pretrained)
    assert done.returncode == 2 and "einthoven embed" in done.stderr
    done = einthoven("infer", recordings[0], "--checkpoint", checkpoint, "--cuda-graphs")
    assert done.returncode == 2 and "got --device cpu" in done.stderr
    for device, problem in (("tpu", "want cpu, cuda or cuda:N, got tpu"), ("mps", "mps is not available here"),
                            ("cuda:99", "cuda:99 is not available here")):
        for command in (("infer", recordings[0], "--checkpoint", checkpoint),
                        ("train", "--config-name", "w2v_cmsc_rlm", f"task.data={tmp_path}")):
            done = einthoven(*command, "--device", device)
            assert done.returncode == 2 and f"--device: {problem}" in done.stderr
    for option, value in (("--batch-size", "0"), ("--segment", "-5"), ("--threads", "-1"), ("--rate", "nan")):
        done = einthoven("infer", recordings[0], "--checkpoint", checkpoint, option, value)
        assert done.returncode == 2 and f"{option}: want a number" in done.stderr
    assert einthoven("infer", tmp_path / "no.hea", "--checkpoint", checkpoint).returncode == 4
    assert einthoven("infer", recordings[0], "--checkpoint", tmp_path / "no.pt").returncode in (3, 4)
