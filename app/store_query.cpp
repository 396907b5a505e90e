#include <fmt/core.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/store_commands.h"
#include "einthoven/base/csv.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/query.h"
#include "einthoven/store/store.h"

namespace einthoven::app {
namespace {

struct Arguments {
  std::string store, format = "csv";
  double rate_hz = 0;
  store::Query query;
};

void print_json(const std::vector<store::Found>& found) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& r : found)
    list.push_back({{"idx", r.idx},
                    {"name", r.name},
                    {"dataset", r.dataset},
                    {"patient", r.patient},
                    {"sample_rate", r.rate_hz},
                    {"sample_size", r.samples},
                    {"first_row", r.first_row},
                    {"segments", r.segments}});
  fmt::print("{}\n", list.dump(1));
}

void print_csv(const std::vector<store::Found>& found) {
  fmt::print("idx,name,dataset,patient,sample_rate,sample_size,first_row,segments\n");
  for (const auto& r : found)
    fmt::print("{}", csv_line({std::to_string(r.idx), r.name, r.dataset, r.patient,
                               python_float(r.rate_hz), std::to_string(r.samples),
                               std::to_string(r.first_row), std::to_string(r.segments)}));
}

void print_keys(const std::vector<store::Found>& found) {
  for (const auto& r : found)
    for (std::int64_t number = 0; number < r.segments; ++number)
      fmt::print("{}\n", store::segment_key(r.name, number));
}

int query(Arguments& args) {
  if (args.rate_hz > 0) args.query.rate_hz = args.rate_hz;
  const auto found = store::query_store(args.store, args.query);
  if (args.format == "json")
    print_json(found);
  else if (args.format == "keys")
    print_keys(found);
  else
    print_csv(found);
  return 0;
}

}  // namespace

void add_store_query(Command store_command) {
  auto args = std::make_shared<Arguments>();
  auto& query_ = args->query;
  store_command.subcommand("query", "list the recordings that fulfil all conditions")
      .positional("store", args->store, "a folder NAME.ecgstore")
      .option("--label", query_.labels, "has this label: NAME or KIND:NAME, e.g. dx:426783006")
      .option("--without", query_.without, "does not have this label")
      .option("--rate", args->rate_hz, "original sample rate in Hz")
      .option("--lead", query_.leads, "has this lead, and it is not flat")
      .option("--patient", query_.patient, "salted hash of the patient")
      .option("--split", query_.splits, "SCHEME=PART, e.g. strat_fold=10")
      .option("--field", query_.fields, "NAME=VALUE, e.g. sex=1")
      .option("--dataset", query_.dataset, "part of the corpus")
      .option("--source", query_.source, "corpus")
      .option("--limit", query_.limit, "at most so many recordings (-1: all)")
      .choice("--format", args->format, {"csv", "json", "keys"},
              "keys: record:number of every segment, as manifests name them")
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven store query cinc.ecgstore --label 164889003 --without 426783006\n"
            "  einthoven store query ptbxl.ecgstore --label scp:AFIB --split strat_fold=10");
      })
      .run([args](const Globals&) { return query(*args); });
}

}  // namespace einthoven::app
