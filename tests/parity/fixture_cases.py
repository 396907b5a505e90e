"""The configurations that record_fixtures.py records."""

MODEL = {"encoder_layers": 2, "encoder_embed_dim": 64, "encoder_ffn_embed_dim": 96,
         "encoder_attention_heads": 4, "conv_feature_layers": "[(32, 2, 2)] * 4", "conv_pos": 32,
         "conv_pos_groups": 16, "dropout": 0.1, "attention_dropout": 0.1, "dropout_input": 0.1,
         "dropout_features": 0.1, "apply_mask": True, "mask_prob": 0.65, "mask_length": 4,
         "feature_grad_mult": 0.1, "quantize_targets": True, "latent_vars": 8, "latent_groups": 2,
         "final_dim": 32, "num_negatives": 10}

NO_DROPOUT = {"dropout": 0.0, "attention_dropout": 0.0, "dropout_input": 0.0,
              "dropout_features": 0.0}

TRAINING = {"optimization": {"lr": [1e-3], "clip_norm": 0.0, "max_update": 20},
            "optimizer": {"_name": "adam", "adam_betas": "(0.9, 0.98)", "adam_eps": 1e-6,
                          "weight_decay": 0.01},
            "lr_scheduler": {"_name": "fixed"}}

LOG_KEYS = ["prob_perplexity", "code_perplexity", "temp"]
W2V = {"_name": "wav2vec2", "infonce": True, "loss_weights": [0.1, 10], "log_keys": LOG_KEYS}
W2V_CMSC = {**W2V, "_name": "wav2vec2_with_cmsc"}
BCE = {"_name": "binary_cross_entropy_with_logits"}
NO_QUANT = {"quantize_targets": False}


def w2v(criterion=W2V_CMSC, name="wav2vec2_cmsc", others=None, **model):
    return {"model": {"_name": name, **model}, "criterion": criterion, **(others or {})}


def plain(criterion, others=None, **model):
    base = {"_name": "ecg_transformer", "apply_mask": False, "mask_prob": 0.0}
    return {"model": {**base, **model}, "criterion": criterion, **(others or {})}


def classifier(criterion=BCE, others=None, **model):
    base = {"_name": "ecg_transformer_classifier", "num_labels": 7, "apply_mask": False,
            "mask_prob": 0.0, "feature_grad_mult": 1.0, "no_pretrained_weights": True}
    return {"model": {**base, **model}, "criterion": criterion, **(others or {})}


def arcface(scale, margin, others=None, **model):
    return classifier({"_name": "arcface", "scale": scale, "margin": margin}, others,
                      **{"_name": "arcface", **model})


def tiny(case, **model):
    """The same at a size that can be committed."""
    sizes = {"encoder_layers": 1, "encoder_embed_dim": 16, "encoder_ffn_embed_dim": 16,
             "encoder_attention_heads": 2, "conv_feature_layers": "[(8, 2, 2)] * 3", "in_d": 3,
             "conv_pos": 8, "conv_pos_groups": 4, "final_dim": 8, "num_negatives": 5,
             "mask_channel_length": 2}
    small = {**case, "model": {**sizes, **case["model"], **model}, "samples": 80}
    if "num_labels" in case["model"] and "trace" not in case:
        small["lengths"] = [80, 66]
    return small


CASES = {
    "w2v_base": w2v(),
    "w2v_plain_criterion": w2v(W2V, "wav2vec2"),
    "w2v_noquant": w2v({**W2V_CMSC, "loss_weights": [10]}, **NO_QUANT, mask_channel_prob=0.3),
    "w2v_noquant_plain": w2v({**W2V, "loss_weights": None}, "wav2vec2", **NO_QUANT,
                             mask_channel_prob=0.5, mask_channel_length=5, dropout_features=0.0),
    "w2v_everywhere": w2v({**W2V_CMSC, "loss_weights": [10]}, **NO_QUANT,
                          negatives_from_everywhere=True, cross_sample_negatives=3),
    "w2v_everywhere_plain": w2v({**W2V, "loss_weights": [10]}, "wav2vec2", **NO_QUANT,
                                negatives_from_everywhere=True, target_glu=True),
    "w2v_channels_only": w2v(mask_prob=0.0, mask_channel_prob=0.4),
    "w2v_nothing_masked": w2v(mask_prob=0.0),
    "w2v_layer_norm": w2v(extractor_mode="layer_norm", conv_bias=True, layer_norm_first=True,
                          target_glu=True, codebook_negatives=5, cross_sample_negatives=4),
    "w2v_codebook": w2v(codebook_negatives=20, logit_temp=0.3),
    "w2v_cross_only": w2v(num_negatives=0, cross_sample_negatives=7),
    "w2v_codebook_groups": w2v(latent_groups=4, latent_vars=3, codebook_negatives=9,
                               latent_dim=24, target_glu=True),
    "w2v_one_group": w2v(latent_groups=1, latent_vars=16, latent_dim=20,
                         latent_temp=[1.0, 0.1, 0.5]),
    "w2v_preln": w2v(layer_norm_first=True, encoder_layers=3, encoder_attention_heads=8),
    "w2v_same_width": w2v(conv_feature_layers="[(64, 2, 2)] * 4"),
    "w2v_convs": w2v(conv_feature_layers="[(24, 10, 5)] + [(40, 3, 2)] * 2 + [(48, 2, 1)]",
                     conv_bias=True, in_d=3, conv_pos=19, conv_pos_groups=4),
    "w2v_one_lead": w2v(in_d=1, conv_pos=1, conv_pos_groups=1, feature_grad_mult=1.0),
    "w2v_frozen_features": w2v(feature_grad_mult=0.0),
    "w2v_weights": w2v({**W2V_CMSC, "loss_weights": [0, 5], "cmsc_weights": 0.3, "temp": 0.5}),
    "w2v_weights_two": w2v({**W2V, "loss_weights": [0.2, 0], "log_keys": []}),
    "w2v_padded_loss": w2v(others={"loss_source": "in_source_padded"}),
    "w2v_padded_noquant": w2v({**W2V_CMSC, "loss_weights": [10]},
                              others={"loss_source": "in_source_padded"}, **NO_QUANT,
                              mask_channel_prob=0.3),
    "w2v_empty_row": w2v(others={"lengths": [500, 0, 300, 20]}),
    "w2v_no_padding": w2v(others={"lengths": [500] * 4}),
    "w2v_uniform": w2v(mask_selection="uniform", mask_other=1, saliency=True),
    "w2v_normal": w2v(mask_selection="normal", mask_other=2.0),
    "w2v_poisson": w2v(mask_selection="poisson"),
    "w2v_layerdrop": w2v(encoder_layerdrop=0.5, dropout=0.5, activation_dropout=0.3),
    "w2v_input_quantized": w2v(quantize_input=True, conv_feature_layers="[(64, 2, 2)] * 4"),
    "w2v_input_only": w2v(quantize_input=True, conv_feature_layers="[(64, 2, 2)] * 4", **NO_QUANT),
    "t_simclr": plain({"_name": "simclr", "temp": 0.5}),
    "t_cmsc": plain({"_name": "cmsc", "temp": 0.2}, layer_norm_first=True, saliency=True),
    "t_3kg": plain({"_name": "3kg", "temp": 0.05}, extractor_mode="layer_norm", conv_bias=True),
    "t_3kg_masked": plain({"_name": "3kg"}, apply_mask=True, mask_prob=0.65, conv_pos=7,
                          feature_grad_mult=0.0),
    "t_empty_row": plain({"_name": "simclr"}, others={"lengths": [500, 0, 300, 20]}),
    "c_base": classifier(saliency=True),
    "c_pos_weight": classifier({**BCE, "pos_weight": [0.5, 1, 2, 3, 4, 5, 6], "threshold": 0.3},
                               final_dropout=0.3),
    "c_frozen": classifier(freeze_finetune_updates=10),
    "c_features_frozen": classifier(feature_grad_mult=0.0, layer_norm_first=True, saliency=True),
    "c_masked": classifier(apply_mask=True, mask_prob=0.65, num_labels=1),
    "c_layer_norm": classifier(extractor_mode="layer_norm", conv_bias=True, num_labels=30,
                               others={"loss_source": "in_source_padded"}),
    "c_convs": classifier(conv_feature_layers="[(20, 5, 3), (36, 3, 2)]", in_d=2, conv_pos=15,
                          encoder_embed_dim=48, encoder_attention_heads=3, encoder_layers=1,
                          conv_pos_groups=3),
    "f_margin": arcface(64.0, 0.2, final_dropout=0.2),
    "f_wide_margin": arcface(16.0, 3.0, num_labels=3, layer_norm_first=True),
    "f_padded": arcface(32.0, 0.5, others={"loss_source": "in_source_padded"}),
    "f_frozen": arcface(30.0, 0.0, freeze_finetune_updates=5, extractor_mode="layer_norm"),
    "trace_noquant": w2v({**W2V_CMSC, "loss_weights": [10]}, others={"trace": True}, **NO_QUANT,
                         mask_channel_prob=0.3),
    "trace_layer_norm": w2v(others={"trace": True, "optimization": {"clip_norm": 2.0}},
                            extractor_mode="layer_norm", conv_bias=True, layer_norm_first=True,
                            target_glu=True, codebook_negatives=5, cross_sample_negatives=4),
    "trace_parts": w2v(others={"trace": True, "parts": 2, "lr_scheduler": {
        "_name": "step", "warmup_updates": 4, "lr_deacy_period": 5, "lr_decay": 0.5,
        "min_lr": 1e-5}}),
    "trace_anneal": classifier(others={"trace": True, "optimization": {"lr": [1e-3, 5e-4]},
                                       "lr_scheduler": {"_name": "fixed", "force_anneal": 4,
                                                        "lr_shrink": 0.5, "warmup_updates": 3}},
                               freeze_finetune_updates=7),
    "trace_tri_stage": classifier({**BCE, "pos_weight": [1, 2, 3, 4, 5, 6, 7]},
                                  others={"trace": True, "parts": 2, "lr_scheduler": {
                                      "_name": "tri_stage", "phase_ratio": [0.1, 0.4, 0.5]}},
                                  layer_norm_first=True, feature_grad_mult=0.0),
}

TINY = {
    "noquant": ("w2v_noquant", {}),
    "everywhere": ("w2v_everywhere", {}),
    "layer_norm": ("w2v_layer_norm", {}),
    "weights": ("w2v_weights", {}),
    "input": ("w2v_input_only", {"conv_feature_layers": "[(16, 2, 2)] * 3"}),
    "3kg": ("t_3kg", {}),
    "classifier": ("c_features_frozen", {}),
    "arcface": ("f_wide_margin", {}),
    "trace": ("trace_layer_norm", {"codebook_negatives": 2}),
    "trace_step": ("trace_parts", {}),
}
CASES.update({f"tiny_{name}": tiny(CASES[case], **model) for name, (case, model) in TINY.items()})
