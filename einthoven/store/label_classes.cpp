#include <fmt/core.h>

#include <array>
#include <utility>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/label_table.h"

namespace einthoven::store {
namespace {

/// SNOMED CT codes and names of the scored classes; '|' joins those that are scored as one.
constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kChallenge2021 = {{
    {"164889003", "AF"},
    {"164890007", "AFL"},
    {"6374002", "BBB"},
    {"426627000", "Brady"},
    {"733534002|164909002", "CLBBB|LBBB"},
    {"713427006|59118001", "CRBBB|RBBB"},
    {"270492004", "IAVB"},
    {"713426002", "IRBBB"},
    {"39732003", "LAD"},
    {"445118002", "LAnFB"},
    {"164947007", "LPR"},
    {"251146004", "LQRSV"},
    {"111975006", "LQT"},
    {"698252002", "NSIVCB"},
    {"426783006", "NSR"},
    {"284470004|63593006", "PAC|SVPB"},
    {"10370003", "PR"},
    {"365413008", "PRWP"},
    {"427172004|17338001", "PVC|VPB"},
    {"164917005", "QAb"},
    {"47665007", "RAD"},
    {"427393009", "SA"},
    {"426177001", "SB"},
    {"427084000", "STach"},
    {"164934002", "TAb"},
    {"59931005", "TInv"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kCpsc2018 = {{
    {"426783006", "Normal"},
    {"164889003", "AF"},
    {"270492004", "I-AVB"},
    {"164909002|733534002", "LBBB"},
    {"59118001|713427006", "RBBB"},
    {"284470004|63593006", "PAC"},
    {"164884008|427172004|17338001", "PVC"},
    {"429622005", "STD"},
    {"164931005", "STE"},
}};

/// Adds one class, or one for each code; `where` names the table in errors.
void add_class(LabelClasses& classes, std::string_view codes, std::string_view names,
               bool uncombined, const std::string& where) {
  std::vector<std::string> code_list;
  for (const auto code : split(codes, '|')) code_list.emplace_back(trim(code));
  if (!uncombined) {
    classes.names.emplace_back(names);
    classes.codes.push_back(std::move(code_list));
    return;
  }
  const auto name_list = split(names, '|');
  if (name_list.size() != code_list.size())
    throw data_error(where, names, "has another number of names than of codes");
  for (std::size_t i = 0; i < code_list.size(); ++i) {
    classes.names.emplace_back(trim(name_list[i]));
    classes.codes.push_back({code_list[i]});
  }
}

}  // namespace

LabelClasses challenge_2021_classes(bool uncombined) {
  LabelClasses classes;
  for (const auto& [codes, names] : kChallenge2021)
    add_class(classes, codes, names, uncombined, "Challenge 2021");
  return classes;
}

LabelClasses read_challenge_classes(const fs::path& weights, const fs::path& abbreviations,
                                    bool uncombined) {
  const CsvTable codes = read_csv(weights);
  const CsvTable names = read_csv(abbreviations);
  if (codes.rows.size() != names.rows.size())
    throw data_error(abbreviations.string(), "rows",
                     fmt::format("disagree with {} (got {}, want {})", weights.string(),
                                 names.rows.size(), codes.rows.size()));
  LabelClasses classes;
  for (std::size_t r = 0; r < codes.rows.size(); ++r)
    add_class(classes, codes.rows[r][0], names.rows[r][0], uncombined, abbreviations.string());
  return classes;
}

LabelClasses cpsc_2018_classes() {
  LabelClasses classes;
  for (const auto& [codes, name] : kCpsc2018) add_class(classes, codes, name, false, "CPSC2018");
  return classes;
}

LabelClasses plain_classes(const std::vector<std::string>& names) {
  LabelClasses classes;
  for (const std::string& name : names) {
    classes.names.push_back(name);
    classes.codes.push_back({name});
  }
  return classes;
}

}  // namespace einthoven::store
