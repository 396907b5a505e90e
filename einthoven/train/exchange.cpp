#include "einthoven/train/exchange.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

namespace einthoven::train {
namespace {

using Json = nlohmann::json;

Json to_json(const StepLog& log) {
  Json values = Json::array();
  for (const task::LogValue& value : log.values)
    values.push_back({value.name, value.value, static_cast<int>(value.reduce)});
  return {log.sample_size, log.signals, values};
}

StepLog from_json(const Json& json) {
  StepLog log{.values = {}, .sample_size = json[0], .signals = json[1]};
  for (const Json& value : json[2])
    log.values.push_back({value[0], value[1], static_cast<task::Reduce>(value[2].get<int>())});
  return log;
}

template <class T>
void append(std::string& bytes, const std::vector<T>& values) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

template <class T>
std::vector<T> take(const std::string& bytes, std::size_t from, std::size_t count) {
  std::vector<T> values(count);
  std::memcpy(values.data(), bytes.data() + from, count * sizeof(T));
  return values;
}

}  // namespace

std::vector<StepLog> all_logs(distributed::Group& group, const std::vector<StepLog>& mine) {
  if (group.size() == 1) return mine;
  Json sent = Json::array();
  for (const StepLog& log : mine) sent.push_back(to_json(log));
  const auto packed = Json::to_msgpack(sent);
  std::vector<Json> received;
  std::size_t most = 0;
  for (const std::string& bytes : group.gather(std::string(packed.begin(), packed.end()))) {
    received.push_back(Json::from_msgpack(bytes));
    most = std::max(most, received.back().size());
  }
  std::vector<StepLog> all;
  for (std::size_t i = 0; i < most; ++i)
    for (const Json& of_process : received)
      if (i < of_process.size() && !of_process[i][2].empty())
        all.push_back(from_json(of_process[i]));
  return all;
}

Agreement agree(distributed::Group& group, const Agreement& mine) {
  if (group.size() == 1) return mine;
  std::string sent;
  append(sent, std::vector<double>{mine.seconds, mine.signaled ? 1.0 : 0.0});
  const auto received = group.gather(sent);
  Agreement agreed{.seconds = take<double>(received.front(), 0, 2)[0]};
  for (const std::string& bytes : received)
    agreed.signaled = agreed.signaled || take<double>(bytes, 0, 2)[1] != 0;
  return agreed;
}

std::vector<float> all_rows(distributed::Group& group, const BatchRows& mine) {
  if (group.size() == 1) return mine.values;
  std::string sent;
  append(sent, std::vector<std::int64_t>{static_cast<std::int64_t>(mine.sizes.size())});
  append(sent, mine.sizes);
  append(sent, mine.values);
  struct Source {
    std::vector<std::int64_t> sizes;
    std::vector<float> values;
    std::size_t used = 0;
  };
  std::vector<Source> sources;
  std::size_t most = 0;
  for (const std::string& bytes : group.gather(sent)) {
    const auto count = static_cast<std::size_t>(take<std::int64_t>(bytes, 0, 1)[0]);
    const std::size_t head = (count + 1) * sizeof(std::int64_t);
    sources.push_back({take<std::int64_t>(bytes, sizeof(std::int64_t), count),
                       take<float>(bytes, head, (bytes.size() - head) / sizeof(float))});
    most = std::max(most, count);
  }
  std::vector<float> all;
  for (std::size_t i = 0; i < most; ++i)
    for (Source& source : sources) {
      if (i >= source.sizes.size()) continue;
      const auto begin = source.values.begin() + static_cast<std::ptrdiff_t>(source.used);
      all.insert(all.end(), begin, begin + source.sizes[i]);
      source.used += static_cast<std::size_t>(source.sizes[i]);
    }
  return all;
}

}  // namespace einthoven::train
