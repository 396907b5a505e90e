// Every key of a schema as text: for `--help` and for docs/config.md.
#pragma once

#include <string>

#include "einthoven/config/schema.h"

namespace einthoven::config {

/// Plain text, one line a key: `dataset.batch_size  int? = null  most items in a batch`.
/// Fields that several choices of a group share are listed once, under the first of them.
std::string help_text(const Schema& schema);

/// The same as Markdown tables, a section a group and choice.
std::string help_markdown(const Schema& schema);

}  // namespace einthoven::config
