#include "einthoven/distributed/group.h"

#include <fmt/format.h>
#include <torch/types.h>

namespace einthoven::distributed {
namespace {

class AloneSum final : public GradientSum {
 public:
  void backward(const at::Tensor& loss) override { loss.backward(); }
  double finish() override { return 1; }
};

class Alone final : public Group {
 public:
  Alone() : Group({}) {}
  void sum(at::Tensor&) override {}
  void broadcast(const std::vector<at::Tensor>&, int) override {}
  std::vector<std::string> gather(const std::string& bytes) override { return {bytes}; }
  std::vector<std::string> collect(const std::string& bytes) override { return {bytes}; }
  std::unique_ptr<GradientSum> gradient_sum(const std::vector<at::Tensor>&,
                                            const Travel&) override {
    return std::make_unique<AloneSum>();
  }
};

}  // namespace

std::string Group::broadcast(const std::string& bytes) {
  return gather(is_first() ? bytes : std::string()).front();
}

void Group::wait_for_all() { gather({}); }

std::unique_ptr<Group> alone() { return std::make_unique<Alone>(); }

Error distributed_error(const Place& place, const std::string& problem) {
  return Error(
      ErrorKind::distributed, fmt::format("process {} of {}: {}", place.rank, place.size, problem),
      "the same command, with any number of processes, continues from the last checkpoint");
}

}  // namespace einthoven::distributed
