// Discrete wavelet transform with Daubechies 6 and denoising by soft thresholds.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace einthoven::signal {

/// Multi-level transform: approximation and, coarsest first, the details.
struct WaveletCoefficients {
  std::vector<double> approximation;
  std::vector<std::vector<double>> details;
};

/// As pywt.wavedec(x, "db6", "symmetric", level): the ends are mirrored at half a sample, a band of
/// n samples gives floor((n + 11) / 2). Data error for an empty lead.
WaveletCoefficients wavelet_decompose(std::span<const double> lead, std::size_t levels);

/// As pywt.waverec: the inverse. A lead of odd length comes back one sample longer.
std::vector<double> wavelet_reconstruct(const WaveletCoefficients& coefficients);

/// The soft threshold of all detail bands.
enum class WaveletThreshold {
  /// median |d| / 0.6745 of the coarsest details, which hold QRS complexes as well as noise (at
  /// 500 Hz 16 to 31 Hz): ECG-Bench (`advanced_denoise`). It lowers QRS complexes by 2.5 % on
  /// average.
  coarsest,
  /// sigma sqrt(2 ln n) with sigma = median |d| / 0.6745 of the finest details (Donoho and
  /// Johnstone
  /// 1994).
  universal,
};

/// "coarsest" or "universal"; usage error otherwise.
WaveletThreshold parse_wavelet_threshold(std::string_view name);
std::string_view wavelet_threshold_name(WaveletThreshold rule);

/// Transforms the lead, moves its details towards 0 by the threshold and transforms it back.
/// Details of at most 1e-10 after that become 0. A lead with a NaN becomes NaN as a whole.
void denoise_wavelet(std::span<double> lead, std::size_t levels, WaveletThreshold rule);

}  // namespace einthoven::signal
