// The "#Age: 47", "#Sex: Male", "#Dx: 426783006,..." lines of Challenge headers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "einthoven/corpus/extract.h"
#include "einthoven/store/writer.h"

namespace einthoven::corpus {

using KeyValues = std::vector<std::pair<std::string, std::string>>;

/// What the reference's table takes from the comments, sorted by key: the last comment and comments
/// with an apostrophe are not seen, "Unknown" is empty, the first value of a key counts.
KeyValues reference_comment_fields(const std::vector<std::string>& comments);

/// Puts age, sex ("1" female, "0" male) and the diagnosis codes (labels of kind "dx") of all
/// comments into the entry. A record may name its patient in a "Patient" comment.
void read_challenge_comments(const std::vector<std::string>& comments, store::RecordEntry& entry);

/// The same for a recording that has been read: a Corpus::describe.
void read_challenge_header(const Extract& extract, store::RecordEntry& entry);

/// "1" for Female, "0" for Male, else empty.
std::string sex_code(const std::string& text);

}  // namespace einthoven::corpus
