// Data sets of DICOM files (PS3.5, PS3.10): elements and sequences, without a copy.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::format {

/// Group and element, e.g. 0x54000100.
using DicomTag = std::uint32_t;

class DicomDataset {
 public:
  struct Element {
    DicomTag tag = 0;
    Bytes value;
    std::vector<DicomDataset> items;  ///< of a sequence
  };

  std::vector<Element> elements;
  std::endian order = std::endian::little;
  std::shared_ptr<const std::string> inflated;  ///< what the values point into, of a deflated file

  const Element* find(DicomTag tag) const;
  /// Items of a sequence; none if it is absent.
  const std::vector<DicomDataset>& items(DicomTag tag) const;
  /// The first item of a sequence; an empty data set if there is none.
  const DicomDataset& item(DicomTag tag) const;
  /// Text without padding; empty if absent.
  std::string text(DicomTag tag) const;
  /// A decimal string as a number; nothing if absent or not a finite number.
  std::optional<double> decimal(DicomTag tag) const;
  /// A binary number of two or four bytes.
  std::optional<std::uint32_t> integer(DicomTag tag) const;
};

/// The data set of a file up to its pixel data, in implicit or explicit little-endian, explicit
/// big-endian or deflated transfer syntax. The bytes must outlive it. Data error on malformed
/// bytes, lengths beyond the file, nesting deeper than 16, and compressed data sets.
DicomDataset parse_dicom(Bytes file, const std::string& source);

}  // namespace einthoven::format
