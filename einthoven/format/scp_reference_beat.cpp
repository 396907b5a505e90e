#include "einthoven/format/scp_reference_beat.h"

#include <algorithm>

#include "einthoven/base/error.h"

namespace einthoven::format {
namespace {

constexpr std::int64_t kMostOverlap = 4;

/// Calls on_stretch(zone, is_protected) for the parts of a lead in the order of time.
template <class F>
void for_each_stretch(const ScpZone& lead, const std::vector<ScpZone>& zones, F on_stretch) {
  std::int64_t at = lead.first;
  for (const ScpZone& zone : zones) {
    const ScpZone part = zone.within(lead);
    if (part.size() == 0) continue;
    on_stretch(ScpZone{at, part.first - 1}, false);
    on_stretch(part, true);
    at = part.last + 1;
  }
  on_stretch(ScpZone{at, lead.last}, false);
}

}  // namespace

ScpZone ScpZone::within(const ScpZone& other) const {
  return {std::max(first, other.first), std::min(last, other.last)};
}

ScpBeats parse_scp_beats(ByteReader& in) {
  constexpr std::size_t kZoneBytes = 8;
  ScpBeats section;
  section.reference_ms = in.read<std::uint16_t>();
  section.fiducial = in.read<std::uint16_t>();
  const std::size_t count = in.read<std::uint16_t>();
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_subtracted = in.read<std::uint16_t>() == 0;
    ScpBeat beat;
    beat.zone.first = in.read<std::uint32_t>();
    beat.fiducial = in.read<std::uint32_t>();
    beat.zone.last = in.read<std::uint32_t>();
    if (is_subtracted && beat.zone.size() > 0) section.beats.push_back(beat);
  }
  const bool has_protected = in.remaining() >= count * kZoneBytes;
  for (std::size_t i = 0; has_protected && i < count; ++i) {
    ScpZone zone;
    zone.first = in.read<std::uint32_t>();
    zone.last = in.read<std::uint32_t>();
    if (zone.size() > 0) section.protected_zones.push_back(zone);
  }
  if (!has_protected)
    for (const ScpBeat& beat : section.beats) section.protected_zones.push_back(beat.zone);
  return section;
}

void require_apart(const std::vector<ScpZone>& zones, const std::string& source) {
  for (std::size_t i = 1; i < zones.size(); ++i)
    if (zones[i].first <= zones[i - 1].last)
      throw data_error(source, "protected zones", "overlap or are not in the order of time");
}

std::int64_t scp_stored_count(const ScpZone& lead, const std::vector<ScpZone>& zones, int rate) {
  std::int64_t count = 0;
  for_each_stretch(lead, zones, [&](const ScpZone& part, bool is_protected) {
    count += is_protected ? part.size() : part.size() / rate + part.size() % rate;
  });
  return count;
}

std::vector<double> undo_scp_decimation(const std::vector<std::int32_t>& stored,
                                        const ScpZone& lead, const std::vector<ScpZone>& zones,
                                        int rate) {
  std::vector<double> samples;
  samples.reserve(static_cast<std::size_t>(lead.size()));
  auto next = stored.begin();
  for_each_stretch(lead, zones, [&](const ScpZone& part, bool is_protected) {
    const std::int64_t means = is_protected ? 0 : part.size() / rate;
    if (means > 0) {
      const auto held = static_cast<std::size_t>(rate / 2);
      samples.insert(samples.end(), held, *next);
      for (std::int64_t i = 1; i < means; ++i, ++next)
        for (int step = 0; step < rate; ++step)
          samples.push_back(next[0] + (double(next[1]) - next[0]) * step / rate);
      samples.insert(samples.end(), static_cast<std::size_t>(rate) - held, *next);
      ++next;
    }
    const auto end = next + (part.size() - means * rate);
    samples.insert(samples.end(), next, end);
    next = end;
  });
  return samples;
}

void add_scp_reference_beat(std::vector<double>& samples, const ScpZone& lead,
                            const ScpBeats& section, const std::vector<double>& reference,
                            const std::string& source) {
  std::int64_t added = 0;
  for (const ScpBeat& beat : section.beats) {
    const std::int64_t start = beat.fiducial - section.fiducial + 1;  // of the reference beat
    if (beat.zone.first < start)
      throw data_error(source, "section 4", "has a zone that begins before the reference beat");
    const ScpZone whole = {start, start + static_cast<std::int64_t>(reference.size()) - 1};
    const ScpZone zone = beat.zone.within(whole).within(lead);
    added += zone.size();
    // Zones may meet; more would let a short file ask for hours of work.
    if (added > kMostOverlap * lead.size())
      throw data_error(source, "section 4", "has zones that overlap");
    for (std::int64_t at = zone.first; at <= zone.last; ++at)
      samples[static_cast<std::size_t>(at - lead.first)] +=
          reference[static_cast<std::size_t>(at - start)];
  }
}

}  // namespace einthoven::format
