// An ECG on millimetre paper, as an electrocardiograph prints it.
#pragma once

#include <span>
#include <string>

#include "einthoven/plot/canvas.h"
#include "einthoven/plot/ecg_page.h"
#include "einthoven/signal/recording.h"

namespace einthoven::plot {

struct EcgPlotOptions {
  EcgPageOptions page;
  std::string title;
  bool grid = true;
  double dpi = 150;
  /// Shift each lead so that its median over the shown stretch is on the base line; electrodes'
  /// offset potentials would otherwise move the trace off its row.
  bool centre = true;
  /// One value per sample of the shown stretch (or empty), min-max normalised: the trace turns from
  /// #0047AB (lowest) to #DC143C (highest).
  std::span<const float> saliency = {};
  std::string saliency_name = "saliency";
};

/// The picture's bytes. 25 mm/s and 10 mm/mV are exact millimetres of the page. The picture shows
/// leads, scales, the title given here and nothing else of the recording: no name, no comments. A
/// lead that is absent or has no valid sample is labelled so; where a trace leaves its two
/// neighbouring rows it is cut and marked by a triangle. Usage error as lay_out(), or if saliency
/// has another length than the stretch or is not finite.
std::string draw_ecg(const signal::Recording& recording, const EcgPlotOptions& options,
                     PictureFormat format);

/// draw_ecg() into a .png, .svg or .pdf file.
void plot_ecg(const signal::Recording& recording, const EcgPlotOptions& options,
              const fs::path& output);

/// Samples of the recording that the page shows: first and count.
std::pair<std::int64_t, std::int64_t> shown_samples(const signal::Recording& recording,
                                                    const EcgPage& page);

}  // namespace einthoven::plot
