// Random lead masking (Oh et al. 2022): the model learns to work with any subset of the leads.
#pragma once

#include "einthoven/data/augmentation.h"

namespace einthoven::data {

/// "random": every lead is zeroed with mask_leads_prob, on its own. "conditional": exactly n1 of
/// the limb leads (rows 0-5) and n2 of the chest leads (rows 6-11) are zeroed; data error unless
/// there are 12 leads.
void mask_leads(Signal& signal, const AugmentationOptions& options, Draws& draws);

}  // namespace einthoven::data
