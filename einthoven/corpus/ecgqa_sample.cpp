#include "einthoven/corpus/ecgqa_sample.h"

#include <fmt/core.h>

#include <cmath>
#include <map>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/base/numpy_random.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/mat.h"

namespace einthoven::corpus {
namespace {

std::int64_t question_type(const fs::path& file) {
  const auto mat = format::read_mat(file);
  const auto values = mat.at("question_type3").as_int64();
  if (values.size() != 1) throw data_error(file.string(), "question_type3", "is not one number");
  return values[0];
}

}  // namespace

std::int64_t sample_questions(const QuestionSampleOptions& options) {
  if (!(options.share > 0) || options.share > 1)
    throw usage_error(fmt::format("share: want more than 0, at most 1 (got {})", options.share));
  const fs::path manifest = options.data / (options.subset + ".tsv");
  const std::string text = read_file(manifest);
  const auto lines = split_lines(text);
  if (lines.empty()) throw data_error(manifest.string(), "line 1", "no root folder");
  const fs::path root = std::string(trim(lines[0]));
  std::map<std::int64_t, std::vector<std::string_view>> rows_of_type;
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (!trim(lines[i]).empty())
      rows_of_type[question_type(root / split(lines[i], '\t').front())].push_back(lines[i]);
  PythonRandom random(options.seed);
  std::string sampled = std::string(trim(lines[0])) + "\n";
  std::int64_t count = 0;
  for (const auto& [type, rows] : rows_of_type) {
    const double wanted = static_cast<double>(rows.size()) * options.share;
    for (const std::size_t row :
         random.sample(rows.size(), static_cast<std::size_t>(std::nearbyint(wanted)))) {
      sampled += std::string(rows[row]) + "\n";
      ++count;
    }
  }
  write_file_atomically(options.data / (options.subset + "_sampled.tsv"), sampled);
  return count;
}

}  // namespace einthoven::corpus
