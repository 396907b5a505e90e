// Einthoven's and Goldberger's identities, and which fault broke them.
#pragma once

#include <optional>
#include <vector>

#include "einthoven/signal/check/finding.h"
#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// Nothing if the identities hold between the usable limb leads (or cannot be tested). A fault with
/// a mend if an exchange or inversion of leads or factors per lead restore them (uncertain if
/// another arrangement is nearly as likely); else a fault, or a warning if they are broken in less
/// than a tenth of the time.
std::optional<Finding> check_identities(const Recording& recording,
                                        const std::vector<bool>& usable);

}  // namespace einthoven::signal
