// Scores a folder of classifier outputs as the scorer of the PhysioNet/CinC 2021 challenge does.
#pragma once

#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/metric/cinc2021.h"

namespace einthoven::metric {

enum class DxHeaders {
  any_spacing,  ///< "#Dx:" and "# Dx:"
  strict        ///< "#Dx" only, as the official scorer (others then have no labels)
};

struct CincScores {
  double auroc = 0;  ///< mean over the classes where it is defined; so are the next and f_measure
  double auprc = 0;
  double accuracy = 0;  ///< share of recordings with every class right
  double f_measure = 0;
  double challenge_metric = 0;
  std::vector<std::string> class_names;  ///< sorted codes joined by '|'
  std::vector<double> class_auroc;
  std::vector<double> class_auprc;
  std::vector<double> class_f_measure;
};

/// Labels: the `#Dx` lines of LABELS/NAME.hea. Outputs: OUTPUTS/NAME.csv with the lines `#NAME`,
/// class codes (possibly `a|b`), binary outputs, scores; several columns of one class are joined by
/// OR and mean. Data error for a missing or malformed file.
CincScores score_cinc_folders(const fs::path& labels, const fs::path& outputs,
                              const CincWeights& weights,
                              DxHeaders headers = DxHeaders::any_spacing);

/// The texts that the official scorer prints and writes: a line of names, a line of values with
/// three decimals, without a final newline.
std::string cinc_summary_csv(const CincScores& scores);
std::string cinc_class_csv(const CincScores& scores);

}  // namespace einthoven::metric
