// The program behind the commands that need LibTorch; started by `einthoven`.
#include "app/command.h"
#include "app/model/commands.h"
#include "einthoven/base/memory.h"
#include "einthoven/nn/tensor_memory.h"

namespace app = einthoven::app;

int main(int argc, char** argv) {
  einthoven::keep_freed_memory();
  einthoven::nn::use_tensor_memory();
  return app::run_program(
      argc, argv,
      {app::add_convert, app::add_embed, app::add_evaluate, app::add_infer, app::add_inspect,
       app::add_recipes, app::add_report, app::add_saliency, app::add_train, app::add_verify});
}
