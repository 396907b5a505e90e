#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numbers>

#include "einthoven/signal/check/check_recording.h"
#include "example.h"

using namespace einthoven::signal;

namespace {

const Finding* found(const std::vector<Finding>& findings, std::string_view check) {
  for (const auto& finding : findings)
    if (finding.check == check) return &finding;
  return nullptr;
}

void scale(Recording& recording, std::size_t lead, float factor) {
  for (float& x : recording.lead(lead)) x *= factor;
}

void swap_leads(Recording& recording, std::size_t a, std::size_t b) {
  std::swap_ranges(recording.lead(a).begin(), recording.lead(a).end(), recording.lead(b).begin());
}

/// The samples after the fault's mend are those before the fault.
void check_mended(Recording faulty, const Finding& finding) {
  const Recording truth = healthy_recording();
  apply_mend<float>(finding.mend, faulty.samples(), faulty.length());
  for (std::size_t i = 0; i < truth.samples().size(); i += 7)
    REQUIRE(faulty.samples()[i] == doctest::Approx(truth.samples()[i]).epsilon(1e-4));
}

}  // namespace

TEST_CASE("a healthy recording has no finding") {
  for (const auto& finding : check_recording(healthy_recording()))
    FAIL_CHECK(finding.check, ": ", finding.text);
}

TEST_CASE("inverted and exchanged limb leads are found by the identities and mended") {
  for (std::size_t lead = 0; lead < 6; ++lead) {
    auto faulty = healthy_recording();
    scale(faulty, lead, -1);
    const auto findings = check_recording(faulty);
    const auto* finding = found(findings, "identity");
    REQUIRE(finding);
    CHECK(finding->severity == Severity::fault);
    CHECK(finding->leads == std::vector<std::string>{faulty.leads[lead]});
    check_mended(faulty, *finding);
  }
  auto faulty = healthy_recording();
  swap_leads(faulty, 0, 5);
  const auto findings = check_recording(faulty);
  const auto* finding = found(findings, "identity");
  REQUIRE(finding);
  CHECK(finding->leads == std::vector<std::string>{"I", "aVF"});
  check_mended(faulty, *finding);
}

TEST_CASE(
    "a mend that the identities leave open is decided by likelihood and the beat, or named "
    "uncertain") {
  const auto permuted = [](const std::array<std::size_t, 6>& from,
                           const std::array<float, 6>& sign) {
    const auto healthy = healthy_recording();
    auto faulty = healthy;
    for (std::size_t l = 0; l < 6; ++l)
      std::transform(healthy.lead(from[l]).begin(), healthy.lead(from[l]).end(),
                     faulty.lead(l).begin(), [&](float x) { return sign[l] * x; });
    return faulty;
  };
  const std::array<std::size_t, 6> cabrera = {4, 0, 3, 1, 5, 2}, as_stored = {0, 1, 2, 3, 4, 5};
  for (const auto& [faulty, certain] :
       {std::pair{permuted(cabrera, {1, 1, 1, 1, 1, 1}), true},
        // This beat is too simple to prove what the shape of a real one does.
        {permuted(cabrera, {1, 1, -1, 1, 1, 1}), false},
        {permuted(as_stored, {-1, 1, 1, 1, -1, -1}), false}}) {
    const auto findings = check_recording(faulty);
    const auto* finding = found(findings, "identity");
    REQUIRE(finding);
    CHECK(finding->can_be_mended() == certain);
    check_mended(faulty, *finding);
  }
  // LA and LL exchanged but for the sign of III: as good a tale as an inverted III.
  const auto findings = check_recording(permuted({1, 0, 2, 3, 5, 4}, {1, 1, 1, 1, 1, 1}));
  const auto* finding = found(findings, "identity");
  REQUIRE(finding);
  CHECK_FALSE(finding->can_be_mended());
  CHECK(finding->text.find("; or ") != std::string::npos);
}

TEST_CASE("a recording with all leads inverted is told by the waves of its beat") {
  auto faulty = healthy_recording();
  for (float& x : faulty.samples()) x = -x;
  const auto findings = check_recording(faulty);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].check == "polarity");
  CHECK(findings[0].severity == Severity::fault);
  CHECK_FALSE(findings[0].can_be_mended());
  check_mended(faulty, findings[0]);
}

TEST_CASE("limb leads that are inverted do not put the precordial leads in doubt") {
  auto faulty = healthy_recording();
  for (std::size_t lead = 0; lead < 6; ++lead) scale(faulty, lead, -1);
  const auto findings = check_recording(faulty);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].check == "electrodes");
  CHECK_FALSE(findings[0].can_be_mended());
}

TEST_CASE("a calibration pulse at the end is noted and not judged") {
  const auto healthy = healthy_recording();
  Recording faulty(healthy.leads, 5500, 500);
  for (std::size_t l = 0; l < 12; ++l) {
    std::copy_n(healthy.lead(l).begin(), 5000, faulty.lead(l).begin());
    std::fill_n(faulty.lead(l).begin() + 5100, 100, 1.0F);
  }
  const auto findings = check_recording(faulty);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].check == "calibration");
  CHECK(findings[0].value == doctest::Approx(10));
}

TEST_CASE("a wrong gain of one limb lead is measured") {
  auto faulty = healthy_recording();
  scale(faulty, 1, 2);
  const auto findings = check_recording(faulty);
  const auto* finding = found(findings, "identity");
  REQUIRE(finding);
  REQUIRE(finding->mend.size() == 1);
  CHECK(finding->mend[0].factor == doctest::Approx(0.5).epsilon(0.01));
}

TEST_CASE("RA and LA exchanged keep the identities and are told by the shape of the beat") {
  auto faulty = healthy_recording();
  scale(faulty, 0, -1);
  swap_leads(faulty, 1, 2);
  swap_leads(faulty, 3, 4);
  const auto findings = check_recording(faulty);
  CHECK_FALSE(found(findings, "identity"));
  const auto* finding = found(findings, "electrodes");
  REQUIRE(finding);
  CHECK(finding->text.find("RA and LA look exchanged") == 0);
  check_mended(faulty, *finding);
}

TEST_CASE("microvolts and volts taken for millivolts are found and mended") {
  for (const float factor : {1000.0F, 0.001F}) {
    auto faulty = healthy_recording();
    for (float& x : faulty.samples()) x *= factor;
    const auto findings = check_recording(faulty);
    REQUIRE(findings.size() == 1);  // the later checks see the mended samples
    CHECK(findings[0].check == "unit");
    CHECK(findings[0].severity == Severity::fault);
    check_mended(faulty, findings[0]);
  }
  auto faulty = healthy_recording();
  scale(faulty, 8, 1000);
  const auto findings = check_recording(faulty);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].leads == std::vector<std::string>{"V3"});
  check_mended(faulty, findings[0]);
}

TEST_CASE("an unnamed unit is noted, and CODE-15's is doubted") {
  auto healthy = healthy_recording();
  healthy.unit_is_known = false;
  const auto noted = check_recording(healthy);
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].severity == Severity::note);
  auto tracing = Recording(healthy.leads, 4096, 400);
  tracing.unit_is_known = false;
  for (std::size_t l = 0; l < 12; ++l)
    std::copy_n(healthy.lead(l).begin(), 4096, tracing.lead(l).begin());
  const auto findings = check_recording(tracing);
  REQUIRE(found(findings, "unit"));
  CHECK(found(findings, "unit")->severity == Severity::warning);
}

TEST_CASE("Georgia's 4880/mV and LUDB's normalising gains are told by the header") {
  auto georgia = healthy_recording();
  for (float& x : georgia.samples()) x /= 4.88F;
  auto findings = check_recording(georgia, {std::vector<double>(12, 4880)});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].check == "gain");
  check_mended(georgia, findings[0]);
  CHECK(check_recording(healthy_recording(), {std::vector<double>(12, 4880)}).empty());

  auto ludb = healthy_recording();
  std::vector<double> gains;
  for (std::size_t l = 0; l < 12; ++l) {
    gains.push_back(700 + 130 * static_cast<double>(l));
    scale(ludb, l, static_cast<float>(1000 / gains.back()));
  }
  findings = check_recording(ludb, gains);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].check == "gain");
  check_mended(ludb, findings[0]);
}

TEST_CASE("flat, invalid and clipped leads, hum and noise") {
  auto faulty = healthy_recording();
  std::fill(faulty.lead(6).begin(), faulty.lead(6).end(), 0.0F);
  std::fill_n(faulty.lead(7).begin(), 3000, std::numeric_limits<float>::quiet_NaN());
  for (float& x : faulty.lead(10)) x = std::min(x, 0.2F);
  for (std::size_t t = 0; t < 5000; ++t)
    faulty.lead(11)[t] +=
        0.1F * static_cast<float>(std::sin(2 * std::numbers::pi * 50 * double(t) / 500));
  const auto findings = check_recording(faulty);
  const auto expect = [&](std::string_view check, std::string_view lead, Severity severity) {
    const auto* finding = found(findings, check);
    REQUIRE(finding);
    CHECK(finding->leads == std::vector<std::string>{std::string(lead)});
    CHECK(finding->severity == severity);
  };
  expect("flat", "V1", Severity::fault);
  expect("invalid", "V2", Severity::fault);
  expect("clipped", "V5", Severity::fault);
  expect("powerline", "V6", Severity::note);
}

TEST_CASE("an end that is held is no clipping") {
  auto padded = healthy_recording();
  auto lead = padded.lead(6);
  std::fill(lead.end() - 60, lead.end(), *std::min_element(lead.begin(), lead.end()));
  CHECK_FALSE(found(check_recording(padded), "clipped"));
}

TEST_CASE("spikes of a pacemaker are noted, a QRS is not") {
  auto paced = healthy_recording();
  for (std::size_t beat = 0; beat < 10; ++beat) {
    paced.lead(7)[500 * beat + 200] += 1.5F;
    paced.lead(7)[500 * beat + 201] += 0.5F;
  }
  const auto findings = check_recording(paced);
  REQUIRE(found(findings, "paced"));
  CHECK(found(findings, "paced")->value == 10);
}

TEST_CASE("short, empty and foreign recordings are no trouble") {
  CHECK_NOTHROW(check_recording(Recording({"I", "II"}, 0, 500)));
  CHECK_NOTHROW(check_recording(Recording({}, 0, 500)));
  CHECK_NOTHROW(check_recording(Recording(healthy_recording().leads, 1, 500)));
  CHECK_NOTHROW(check_recording(Recording({"ECG", "RESP"}, 400, 125)));
}

TEST_CASE("the content hash is that of the samples, whatever the order of the leads") {
  const auto recording = healthy_recording();
  auto renamed = recording;
  renamed.name = "other";
  CHECK(content_hash(renamed) == content_hash(recording));
  const std::vector<std::string_view> back(kStandardLeads.rbegin(), kStandardLeads.rend());
  CHECK(content_hash(recording.with_leads(back, true)) == content_hash(recording));
  renamed.lead(3)[17] += 0.002F;
  CHECK(content_hash(renamed) != content_hash(recording));
}
