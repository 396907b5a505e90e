// SPH (Shandong Provincial Hospital, Liu et al. 2022): 25,770 recordings with AHA statements.
#pragma once

#include "einthoven/corpus/corpus.h"

namespace einthoven::corpus {

/// Lists metadata.csv; records/ECG_ID.h5 hold float16 mV at 500 Hz. Labels of kind "aha": each
/// statement with its modifiers ("60+310"), so that code_map() finds it; patients by Patient_ID;
/// fields age, sex, recording_date.
Corpus list_sph(const CorpusSource& source);

}  // namespace einthoven::corpus
