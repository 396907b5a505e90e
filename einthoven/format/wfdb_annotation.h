// WFDB annotation files in the MIT format (annot(5) of the WFDB Applications Guide).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/signal/recording.h"

namespace einthoven::format {

/// One line of the table of annotation codes.
struct AnnotationCode {
  int code;
  std::string_view symbol;
  std::string_view mnemonic;
  std::string_view description;
  bool is_beat;  ///< marks a QRS complex
};

/// All standard codes in ascending order.
std::span<const AnnotationCode> annotation_codes();
/// The entry of a symbol such as "N" or "(", or nothing.
const AnnotationCode* find_annotation_symbol(std::string_view symbol);

/// A code that a file defines for itself.
struct AnnotationDefinition {
  int code = 0;
  std::string symbol;
  std::string description;
};

struct WfdbAnnotations {
  std::vector<signal::Annotation> items;  ///< in file order; unknown codes get the symbol "[code]"
  std::optional<double> rate_hz;          ///< time resolution, if the file states it
  std::vector<AnnotationDefinition> definitions;
};

/// Data error on truncated bytes; `source` names them.
WfdbAnnotations parse_wfdb_annotations(Bytes bytes, const std::string& source);
/// Reads e.g. `100.atr`.
WfdbAnnotations read_wfdb_annotations(const fs::path& path);

/// The bytes of a file; symbols that are not in the table are defined in the file itself. Data
/// error for a text over 255 bytes or a sample number that goes back by more than 31 bits.
std::string wfdb_annotation_bytes(const WfdbAnnotations& annotations);
void write_wfdb_annotations(const fs::path& path, const WfdbAnnotations& annotations,
                            Sync sync = Sync::now);

}  // namespace einthoven::format
