#include <doctest/doctest.h>

#include "einthoven/model/classifier/classifier.h"
#include "small_models.h"

using namespace einthoven;
using namespace einthoven::test;

namespace {

std::shared_ptr<model::Model> five_labels() {
  auto options = small_options("ecg_transformer_classifier");
  options["num_labels"] = 5;
  return filled_model(options);
}

void check_values(const at::Tensor& x, const std::vector<double>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(value(x, static_cast<std::int64_t>(i)) == doctest::Approx(expected[i]).epsilon(2e-5));
}

}  // namespace

TEST_CASE("logits agree with the golden values") {
  torch::NoGradGuard no_grad;
  const auto output = five_labels()->forward(small_input(false));
  check_values(output.logits_BK, {-1.274161, 0.230222, 0.102708, -0.724379, -1.919673, -1.522952,
                                  -0.498679, -0.483894, -0.305184, -2.017015});
}

TEST_CASE("with padding: logits agree and padded tokens are zero") {
  torch::NoGradGuard no_grad;
  const auto output = five_labels()->forward(small_input(true));
  check_values(output.logits_BK[1], {-1.691004, -0.705130, -0.492418, -0.178354, -2.251425});
  CHECK(abs_total(output.encoder_out_BND) == doctest::Approx(2884.791816).epsilon(1e-6));
  CHECK(abs_total(output.encoder_out_BND[1].slice(0, 25)) == 0);
}

TEST_CASE("saliency is the attention averaged over heads") {
  torch::NoGradGuard no_grad;
  auto input = small_input(false);
  input.saliency = true;
  const auto maps = five_labels()->forward(input).saliency_BYNN;
  CHECK(maps.sizes() == at::IntArrayRef({2, 2, 31, 31}));
  CHECK(total(maps) == doctest::Approx(124).epsilon(1e-6));
  check_values(maps, {0.016582, 0.025894, 0.009195, 0.063028});
}

TEST_CASE("a frozen encoder gets no gradient until its time has come") {
  auto options = small_options("ecg_transformer_classifier");
  options.update({{"num_labels", 3}, {"freeze_finetune_updates", 2}, {"feature_grad_mult", 0.0}});
  auto model = model::build_model(options);
  const auto gradients = [&](std::int64_t updates) {
    model->zero_grad();
    for (auto& parameter : model->parameters()) parameter.mutable_grad() = at::Tensor();
    model->set_num_updates(updates);
    model->forward(small_input(false)).logits_BK.sum().backward();
    std::map<std::string, bool> defined;
    for (const auto& parameter : model->named_parameters())
      defined[parameter.key()] = parameter.value().grad().defined();
    return defined;
  };
  auto frozen = gradients(1);
  CHECK(frozen["proj.weight"]);
  CHECK_FALSE(frozen["encoder.encoder.layers.0.fc1.weight"]);
  auto free = gradients(2);
  CHECK(free["encoder.encoder.layers.0.fc1.weight"]);
  CHECK_FALSE(free["encoder.feature_extractor.conv_layers.0.0.weight"]);
}

TEST_CASE("a classifier can learn one batch by heart") {
  torch::manual_seed(1);
  auto options = without_dropout(small_options("ecg_transformer_classifier"));
  options.update({{"num_labels", 3}, {"feature_grad_mult", 1.0}});
  auto model = model::build_model(options);
  model->train();
  auto input = small_input(false);
  const auto target = torch::tensor({{1.F, 0.F, 1.F}, {0.F, 1.F, 0.F}});
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-3));
  double loss = 0;
  for (int step = 0; step < 60; ++step) {
    optimizer.zero_grad();
    const auto error =
        torch::binary_cross_entropy_with_logits(model->forward(input).logits_BK, target);
    error.backward();
    optimizer.step();
    loss = error.item<double>();
  }
  CHECK(loss < 0.05);
}
