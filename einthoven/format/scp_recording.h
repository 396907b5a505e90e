// Recordings in SCP-ECG files (EN 1064, ISO 11073-91064), version 1.x and 2.x.
#pragma once

#include "einthoven/format/registry.h"

namespace einthoven::format {

/// By the mark "SCPECG" in section 0, or its length and the file's where old writers left that out.
bool looks_like_scp(std::string_view start, std::uintmax_t file_size);

/// The rhythm of section 6: plain or packed by the default Huffman table or tables of the file,
/// with first or second differences; the reference beat is added and fewer samples between the QRS
/// complexes are filled up (see scp_reference_beat.h). Leads of different intervals are put at
/// their time, NaN elsewhere. Full-text statements are those of section 8. options.checksums: the
/// CRC of the file; options.subject: from section 1.
signal::Recording read_scp_recording(const fs::path& path, const ReadOptions& options);

}  // namespace einthoven::format
