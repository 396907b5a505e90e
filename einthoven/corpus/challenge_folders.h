// Corpora whose folders are listed and whose files say the rest: CPSC 2018, CSN, MUSE exports.
#pragma once

#include "einthoven/corpus/corpus.h"

namespace einthoven::corpus {

/// China Physiological Signal Challenge 2018 as first published: TrainingSet1..3/A0001.mat with a
/// structure ECG (sex, age, data in mV at 500 Hz) and REFERENCE.csv with up to three labels from 1
/// to 9. Labels of kind "label": Normal, AF, I-AVB, LBBB, RBBB, PAC, PVC, STD, STE. Recordings of
/// .mat files without a row have no label. Data error for a label out of range.
Corpus list_cpsc2018(const CorpusSource& source);

/// Chapman-Shaoxing-Ningbo (Zheng et al. 2020, 2022): WFDBRecords/01/010/JS00001.{hea,mat} with
/// Challenge headers; labels of kind "dx".
Corpus list_csn(const CorpusSource& source);

/// All GE MUSE XML files below the folder: patients by their number, age, sex, time, statements
/// (labels of kind "statement"). Amplitudes are scaled to mV; the reference keeps ADC counts.
Corpus list_muse(const CorpusSource& source);

}  // namespace einthoven::corpus
