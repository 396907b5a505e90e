#include "einthoven/corpus/ecgqa_leads.h"

#include <fmt/core.h>

#include <array>
#include <map>

#include "einthoven/base/error.h"

namespace einthoven::corpus {
namespace {

using Leads = std::vector<std::int64_t>;

const Leads kAll = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

const std::map<std::string_view, Leads>& groups() {
  static const std::map<std::string_view, Leads> all = {
      {"entire", kAll},
      {"lead I", {0}},
      {"lead II", {1}},
      {"lead III", {2}},
      {"lead aVR", {3}},
      {"lead aVL", {4}},
      {"lead aVF", {5}},
      {"lead V1", {6}},
      {"lead V2", {7}},
      {"lead V3", {8}},
      {"lead V4", {9}},
      {"lead V5", {10}},
      {"lead V6", {11}},
      {"limb leads", {0, 1, 2, 3, 4, 5}},
      {"chest leads", {6, 7, 8, 9, 10, 11}},
      {"inferior leads", {1, 2, 5}},
      {"inferoseptal leads", {1, 2, 5, 6, 7}},
      {"inferolateral leads", {0, 1, 2, 4, 5, 10, 11}},
      {"inferoposterior leads", {1, 2, 5, 6, 7, 8}},
      {"inferoposterolateral leads", {0, 1, 2, 4, 5, 6, 7, 8, 10, 11}},
      {"anterior leads", {8, 9}},
      {"anteroseptal leads", {6, 7, 8, 9}},
      {"anterolateral leads", {0, 4, 8, 9, 10, 11}},
      {"lateral leads", {0, 4, 10, 11}},
      {"septal leads", {6, 7}},
      {"posterior leads", {9, 10, 11}},
      {"frontal leads", {0, 1, 2, 3, 4, 5}},
      {"horizontal leads", {6, 7, 8, 9, 10, 11}},
      {"diffuse leads", kAll},
      {"frontal and horizontal leads", kAll}};
  return all;
}

/// Longer names before those that they begin with.
constexpr std::array<std::string_view, 14> kNamedInQuestions = {
    "lead III", "lead II", "lead I",  "lead aVR", "lead aVL", "lead aVF",   "lead V1",
    "lead V2",  "lead V3", "lead V4", "lead V5",  "lead V6",  "limb leads", "chest leads"};

constexpr std::array<std::string_view, 9> kGroupsInQuestions = {
    "anterior leads", "inferior leads",   "frontal and horizontal leads",
    "septal leads",   "lateral leads",    "posterior leads",
    "frontal leads",  "horizontal leads", "diffuse leads"};

/// The first of `names` with which some text after `before` begins.
template <std::size_t N>
std::optional<std::string_view> name_after(std::string_view text, std::string_view before,
                                           const std::array<std::string_view, N>& names) {
  for (std::size_t at = text.find(before); at != std::string_view::npos;
       at = text.find(before, at + 1))
    for (const std::string_view name : names)
      if (text.substr(at + before.size()).starts_with(name)) return name;
  return std::nullopt;
}

}  // namespace

const std::vector<std::int64_t>& lead_group(std::string_view name) {
  const auto found = groups().find(name);
  if (found == groups().end())
    throw data_error("question", "leads", fmt::format("unknown group (got \"{}\")", name));
  return found->second;
}

std::optional<std::string> lead_in_question(std::string_view question) {
  const auto name = name_after(question, " in ", kNamedInQuestions);
  return name ? std::optional<std::string>(*name) : std::nullopt;
}

std::optional<std::string> lead_group_of_attribute(std::string_view question,
                                                   std::string_view attribute) {
  const auto name = name_after(question, std::string(attribute) + " in ", kGroupsInQuestions);
  if (!name) return std::nullopt;
  return lead_group(*name) == kAll ? "entire" : std::string(*name);
}

std::string lead_group_in_attribute(std::string_view attribute) {
  constexpr std::string_view kLeads = " leads";
  const std::size_t in = attribute.find("in ");
  const std::size_t leads = attribute.rfind(kLeads);
  if (in == std::string_view::npos || leads == std::string_view::npos || leads < in + 3)
    return "entire";
  const std::string group(attribute.substr(in + 3, leads + kLeads.size() - in - 3));
  return group.find("frontal and horizontal") == std::string::npos ? group : "entire";
}

}  // namespace einthoven::corpus
