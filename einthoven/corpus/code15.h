// CODE-15% and SaMi-Trop (Ribeiro et al. 2019, 2021): tracings in HDF5 with a table of exams.
#pragma once

#include "einthoven/corpus/corpus.h"

namespace einthoven::corpus {

/// Lists exams.csv; tracings are in exams_part0.hdf5 ... exams_part17.hdf5 as its column trace_file
/// says, found by exam_id. Zero padding at both ends is taken off. Labels of kind "label": 1dAVb,
/// RBBB, LBBB, SB, ST, AF, normal_ecg; patients by patient_id; fields age, sex, nn_predicted_age,
/// death, timey. The unit of the tracings is not certain (they are taken as mV). Exams of parts
/// that are not there are quarantined.
Corpus list_code15(const CorpusSource& source);

/// Lists exams.csv; the tracings of exams.hdf5 are in its order.
Corpus list_samitrop(const CorpusSource& source);

}  // namespace einthoven::corpus
