// PTB-XL (Wagner et al. 2020): recordings at 500 and 100 Hz with SCP statements and folds.
#pragma once

#include "einthoven/corpus/corpus.h"

namespace einthoven::corpus {

/// Lists the rows of ptbxl_database.csv; a rate of 100 Hz takes records100, else records500.
/// Labels: kind "scp" (statement, likelihood 0..100), kind "superclass" (NORM, MI, STTC, CD, HYP,
/// by the diagnostic statements of scp_statements.csv) and kind "axis" (heart_axis); splits: scheme
/// "strat_fold", 1 to 10.
Corpus list_ptbxl(const CorpusSource& source);

}  // namespace einthoven::corpus
