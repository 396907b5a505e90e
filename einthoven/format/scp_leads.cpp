#include "einthoven/format/scp_leads.h"

#include <array>

#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

/// In the order of kStandardLeads.
constexpr std::array<int, 12> kCodes = {1, 2, 61, 62, 63, 64, 3, 4, 5, 6, 7, 8};

}  // namespace

std::string scp_lead_name(int code) {
  for (std::size_t i = 0; i < kCodes.size(); ++i)
    if (kCodes[i] == code) return std::string(signal::kStandardLeads[i]);
  return {};
}

int scp_lead_code(const std::string& name) {
  const auto index = signal::standard_lead_index(name);
  return index ? kCodes[static_cast<std::size_t>(*index)] : 0;
}

}  // namespace einthoven::format
