// What corpora write into the comments of WFDB headers: a line for each comment.
#include "einthoven/base/strings.h"
#include "einthoven/corpus/challenge_comments.h"
#include "einthoven/corpus/header_comments.h"
#include "einthoven/corpus/ludb_statements.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> comments;
  for (const std::string_view line : split_lines(fuzz::text_of(data, size)))
    comments.emplace_back(line);
  fuzz::try_parse([&] {
    store::RecordEntry entry;
    corpus::read_header_comments(comments, "dx", entry);
  });
  fuzz::try_parse([&] {
    store::RecordEntry entry;
    corpus::read_challenge_comments(comments, entry);
    corpus::reference_comment_fields(comments);
  });
  return fuzz::try_parse([&] { corpus::ludb_labels(comments); });
}
