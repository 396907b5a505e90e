// Recordings in the XML formats of devices and trials.
#pragma once

#include "einthoven/format/registry.h"

namespace einthoven::format {

/// Whether this build has pugixml (CMake option EINTHOVEN_WITH_PUGIXML).
bool xml_available();

/// Whether a document, in UTF-8 or UTF-16, has an element of this name, with a prefix
/// ("hl7:") or not, near its start.
bool looks_like_xml(std::string_view start, std::string_view root);

/// GE MUSE RestingECG: the waveform of type "Rhythm" with the derived limb leads if I and II are
/// there; annotations are its QRS times. Checked against the fixtures of spec/data_ecgfm.md 3.7.
signal::Recording read_muse_recording(const fs::path& path, const ReadOptions& options);

/// HL7 annotated ECG (aECG, ANSI/HL7 V3 ECG R1): the first sequence set of the rhythm series;
/// annotations are its waves: "(" onset, p N or t at the middle, ")" end; rhythms are statements.
signal::Recording read_aecg_recording(const fs::path& path, const ReadOptions& options);

/// Philips (Sierra) ECG XML 1.03 and 1.04, packed by XLI or not; the statements that the editor did
/// not delete.
signal::Recording read_sierra_recording(const fs::path& path, const ReadOptions& options);

}  // namespace einthoven::format
