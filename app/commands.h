// The commands that need no LibTorch; the function of `add_X` is in X.cpp.
#pragma once

#include <vector>

#include "app/command.h"

namespace einthoven::app {

void add_check(Command root);
void add_convert_recording(Command root);
void add_formats(Command root);
void add_label(Command root);
void add_labels(Command root);
void add_launch(Command root);
void add_manifest(Command root);
void add_plot(Command root);
void add_preprocess(Command root);
void add_questions(Command root);
void add_score(Command root);
void add_simulate(Command root);
void add_store(Command root);
void add_version(Command root);

inline const std::vector<void (*)(Command)> kCommands = {
    add_check,  add_convert_recording, add_formats, add_label,      add_labels,
    add_launch, add_manifest,          add_plot,    add_preprocess, add_questions,
    add_score,  add_simulate,          add_store,   add_version,
};

}  // namespace einthoven::app
