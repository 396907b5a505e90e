// What the header comments of PhysioNet's older databases say of a recording.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "einthoven/store/writer.h"

namespace einthoven::corpus {

/// Age and sex from "Age: 25", "<age>: 51", "<age>: 65 <sex>: F <diagnoses> ..." (INCART), "Age: 62
/// Sex: M" (ltdb) and "69 M 1085 1629 x1" (MIT-BIH). Labels of `kind`, if it is not empty: the
/// statements after
/// "<diagnoses>", each without the point at its end; the value of "KIND: value"; and for a header
/// that says nothing else (CPSC 2021), its one comment. Labels of kind "finding": the list
/// after "patient N" (INCART).
void read_header_comments(std::span<const std::string> comments, std::string_view kind,
                          store::RecordEntry& entry);

}  // namespace einthoven::corpus
