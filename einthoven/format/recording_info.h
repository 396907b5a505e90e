// What a recording says besides its samples, as JSON: for containers of arrays, which have no
// fields of their own for it (.npy with a .json beside it, .npz, .mat, .csv).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/signal/recording.h"

namespace einthoven::format {

/// Parts of a recording's info.
struct InfoParts {
  bool comments = true;
  bool statements = true;
  bool device = true;
  bool annotations = true;
  bool time = true;
};

/// Whether anything of a device is known.
bool is_known(const signal::Device& device);

/// Keys `comments`, `statements`, `base_date`, `base_time`, `device`, `annotations`; those of empty
/// parts are left out. Notes and patient data never are in it.
nlohmann::ordered_json info_to_json(const signal::RecordingInfo& info);
/// As one line of text; empty if there is nothing to say.
std::string info_text(const signal::RecordingInfo& info);

/// Takes those keys over. Data error naming `source` for a value of another kind.
void take_info(const nlohmann::ordered_json& json, const std::string& source,
               signal::Recording& recording);
/// The same from text; data error if it is no JSON object. Empty text: nothing.
void take_info_text(std::string_view text, const std::string& source, signal::Recording& recording);

/// A mark as one text, for formats that have no more for it: its own text, else its symbol.
std::string mark_text(const signal::Annotation& mark);
/// The inverse as far as it goes: one character is a symbol, longer texts are comments (`"`).
signal::Annotation mark_of_text(std::int64_t sample, const std::string& text);

/// One text for each part that the recording has and `kept` does not name.
std::vector<std::string> lost_parts(const signal::RecordingInfo& info, const InfoParts& kept);

}  // namespace einthoven::format
