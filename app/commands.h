// Every command of the program; the function of `add_X` is in X.cpp.
#pragma once

#include <vector>

#include "app/command.h"

namespace einthoven::app {

void add_convert(Command root);
void add_convert_recording(Command root);
void add_embed(Command root);
void add_evaluate(Command root);
void add_formats(Command root);
void add_infer(Command root);
void add_inspect(Command root);
void add_labels(Command root);
void add_manifest(Command root);
void add_plot(Command root);
void add_preprocess(Command root);
void add_recipes(Command root);
void add_report(Command root);
void add_saliency(Command root);
void add_score(Command root);
void add_simulate(Command root);
void add_store(Command root);
void add_train(Command root);
void add_verify(Command root);
void add_version(Command root);

inline const std::vector<void (*)(Command)> kCommands = {
    add_convert,    add_convert_recording,
    add_embed,      add_evaluate,
    add_formats,    add_infer,
    add_inspect,    add_labels,
    add_manifest,   add_plot,
    add_preprocess, add_recipes,
    add_report,     add_saliency,
    add_score,      add_simulate,
    add_store,      add_train,
    add_verify,     add_version,
};

}  // namespace einthoven::app
