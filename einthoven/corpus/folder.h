// A plain folder of recordings of any formats, with or without a table of labels.
#pragma once

#include "einthoven/corpus/corpus.h"

namespace einthoven::corpus {

/// Without a table: every recording below the folder, told by content (CSV files by extension),
/// sorted by path. With one: its rows in their order; a row names its file by its path below the
/// folder, with or without extension, or by a file name that is there once; PATH::NAME names one of
/// a file of many. Rows whose file is not there are quarantined when they are read.
///
/// A label column of numbers, true and false gives labels of kind "label" named as the column, with
/// the number as value, where it is not 0; a column of text gives labels whose kind is the column,
/// one for each part between ';' or '|'. Other columns become fields.
///
/// Data error, with the line: a file that is listed twice, a name that several files have; and if
/// no row names a file of the folder. What files say themselves (diagnoses in WFDB headers,
/// statements, patient, age, sex) is added where the table is silent.
Corpus list_folder(const CorpusSource& source);

/// Patient, age, sex, time and statements of the file, where the entry has none.
void describe_from_file(const Extract& extract, store::RecordEntry& entry);

}  // namespace einthoven::corpus
