#include "einthoven/text/labeler/labeler_config.h"

#include <fmt/core.h>

#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "einthoven/base/strings.h"
#include "einthoven/text/labeler/json_node.h"

namespace einthoven::text {
namespace {

constexpr std::size_t kMostItems = 20'000;

/// Names of one kind and their numbers.
class Names {
 public:
  explicit Names(std::string kind) : kind_(std::move(kind)) {}

  void add(const JsonNode& node) {
    if (!numbers_.emplace(node.text(), static_cast<int>(names_.size())).second)
      node.fail(fmt::format("repeated {} (got \"{}\")", kind_, node.text()));
    names_.push_back(node.text());
  }
  int operator[](const JsonNode& node) const {
    const auto found = numbers_.find(node.text());
    if (found == numbers_.end())
      node.fail(fmt::format("unknown {} (got \"{}\"){}", kind_, node.text(),
                            did_you_mean(node.text(), names_)));
    return found->second;
  }
  int find(const std::string& name) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? -1 : found->second;
  }

 private:
  std::string kind_;
  std::unordered_map<std::string, int> numbers_;
  std::vector<std::string> names_;
};

class Reader {
 public:
  explicit Reader(fs::path folder) : folder_(std::move(folder)) {}

  LabelerConfig read() {
    read_entities();
    config_.above = closure();
    read_descriptors();
    read_uncertainty();
    read_entity_patterns();
    read_descriptor_patterns();
    read_connectives();
    read_relations();
    check_patterns();
    config_.absence = descriptors_.find("Absence");
    config_.needs_correlation = entities_.find("Needs clinical correlation");
    return std::move(config_);
  }

 private:
  /// Calls `take` for each item of `name`.json, if there is such a file.
  void each(const std::string& name, const std::function<void(const JsonNode&)>& take,
            bool required = false) {
    const fs::path path = folder_ / (name + ".json");
    if (!required && !fs::exists(path)) return;
    const JsonFile file(path);
    const auto items = file.root().list();
    if (items.size() > kMostItems) file.root().fail(fmt::format("more than {} items", kMostItems));
    for (const JsonNode& item : items) take(item);
  }

  void read_entities() {
    each(
        "entity_tem",
        [&](const JsonNode& item) {
          entities_.add(item.at("name"));
          const auto flag = item.find("require_descriptors");
          config_.entities.push_back({item.at("name").text(), {}, flag && flag->boolean()});
        },
        true);
    std::size_t entity = 0;
    each(
        "entity_tem",
        [&](const JsonNode& item) {
          config_.entities[entity++].parents = names(item.find("sup"), entities_);
        },
        true);
  }

  void read_descriptors() {
    each("desc_tem", [&](const JsonNode& item) {
      descriptors_.add(item.at("name"));
      config_.descriptors.push_back(
          {item.at("name").text(), names(item.find("create_entities"), entities_), std::nullopt});
    });
    each("split_desc_tem", [&](const JsonNode& item) {
      const auto& name = item.at("name").text();
      if (descriptors_.find(name) >= 0 || splits_.contains(name))
        item.at("name").fail(fmt::format("repeated descriptor (got \"{}\")", name));
      splits_[name] = names(item.at("split"), descriptors_);
    });
  }

  void read_uncertainty() {
    const fs::path path = folder_ / "uncertainty_map.json";
    if (!fs::exists(path)) return;
    const JsonFile file(path);
    for (const auto& [name, node] : file.root().items()) {
      const double probability = node.number();
      if (!(probability >= 0 && probability <= 1))
        node.fail(fmt::format("no probability (got {}, want 0 to 1)", probability));
      const int descriptor = descriptors_.find(name);
      if (descriptor >= 0)
        config_.descriptors[static_cast<std::size_t>(descriptor)].probability = probability;
    }
  }

  void read_entity_patterns() {
    each(
        "entity_pat",
        [&](const JsonNode& item) {
          Pattern pattern = named(item.at("pattern"), PatternKind::entity);
          if (const auto list = item.find("entities")) pattern.entities = mentions(*list);
          config_.patterns.push_back(std::move(pattern));
        },
        true);
  }

  void read_descriptor_patterns() {
    each("desc_pat", [&](const JsonNode& item) {
      Pattern pattern = named(item.at("pattern"), side(item.find("before_after")));
      pattern.descriptors = described(item.at("descriptors"));
      const auto early = item.find("parse_before_entities");
      pattern.early = early && early->boolean();
      pattern.within_sentence = within_sentence(item);
      config_.patterns.push_back(std::move(pattern));
    });
    for (const char* file : {"desc_tem", "split_desc_tem"})
      each(file, [&](const JsonNode& item) {
        const auto texts = item.find("patterns");
        if (!texts) return;
        for (const JsonNode& text : texts->list_or_one()) {
          Pattern pattern = named(text, PatternKind::before);
          pattern.descriptors = described(item.at("name"));
          config_.patterns.push_back(std::move(pattern));
        }
      });
  }

  void read_connectives() {
    each("connective", [&](const JsonNode& item) {
      Pattern pattern = named(item.at("pattern"), PatternKind::connective);
      if (const auto sides = item.find("descriptors")) {
        const auto [left, right] = sides->pair();
        pattern.descriptors = described(left);
        pattern.right_descriptors = described(right);
      }
      pattern.within_sentence = within_sentence(item);
      config_.patterns.push_back(std::move(pattern));
    });
  }

  void read_relations() {
    each("compound_tem", [&](const JsonNode& item) {
      const auto excluding = item.find("excluding");
      config_.compounds.push_back({entities_[item.at("entity")], mentions(item.at("including")),
                                   excluding ? mentions(*excluding) : std::vector<Mention>{}});
    });
    each("attached_desc_tem", [&](const JsonNode& item) {
      config_.attached.push_back({entities_[item.at("resulting_entity")],
                                  entities_[item.at("entity")],
                                  descriptors_[item.at("descriptor")]});
    });
    each("traveling_desc_tem", [&](const JsonNode& item) {
      config_.traveling.push_back(
          {entities_[item.at("entity")], described(item.at("descriptors"))});
    });
  }

  void check_patterns() {
    std::unordered_set<std::u32string_view> known;
    for (const Pattern& pattern : config_.patterns)
      if (!known.insert(pattern.text).second) repeated(pattern.text);
  }

  /// Names the file in which a repeated pattern stands for the second time.
  void repeated(const std::u32string& text) {
    bool seen = false;
    for (const char* file : {"entity_pat", "desc_pat", "connective"})
      each(file, [&](const JsonNode& item) {
        if (item.at("pattern").codes() != text) return;
        if (seen)
          item.at("pattern").fail(
              fmt::format("repeated pattern (got \"{}\")", item.at("pattern").text()));
        seen = true;
      });
    const JsonFile file(folder_ / "desc_tem.json");
    file.root().fail("a pattern of a descriptor is repeated");
  }

  static Pattern named(const JsonNode& node, PatternKind kind) {
    Pattern pattern;
    pattern.text = node.codes();
    pattern.kind = kind;
    if (pattern.text.empty()) node.fail("is empty");
    return pattern;
  }

  static bool within_sentence(const JsonNode& item) {
    const auto flag = item.find("within_sentence");
    return flag && flag->boolean();
  }

  static PatternKind side(const std::optional<JsonNode>& node) {
    if (!node || node->text() == "b") return PatternKind::before;
    if (node->text() == "a") return PatternKind::after;
    if (node->text() == "ab") return PatternKind::either;
    if (node->text() != "clause")
      node->fail(fmt::format("unknown side (got \"{}\", want b, a, ab or clause)", node->text()));
    return PatternKind::clause;
  }

  static std::vector<int> names(const std::optional<JsonNode>& list, const Names& known) {
    std::vector<int> numbers;
    if (!list) return numbers;
    for (const JsonNode& node : list->list_or_one()) numbers.push_back(known[node]);
    return numbers;
  }

  /// Descriptors by name or as {tem: name}. The parts of split ones come after the whole ones.
  std::vector<int> described(const std::optional<JsonNode>& list) const {
    std::vector<int> whole;
    std::vector<int> parts;
    if (!list) return whole;
    for (const JsonNode& node : list->list_or_one()) {
      const JsonNode name = node.is_text() ? node : node.at("tem");
      const auto split = splits_.find(name.text());
      if (split == splits_.end()) {
        whole.push_back(descriptors_[name]);
      } else {
        parts.insert(parts.end(), split->second.begin(), split->second.end());
      }
    }
    whole.insert(whole.end(), parts.begin(), parts.end());
    return whole;
  }

  std::vector<Mention> mentions(const JsonNode& list) const {
    std::vector<Mention> all;
    for (const JsonNode& node : list.list_or_one()) {
      if (node.is_text()) {
        all.push_back({entities_[node], {}});
      } else {
        all.push_back({entities_[node.at("tem")], described(node.find("descriptors"))});
      }
    }
    return all;
  }

  std::vector<std::vector<bool>> closure() {
    const std::size_t count = config_.entities.size();
    std::vector<std::vector<bool>> above(count, std::vector<bool>(count, false));
    std::vector<int> state(count, 0);  // 1: being visited, 2: done
    const std::function<void(std::size_t)> visit = [&](std::size_t entity) {
      if (state[entity] == 1) {
        const JsonFile file(folder_ / "entity_tem.json");
        file.root().fail(fmt::format("\"{}\" is its own ancestor", config_.entities[entity].name));
      }
      if (state[entity] == 2) return;
      state[entity] = 1;
      for (const int parent : config_.entities[entity].parents) {
        const auto p = static_cast<std::size_t>(parent);
        visit(p);
        above[entity][p] = true;
        for (std::size_t y = 0; y < count; ++y)
          if (above[p][y]) above[entity][y] = true;
      }
      state[entity] = 2;
    };
    for (std::size_t entity = 0; entity < count; ++entity) visit(entity);
    return above;
  }

  fs::path folder_;
  LabelerConfig config_;
  Names entities_{"entity"}, descriptors_{"descriptor"};
  std::unordered_map<std::string, std::vector<int>> splits_;
};

}  // namespace

int LabelerConfig::find_entity(std::string_view name) const {
  for (std::size_t i = 0; i < entities.size(); ++i)
    if (entities[i].name == name) return static_cast<int>(i);
  return -1;
}

LabelerConfig read_labeler_config(const fs::path& folder) { return Reader(folder).read(); }

}  // namespace einthoven::text
