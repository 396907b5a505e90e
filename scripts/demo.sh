#!/usr/bin/env bash
# The main job from end to end on a small corpus; ends with demo/report.html.
#   scripts/demo.sh          on simulated recordings
#   scripts/demo.sh DATA     on a folder of WFDB recordings with "#Dx:" headers
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:-}
out=demo
rm -rf "$out"
mkdir -p "$out"
log=$out/commands.txt

# Training runs on one thread: models this small gain nothing from more, and lose much when other
# programs compete for the cores.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}

# Shows a command, notes it for the report, and runs it.
run() {
  printf '\n$ einthoven %s\n' "$*" >&2
  printf 'einthoven %s\n' "$*" >>"$log"
  build/einthoven "$@"
}

small=(++model.encoder_embed_dim=128 ++model.encoder_layers=3 ++model.encoder_ffn_embed_dim=256
  ++model.encoder_attention_heads=4 ++model.conv_pos=32 '++model.conv_feature_layers="[(64, 2, 2)] * 4"')

if [[ -z $data ]]; then
  data=$out/corpus
  run simulate "$data" --count 320 --seconds 10 --seed 1
fi
run preprocess physionet2021 "$data" --dest "$out/corpus.ecgstore"
run manifest split "$out/corpus.ecgstore" --dest "$out/manifests" --fractions 0.7,0.1,0.2 --seed 1
run manifest clocs "$out/manifests" --dest "$out/manifests" --pairs cmsc
run labels build "$out/corpus.ecgstore" --dest "$out/labels"
labels=$(($(wc -l <"$out/labels/label_def.csv") - 1))

run train --threads 1 --config-name w2v_cmsc_rlm task.data="$out/manifests/cmsc" "${small[@]}" \
  model.final_dim=64 +model.latent_vars=64 +model.num_negatives=50 \
  dataset.batch_size=16 dataset.num_workers=2 distributed_training.distributed_world_size=1 \
  optimization.max_epoch=6 'optimization.lr=[5e-4]' 'optimization.update_freq=[1]' \
  common.log_interval=5 common.log_format=simple checkpoint.save_dir="$out/pretrain"

classify=(--threads 1 --config-name diagnosis task.data="$out/manifests" "${small[@]}"
  model.num_labels="$labels" +task.label_file="$out/labels/y.npy" criterion.weights_file=null
  dataset.batch_size=32 dataset.num_workers=2 distributed_training.distributed_world_size=1
  dataset.valid_subset=valid optimization.max_epoch=8 'optimization.lr=[1e-3]'
  model.feature_grad_mult=0.1 common.log_interval=5 common.log_format=simple
  checkpoint.best_checkpoint_metric=auroc checkpoint.maximize_best_checkpoint_metric=true)
run train "${classify[@]}" model.model_path="$out/pretrain/checkpoint_last" checkpoint.save_dir="$out/finetune"
run train "${classify[@]}" model.no_pretrained_weights=true model.model_path=null checkpoint.save_dir="$out/scratch"

for which in finetune scratch; do
  run evaluate --checkpoint "$out/$which/checkpoint_best" --data "$out/manifests" --subset test \
    --labels "$out/labels/label_def.csv" --format json >"$out/$which.json"
done

record=$(find -L "$data" -name '*.hea' | sort | sed -n 1p)
run infer --checkpoint "$out/finetune/checkpoint_best" "$record" --labels "$out/labels/label_def.csv" \
  --output "$out/prediction.json" --format json
run saliency --checkpoint "$out/finetune/checkpoint_best" "$record" --output "$out/saliency" --picture png
picture=$(find "$out/saliency" -name '*.png' | sort | sed -n 1p)
run report --title "Einthoven demo" --output "$out/report.html" --commands "$log" \
  --evaluation "fine-tuned=$out/finetune.json" --evaluation "from scratch=$out/scratch.json" \
  --picture "A recording on millimetre paper; red: where the model looks=$picture" \
  --run "pretraining=$out/pretrain" --run "fine-tuning=$out/finetune" --run "from scratch=$out/scratch"
echo "done: $out/report.html" >&2
