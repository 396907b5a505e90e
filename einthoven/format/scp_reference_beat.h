// The lossy compression of SCP-ECG (EN 1064, 5.7 to 5.9): a reference beat subtracted from each
// beat like it, and fewer samples outside of the QRS complexes ("bimodal").
//
// EN 1064 was not at hand, nor a file that uses either. What is done here is what BioSig
// (scp-decode), the C# ECG Toolkit and EDFbrowser have in common; where they differ:
// - A stored sample stands for the mean of `rate` of the recording. The first and the last of a
//   stretch are held for half a step, between them values run in straight lines (BioSig, Toolkit).
//   Samples beyond a multiple of `rate` are stored as they are, at the stretch's end (BioSig,
//   EDFbrowser).
// - Nothing is smoothed afterwards. (BioSig runs a mean of 3 over the samples outside of the
//   protected zones, EDFbrowser smooths the borders of the subtraction zones.)
// - Without protected zones in section 4 (version 1.0 has none) the subtraction zones are protected
//   (BioSig).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::format {

/// Samples `first` to `last`, counted from 1; nothing if last < first.
struct ScpZone {
  std::int64_t first = 1, last = 0;

  std::int64_t size() const { return last < first ? 0 : last - first + 1; }
  ScpZone within(const ScpZone& other) const;
};

/// A QRS complex that the reference beat was subtracted from.
struct ScpBeat {
  ScpZone zone;
  std::int64_t fiducial = 0;  ///< the sample that the fiducial of the reference beat falls on
};

/// Section 4.
struct ScpBeats {
  int reference_ms = 0;                  ///< length of the reference beat
  std::int64_t fiducial = 0;             ///< of the reference beat, from 1
  std::vector<ScpBeat> beats;            ///< of type 0 alone: others are in the rhythm as they were
  std::vector<ScpZone> protected_zones;  ///< where every sample is stored
};

ScpBeats parse_scp_beats(ByteReader& in);

/// Data error on zones that are not one after the other.
void require_apart(const std::vector<ScpZone>& zones, const std::string& source);

/// How many samples are stored of a lead whose samples outside of `zones` are kept `rate` to one.
std::int64_t scp_stored_count(const ScpZone& lead, const std::vector<ScpZone>& zones, int rate);

/// One value for each sample of the lead from those stored, of which there are scp_stored_count().
std::vector<double> undo_scp_decimation(const std::vector<std::int32_t>& stored,
                                        const ScpZone& lead, const std::vector<ScpZone>& zones,
                                        int rate);

/// Adds `reference` to the samples of `lead` in all its beats. Data error if a zone begins before
/// the reference beat, or if all zones together are much longer than the lead.
void add_scp_reference_beat(std::vector<double>& samples, const ScpZone& lead,
                            const ScpBeats& section, const std::vector<double>& reference,
                            const std::string& source);

}  // namespace einthoven::format
