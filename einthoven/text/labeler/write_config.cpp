#include "einthoven/text/labeler/write_config.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/unicode.h"

namespace einthoven::text {
namespace {

using Json = nlohmann::ordered_json;

class ConfigWriter {
 public:
  ConfigWriter(const LabelerConfig& config, fs::path folder)
      : config_(config), folder_(std::move(folder)) {}

  void write() const {
    Json entities = Json::array();
    for (const auto& entity : config_.entities) {
      Json item = {{"name", entity.name}};
      if (!entity.parents.empty()) item["sup"] = entities_named(entity.parents);
      if (entity.needs_descriptor) item["require_descriptors"] = true;
      entities.push_back(std::move(item));
    }
    put("entity_tem", entities);
    put_descriptors();
    put_patterns();
    put_relations();
  }

 private:
  void put(const std::string& name, const Json& content) const {
    if (content.empty() && !name.starts_with("entity_")) return;
    write_file_atomically(folder_ / (name + ".json"), content.dump(1) + "\n");
  }

  const std::string& entity(int number) const {
    return config_.entities[static_cast<std::size_t>(number)].name;
  }
  const std::string& descriptor(int number) const {
    return config_.descriptors[static_cast<std::size_t>(number)].name;
  }
  Json entities_named(const std::vector<int>& numbers) const {
    Json names = Json::array();
    for (const int number : numbers) names.push_back(entity(number));
    return names;
  }
  Json descriptors_named(const std::vector<int>& numbers) const {
    Json names = Json::array();
    for (const int number : numbers) names.push_back({{"tem", descriptor(number)}});
    return names;
  }
  Json mentions(const std::vector<Mention>& all) const {
    Json items = Json::array();
    for (const Mention& mention : all)
      items.push_back(mention.descriptors.empty()
                          ? Json(entity(mention.entity))
                          : Json{{"tem", entity(mention.entity)},
                                 {"descriptors", descriptors_named(mention.descriptors)}});
    return items;
  }

  void put_descriptors() const {
    Json templates = Json::array();
    Json uncertainty = Json::object();
    for (const auto& descriptor : config_.descriptors) {
      Json item = {{"name", descriptor.name}};
      if (!descriptor.creates.empty()) item["create_entities"] = entities_named(descriptor.creates);
      templates.push_back(std::move(item));
      if (descriptor.probability) uncertainty[descriptor.name] = *descriptor.probability;
    }
    put("desc_tem", templates);
    put("uncertainty_map", uncertainty);
  }

  Json descriptor_pattern(const Pattern& pattern) const {
    Json item = {{"pattern", utf8_from_utf32(pattern.text)},
                 {"descriptors", descriptors_named(pattern.descriptors)}};
    if (pattern.kind == PatternKind::after) item["before_after"] = "a";
    if (pattern.kind == PatternKind::either) item["before_after"] = "ab";
    if (pattern.kind == PatternKind::clause) item["before_after"] = "clause";
    if (pattern.early) item["parse_before_entities"] = true;
    if (pattern.within_sentence) item["within_sentence"] = true;
    return item;
  }

  Json connective(const Pattern& pattern) const {
    Json item = {{"pattern", utf8_from_utf32(pattern.text)},
                 {"descriptors", Json::array({descriptors_named(pattern.descriptors),
                                              descriptors_named(pattern.right_descriptors)})}};
    if (pattern.within_sentence) item["within_sentence"] = true;
    return item;
  }

  void put_patterns() const {
    Json entities = Json::array(), descriptors = Json::array(), connectives = Json::array();
    for (const Pattern& pattern : config_.patterns) {
      if (pattern.kind == PatternKind::entity)
        entities.push_back(
            {{"pattern", utf8_from_utf32(pattern.text)}, {"entities", mentions(pattern.entities)}});
      else if (pattern.kind == PatternKind::connective)
        connectives.push_back(connective(pattern));
      else
        descriptors.push_back(descriptor_pattern(pattern));
    }
    put("entity_pat", entities);
    put("desc_pat", descriptors);
    put("connective", connectives);
  }

  void put_relations() const {
    Json compounds = Json::array(), attached = Json::array(), traveling = Json::array();
    for (const Compound& compound : config_.compounds)
      compounds.push_back({{"entity", entity(compound.entity)},
                           {"including", mentions(compound.including)},
                           {"excluding", mentions(compound.excluding)}});
    for (const Attached& a : config_.attached)
      attached.push_back({{"resulting_entity", entity(a.result)},
                          {"entity", entity(a.entity)},
                          {"descriptor", descriptor(a.descriptor)}});
    for (const Traveling& t : config_.traveling)
      traveling.push_back(
          {{"entity", entity(t.entity)}, {"descriptors", descriptors_named(t.descriptors)}});
    put("compound_tem", compounds);
    put("attached_desc_tem", attached);
    put("traveling_desc_tem", traveling);
  }

  const LabelerConfig& config_;
  fs::path folder_;
};

}  // namespace

void write_labeler_config(const LabelerConfig& config, const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder) && fs::is_empty(folder)))
    throw usage_error(folder.string() + ": exists and is not an empty folder");
  fs::create_directories(folder, error);
  if (error) throw io_error(folder.string(), "cannot create folder: " + error.message());
  ConfigWriter(config, folder).write();
}

void copy_normaliser(const fs::path& from, const fs::path& rules, const fs::path& to) {
  for (const char* name : {"replacements.json", "preprocess_rules.json"}) {
    const fs::path file =
        rules.empty() || std::string_view(name) != "preprocess_rules.json" ? from / name : rules;
    if (fs::exists(file)) copy_file_synced(file, to / name);
  }
}

}  // namespace einthoven::text
