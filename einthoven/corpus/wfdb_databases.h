// The annotated databases of PhysioNet, one line each: leads, annotations, patients.
#pragma once

#include <span>
#include <string_view>

#include "einthoven/corpus/corpus.h"

namespace einthoven::corpus {

/// How the patient of a record is known.
enum class PatientRule {
  record,      ///< each record is another person
  mitdb,       ///< so, but 201 and 202 are one
  folder,      ///< the folder of the record
  middle,      ///< data_PATIENT_NUMBER
  in_comment,  ///< "patient 3" in the header
};

struct WfdbDatabase {
  std::string_view name;
  std::string_view leads;      ///< of its recordings, apart by commas; empty: the standard twelve
  std::string_view annotator;  ///< file extension of beats and rhythms; empty: none
  bool windows;                ///< long recordings are cut into windows with labels of their own
  PatientRule patient = PatientRule::record;
  std::string_view comment_kind{};  ///< labels of header comments get this kind; empty: none

  // What `simulate --as` writes:
  double rate_hz = 250;
  double seconds = 60;
  /// Of {number} (from `first`), {patient} and {visit}.
  std::string_view record_path = "{number}";
  int first = 1;
};

std::span<const WfdbDatabase> wfdb_databases();
/// Null if there is none of that name.
const WfdbDatabase* find_wfdb_database(std::string_view name);
/// Its lead names in canonical form; empty: the standard twelve.
std::vector<std::string> leads_of(const WfdbDatabase& database);

/// Lists every header below the folder (of one in another: RECORDS is not asked). From the
/// annotations: labels of kind "beat" (symbol, how many) and "rhythm" ("AFIB", share of the time);
/// from the comments age, sex and labels. With source.window_s > 0 every such stretch is a
/// recording of its own, RECORD@SECONDS; the rest at the end is dropped.
Corpus list_wfdb_database(const WfdbDatabase& database, const CorpusSource& source);

}  // namespace einthoven::corpus
