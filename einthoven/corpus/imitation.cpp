#include "einthoven/corpus/imitation.h"

#include <fmt/core.h>

#include <chrono>
#include <map>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/imitation_layout.h"
#include "einthoven/corpus/wfdb_databases.h"

namespace einthoven::corpus {
namespace {

using namespace signal::simulator;

using Write = std::function<void(const fs::path&, std::int64_t, const DrawRecord&)>;

struct Chosen {
  double rate_hz = 0;
  double seconds = 0;
  Write write;
};

Chosen choose(const std::string& corpus) {
  for (const auto layouts : {table_layouts(), exam_layouts()})
    for (const ImitationLayout& layout : layouts)
      if (layout.corpus == corpus) return {layout.rate_hz, layout.seconds, layout.write};
  if (const WfdbDatabase* database = find_wfdb_database(corpus))
    return {database->rate_hz, database->seconds,
            [database](const fs::path& dest, std::int64_t count, const DrawRecord& draw) {
              imitate_database(*database, dest, count, draw);
            }};
  throw usage_error(fmt::format("simulate: as: unknown corpus (got \"{}\", want {}){}", corpus,
                                join(imitated_corpora(), ", "),
                                did_you_mean(corpus, imitated_corpora())));
}

}  // namespace

bool ImitatedRecord::is_normal() const {
  return ecg.conditions == std::vector<Condition>{Condition::sinus_rhythm};
}

std::vector<std::string> ImitatedRecord::report() const {
  std::vector<std::string> lines;
  for (const Condition condition : ecg.conditions) {
    lines.emplace_back(info_of(condition).name);
    lines.back()[0] = static_cast<char>(std::toupper(lines.back()[0]));
  }
  lines.emplace_back(is_normal() ? "Normal ECG" : "Abnormal ECG");
  return lines;
}

std::string ImitatedRecord::date() const {
  using namespace std::chrono;
  const year_month_day then(sys_days(year_month_day{year(2020), January, day(1)}) +
                            days(number % 1400));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(then.year()),
                     static_cast<unsigned>(then.month()), static_cast<unsigned>(then.day()));
}

std::vector<std::string> imitated_corpora() {
  std::vector<std::string> names;
  for (const auto layouts : {table_layouts(), exam_layouts()})
    for (const ImitationLayout& layout : layouts) names.emplace_back(layout.corpus);
  for (const WfdbDatabase& database : wfdb_databases()) names.emplace_back(database.name);
  return names;
}

SimulatedCorpusSummary write_imitation(const fs::path& dest, const ImitationOptions& options,
                                       const std::function<void()>& advanced) {
  const Chosen chosen = choose(options.corpus);
  const auto patients = simulated_patients(options.count, options.seed);
  prepare_simulated_folder(dest);
  std::vector<Condition> classes = options.classes;
  if (classes.empty())
    for (const ConditionInfo& info : all_conditions()) classes.push_back(info.condition);
  std::map<Condition, std::int64_t> shown;
  const DrawRecord draw = [&](std::int64_t number) {
    ImitatedRecord record;
    const auto at = static_cast<std::size_t>(number);
    record.number = number;
    record.patient = patients[at];
    for (std::size_t i = at + 1; i-- > 0 && patients[i] == record.patient;) ++record.visit;
    record.person = draw_patient(options.seed, record.patient,
                                 classes[record.patient % classes.size()], classes);
    Scenario scenario = draw_scenario(record.person, at);
    scenario.rate_hz = chosen.rate_hz;
    scenario.seconds = options.seconds > 0 ? options.seconds : chosen.seconds;
    scenario.noise = options.noise;
    record.ecg = simulate_ecg(record.person, scenario);
    for (const Condition condition : record.ecg.conditions) ++shown[condition];
    if (advanced) advanced();
    return record;
  };
  chosen.write(dest, options.count, draw);
  sync_file_system(dest);
  return {
      options.count, static_cast<std::int64_t>(patients.back()) + 1, {shown.begin(), shown.end()}};
}

}  // namespace einthoven::corpus
