// The six limb leads are projections of one vector in the frontal plane: two of them give the
// others.
//
// Einthoven: II = I + III. Goldberger: aVR = -(I + II)/2, aVL = I - II/2, aVF = II - I/2. With the
// direction of each lead as a row of D (in terms of I and II) a stretch x of the leads obeys the
// identities exactly if it lies in the columns of D; what is left outside is the residual.
// Sources: Einthoven 1913; Goldberger 1942; Kligfield et al. 2007
// (doi:10.1161/CIR.0b013e31817dc6be).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// How well some limb leads of a recording obey the identities (offsets do not matter).
struct FrontalFit {
  double residual_mv = 0;  ///< root mean square outside of the plane
  double signal_mv = 0;    ///< root mean square of the leads
  bool holds() const { return residual_mv <= 0.003 + 0.015 * signal_mv; }
};

/// The covariance of the limb leads that can be compared, with samples that are NaN in any left
/// out.
class FrontalPlane {
 public:
  /// Takes the limb leads of `usable` (per lead of the recording: neither absent nor flat).
  FrontalPlane(const Recording& recording, const std::vector<bool>& usable);

  /// Fewer than three leads prove nothing.
  bool testable() const { return leads_.size() >= 3; }
  const std::vector<std::size_t>& leads() const { return leads_; }

  FrontalFit fit() const;
  /// The same after factors per lead (in the order of leads()).
  FrontalFit fit(const std::vector<double>& factors) const;
  /// Share of the samples at which the residual is over the tolerance of holds(): a fault of the
  /// wiring is everywhere, a disturbance is in places.
  double share_outside(const Recording& recording) const;

  struct Arrangement {
    std::vector<std::size_t> from;  ///< position in leads() of the stored lead
    std::vector<double> sign;       ///< 1 or -1
  };
  /// Every exchange and inversion of leads after which the identities hold: of six leads twelve or
  /// none, which differ by exchanges of whole electrodes and an inversion of all.
  std::vector<Arrangement> arrangements() const;

  /// Factors per lead, median 1, after which the identities hold (the smallest eigenvector of a
  /// quadratic form in the factors); nothing if no factors do that.
  std::optional<std::vector<double>> find_factors() const;

 private:
  std::vector<std::size_t> leads_;               ///< indices in the recording
  std::vector<std::vector<double>> d_;           ///< directions
  std::vector<std::vector<double>> outside_;     ///< projector out of the plane, I - D D^+
  std::vector<std::vector<double>> covariance_;  ///< mV^2
};

}  // namespace einthoven::signal
