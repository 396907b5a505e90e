// What one diagnosis is called in SNOMED CT, SCP-ECG (PTB-XL), AHA and Minnesota codes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace einthoven::store {

/// A row of the map. A cell can hold several codes joined by '|', the preferred one first: the
/// alternatives mean the same, or something finer that this row is the nearest to.
struct CodeRow {
  std::string_view name;
  std::string_view snomed;     ///< as the PhysioNet Challenges code it; never empty
  std::string_view scp;        ///< PTB-XL statements; "axis:LAD" is its column heart_axis
  std::string_view aha;        ///< AHA/ACC/HRS 2007 statements (SPH): "147+367" needs the modifier
  std::string_view minnesota;  ///< Minnesota code, e.g. "7-2-1"
};

/// SNOMED CT and SCP-ECG rows follow the Challenge's own translation of PTB-XL (its counts and
/// records agree with this table) but for PVC, which the Challenge coded 164884008 there and did
/// not score; AHA codes are those of Kligfield et al. 2007, Mason et al. 2007
/// and SPH (Liu et al. 2022); Minnesota codes those of Prineas et al. 2010.
std::span<const CodeRow> code_map();

enum class CodeSystem { snomed, scp, aha, minnesota };

/// "snomed" or "dx", "scp", "aha", "minnesota"; nothing for another kind of label.
std::optional<CodeSystem> parse_code_system(std::string_view kind);

/// The cell of a row.
std::string_view codes_in(const CodeRow& row, CodeSystem system);

/// The row that has the code, or null. An AHA code with modifiers ("50+346") falls back to the
/// statement itself ("50"), a Minnesota code ("7-2-1-0") to the longest prefix in the table.
const CodeRow* find_code(CodeSystem system, std::string_view code);

/// The SNOMED CT code; SNOMED CT codes come back as they are, also those that the map does not
/// know. Empty if the code has no row.
std::string snomed_code(CodeSystem system, std::string_view code);

/// "name,snomed,scp,aha,minnesota,cinc2021" lines; the last is the scored class of the Challenge.
/// `codes` ("scp:CLBBB", "164909002") choose rows; empty:
/// all. Usage error for an unknown code.
std::string code_map_csv(std::span<const std::string> codes);

}  // namespace einthoven::store
