// The commands that need LibTorch: named here once, for the program `einthoven`, which lists and
// forwards them, and for `einthoven-model`, which runs them.
//
// Loading LibTorch costs half a second; commands on recordings, stores and labels start without it,
// and a build without LibTorch still has them.
#pragma once

#include <array>

#include "app/command.h"

namespace einthoven::app {

inline constexpr CommandName kConvert{
    "convert", "convert a checkpoint: reference .pt, native folder, .safetensors"};
inline constexpr CommandName kEmbed{"embed", "embeddings of ECG recordings"};
inline constexpr CommandName kEvaluate{
    "evaluate", "figures of a checkpoint on manifests, with confidence intervals"};
inline constexpr CommandName kInfer{"infer", "label probabilities of ECG recordings"};
inline constexpr CommandName kInspect{
    "inspect", "say what recordings, stores, manifests, checkpoints or recipes hold"};
inline constexpr CommandName kRecipes{"recipes", "list the built-in recipes, or print one"};
inline constexpr CommandName kReport{"report",
                                     "write an HTML page about runs: curves, metrics, pictures"};
inline constexpr CommandName kSaliency{"saliency", "where in a recording the model looks"};
inline constexpr CommandName kTrain{"train", "train a model as a recipe describes it"};
inline constexpr CommandName kVerify{
    "verify", "compare our models with tensors recorded from another implementation"};

inline constexpr std::array kModelCommandNames = {kConvert, kEmbed,  kEvaluate, kInfer, kInspect,
                                                  kRecipes, kReport, kSaliency, kTrain, kVerify};

void add_convert(Command root);
void add_embed(Command root);
void add_evaluate(Command root);
void add_infer(Command root);
void add_inspect(Command root);
void add_recipes(Command root);
void add_report(Command root);
void add_saliency(Command root);
void add_train(Command root);
void add_verify(Command root);

}  // namespace einthoven::app
