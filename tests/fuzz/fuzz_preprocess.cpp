// A WFDB record (a header, NUL, the signal file r.dat) on its way to a store. The integers that an
// int16 store takes over have to be the samples that every other store gets, to half a step.
#include <cmath>
#include <cstring>

#include "einthoven/corpus/pack_integers.h"
#include "fuzz.h"

using namespace einthoven;

namespace {

std::vector<float> as_floats(const corpus::Extract& extract, const corpus::SegmentRules& rules) {
  const auto packed = pack(prepare(extract, rules), extract, rules, corpus::MissingSamples::zero,
                           store::SampleType::float32);
  std::vector<float> values(packed.bytes.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), packed.bytes.data(), packed.bytes.size());
  return values;
}

void compare(const corpus::PackedRecording& packed, const std::vector<float>& wanted) {
  const auto& scales = packed.segments.scales;
  const std::size_t length = scales.empty() ? 0 : wanted.size() / scales.size();
  if (packed.segments.bytes.size() != wanted.size() * sizeof(std::int16_t))
    throw internal_error("another number of samples");
  std::vector<std::int16_t> got(wanted.size());
  if (!got.empty()) std::memcpy(got.data(), packed.segments.bytes.data(), 2 * got.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double step = scales[i / length];
    if (got[i] == store::kInvalidSample || !(step > 0) ||
        !(std::abs(got[i] * step - wanted[i]) <= 0.51 * step + 1e-6 * std::abs(wanted[i])))
      throw internal_error("integers that are not the samples");
  }
}

void check(const fs::path& record, signal::Normalisation normalisation) {
  const auto leads = corpus::parse_leads({"I", "II", "V1", "V5"}, false);
  corpus::SegmentRules rules;
  rules.normalise.kind = normalisation;
  const auto physical = corpus::extract_record(record, leads);
  auto digital = corpus::extract_record(record, leads, {}, corpus::SampleKind::digital_if_plain);
  rules.rate_hz = physical.rate_hz;
  rules.segment_seconds = 16 / physical.rate_hz;
  if (const auto packed = pack_integers(digital, rules))
    compare(*packed, as_floats(physical, rules));
  digital.make_physical();
  if (digital.samples.size() != physical.samples.size() || digital.digest != physical.digest)
    throw internal_error("another recording");
  for (std::size_t i = 0; i < digital.samples.size(); ++i)
    if (digital.samples[i] != physical.samples[i] &&
        !(std::isnan(digital.samples[i]) && std::isnan(physical.samples[i])))
      throw internal_error("integers that are not the physical samples");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view header = fuzz::take_part(rest);
  const fs::path record = fuzz::scratch().write("r.hea", header);
  fuzz::scratch().write("r.dat", rest);
  const fs::path name = fs::path(record).replace_extension();
  fuzz::try_parse([&] { check(name, signal::Normalisation::lead_zscore); });
  return fuzz::try_parse([&] { check(name, signal::Normalisation::off); });
}
