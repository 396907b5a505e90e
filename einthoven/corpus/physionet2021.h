// PhysioNet/CinC Challenges 2020 and 2021: 12-lead WFDB recordings with diagnoses in the header.
#pragma once

#include "einthoven/corpus/corpus.h"

namespace einthoven::corpus {

/// Lists the published layout `training/DATASET/GROUP/RECORD.mat`, or, where there is none, every
/// record with a .hea file below `source`. The dataset is the first folder of a record's path; the
/// order is that of the paths.
Corpus list_physionet2021(const CorpusSource& source);

}  // namespace einthoven::corpus
