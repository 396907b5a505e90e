// What array files leave open: the lead axis, lead names, sample rate and ADC gain.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/format/limb_leads.h"
#include "einthoven/format/registry.h"

namespace einthoven::format {

/// The rate of the options if given, else that of the file; usage error that names --rate if
/// neither has one, data error if it is not positive.
double require_rate(const std::string& source, std::optional<double> from_file,
                    const ReadOptions& options);

/// Lead names for `count` leads: those of the options, else of the file, else the twelve standard
/// leads if there are twelve (with a note), else "signal_1", ... (with a note). Equal names become
/// unique
/// ("I", "I_2"). Data error if the numbers differ.
std::vector<std::string> choose_leads(const std::string& source, std::size_t count,
                                      const std::vector<std::string>& from_file,
                                      const ReadOptions& options, std::vector<std::string>& notes);

/// Whether a [rows, columns] array has one lead in each row: decided by the number of leads if it
/// is known, else by the shorter side. Data error if both readings fit.
bool leads_are_rows(const std::string& source, std::int64_t rows, std::int64_t columns,
                    std::size_t known_leads);

/// Values row after row.
struct Matrix {
  std::vector<float> values;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  bool rows_if_square = false;  ///< the leads: the layout of the file is known
};

/// Millivolts of one stored number.
struct Scale {
  float millivolts = 1;
  bool is_known = true;  ///< false: neither the file nor the options say it, mV are assumed
};

/// A recording of `scale` times the values, one lead a row or a column as leads_are_rows() says by
/// the leads that the options name.
signal::Recording recording_from_matrix(const std::string& source, const Matrix& matrix,
                                        const Scale& scale, const ReadOptions& options);

/// A recording of leads in mV; data error if their lengths differ. Duplicate names become unique.
signal::Recording recording_from_leads(const std::string& source,
                                       const std::vector<LeadSamples>& leads, double rate_hz,
                                       const ReadOptions& options);

/// Millivolts in one of a unit that the file states; data error naming it if it is no voltage.
double require_millivolts(const std::string& source, const std::string& field,
                          const std::string& unit);

/// Of an ADC unit; usage error that names --gain if the options have no gain.
Scale require_scale(const std::string& source, const ReadOptions& options);

/// Of stored floats: by the unit that the file states, else they are mV; "adu" needs a gain.
Scale float_scale(const std::string& source, const std::string& unit, const ReadOptions& options);
/// Of integers: by the gain of the options, else by the unit that the file states.
Scale integer_scale(const std::string& source, const std::string& unit, const ReadOptions& options);

}  // namespace einthoven::format
