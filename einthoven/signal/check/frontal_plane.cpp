#include "einthoven/signal/check/frontal_plane.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "einthoven/signal/check/symmetric_eigen.h"
#include "einthoven/signal/lead.h"

namespace einthoven::signal {
namespace {

/// I, II, III, aVR, aVL, aVF in terms of I and II.
constexpr double kDirections[6][2] = {{1, 0}, {0, 1}, {-1, 1}, {-0.5, -0.5}, {1, -0.5}, {-0.5, 1}};

/// I - D (D'D)^-1 D'.
Matrix projector_out_of(const Matrix& d) {
  double a = 0, b = 0, c = 0;
  for (const auto& row : d) {
    a += row[0] * row[0];
    b += row[0] * row[1];
    c += row[1] * row[1];
  }
  const double det = a * c - b * b;
  Matrix out(d.size(), std::vector<double>(d.size()));
  for (std::size_t i = 0; i < d.size(); ++i)
    for (std::size_t j = 0; j < d.size(); ++j)
      out[i][j] =
          (i == j ? 1 : 0) -
          (d[i][0] * (c * d[j][0] - b * d[j][1]) + d[i][1] * (a * d[j][1] - b * d[j][0])) / det;
  return out;
}

std::vector<bool> valid_samples(const Recording& recording, const std::vector<std::size_t>& leads) {
  std::vector<bool> valid(static_cast<std::size_t>(recording.length()), true);
  for (const std::size_t l : leads) {
    const auto lead = recording.lead(l);
    for (std::size_t t = 0; t < lead.size(); ++t)
      if (!std::isfinite(lead[t])) valid[t] = false;
  }
  return valid;
}

std::vector<std::vector<double>> centred(const Recording& recording,
                                         const std::vector<std::size_t>& leads) {
  const auto valid = valid_samples(recording, leads);
  std::vector<std::vector<double>> rows;
  for (const std::size_t l : leads) {
    const auto lead = recording.lead(l);
    auto& row = rows.emplace_back();
    for (std::size_t t = 0; t < lead.size(); ++t)
      if (valid[t]) row.push_back(lead[t]);
    const double mean =
        std::accumulate(row.begin(), row.end(), 0.0) / std::max<double>(1, double(row.size()));
    for (double& x : row) x -= mean;
  }
  return rows;
}

double mean_product(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.empty()) return 0;
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0) / static_cast<double>(x.size());
}

}  // namespace

FrontalPlane::FrontalPlane(const Recording& recording, const std::vector<bool>& usable) {
  for (std::size_t l = 0; l < recording.lead_count(); ++l) {
    const auto index = standard_lead_index(recording.leads[l]);
    if (!index || *index >= 6 || !usable[l]) continue;
    leads_.push_back(l);
    d_.push_back({kDirections[*index][0], kDirections[*index][1]});
  }
  if (!testable()) return;
  outside_ = projector_out_of(d_);
  const auto rows = centred(recording, leads_);
  covariance_.assign(leads_.size(), std::vector<double>(leads_.size()));
  for (std::size_t i = 0; i < leads_.size(); ++i)
    for (std::size_t j = i; j < leads_.size(); ++j)
      covariance_[i][j] = covariance_[j][i] = mean_product(rows[i], rows[j]);
}

FrontalFit FrontalPlane::fit() const { return fit(std::vector<double>(leads_.size(), 1)); }

FrontalFit FrontalPlane::fit(const std::vector<double>& factors) const {
  const std::size_t n = leads_.size();
  double outside = 0, total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    total += factors[i] * factors[i] * covariance_[i][i];
    for (std::size_t j = 0; j < n; ++j)
      outside += outside_[i][j] * factors[i] * factors[j] * covariance_[i][j];
  }
  const auto count = static_cast<double>(n);
  return {std::sqrt(std::max(0.0, outside) / count), std::sqrt(total / count)};
}

double FrontalPlane::share_outside(const Recording& recording) const {
  const auto rows = centred(recording, leads_);
  const FrontalFit all = fit();
  const double allowed = 3 * (0.003 + 0.015 * all.signal_mv);
  std::size_t over = 0;
  for (std::size_t t = 0; t < rows[0].size(); ++t) {
    double energy = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double r = 0;
      for (std::size_t j = 0; j < rows.size(); ++j) r += outside_[i][j] * rows[j][t];
      energy += r * r;
    }
    over += std::sqrt(energy / static_cast<double>(rows.size())) > allowed ? 1 : 0;
  }
  return rows[0].empty() ? 0 : static_cast<double>(over) / static_cast<double>(rows[0].size());
}

std::vector<FrontalPlane::Arrangement> FrontalPlane::arrangements() const {
  const std::size_t n = leads_.size();
  const double allowed = 0.003 + 0.015 * fit().signal_mv;
  std::vector<Arrangement> all;
  std::vector<std::size_t> from(n);
  std::iota(from.begin(), from.end(), std::size_t{0});
  do {
    for (unsigned signs = 0; signs < 1U << n; ++signs) {
      double energy = 0;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
          energy += outside_[i][j] * ((signs >> i ^ signs >> j) & 1U ? -1 : 1) *
                    covariance_[from[i]][from[j]];
      if (energy > allowed * allowed * static_cast<double>(n)) continue;
      auto& arrangement = all.emplace_back(Arrangement{from, {}});
      for (std::size_t i = 0; i < n; ++i) arrangement.sign.push_back(signs >> i & 1U ? -1 : 1);
    }
  } while (std::next_permutation(from.begin(), from.end()));
  return all;
}

std::optional<std::vector<double>> FrontalPlane::find_factors() const {
  const std::size_t n = leads_.size();
  Matrix form(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      form[i][j] =
          outside_[i][j] * covariance_[i][j] / std::sqrt(covariance_[i][i] * covariance_[j][j]);
  std::vector<double> factors = smallest_eigenpair(form).vector;
  std::vector<double> sizes;
  double sign = 0;
  for (std::size_t i = 0; i < n; ++i) {
    factors[i] /= std::sqrt(covariance_[i][i]);  // the form is that of leads of deviation 1
    sizes.push_back(std::abs(factors[i]));
    sign += factors[i] < 0 ? -1 : 1;
  }
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(n / 2), sizes.end());
  const double middle = (sign < 0 ? -1 : 1) * sizes[n / 2];
  if (middle == 0) return std::nullopt;
  for (double& factor : factors) factor /= middle;
  if (!fit(factors).holds()) return std::nullopt;
  return factors;
}

}  // namespace einthoven::signal
