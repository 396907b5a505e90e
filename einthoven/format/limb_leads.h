// The limb leads that I and II determine.
#pragma once

#include <string>
#include <vector>

namespace einthoven::format {

/// One lead with its samples in mV.
struct LeadSamples {
  std::string name;
  std::vector<float> samples;
};

/// Adds those of III, aVR, aVL, aVF that are absent if I and II of equal length are there
/// (Einthoven, Goldberger), and puts the standard leads in their order, others after them.
void add_limb_leads(std::vector<LeadSamples>& leads);

}  // namespace einthoven::format
