// Options that every command which runs a model on recordings shares.
#pragma once

#include <string>
#include <vector>

#include "app/command.h"
#include "einthoven/base/log.h"
#include "einthoven/infer/predict.h"

namespace einthoven::app {

struct ModelOptions {
  infer::ModelInputs model;
  std::vector<std::string> filters;
  std::string resampling = "linear", normalise = "lead-zscore", precision = "fp32";

  Command& declare(Command& command);
  infer::ModelInputs complete(const Globals& globals) const;
};

/// Warns of each failure; 3 if no recording was good, else 0.
int report_failures(const std::vector<infer::Failure>& failures, std::size_t good);

/// To the file (atomically), or to stdout if its name is empty.
void write_result(const std::string& output, const std::string& content);

}  // namespace einthoven::app
