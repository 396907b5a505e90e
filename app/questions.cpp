#include <fmt/core.h>

#include <memory>

#include "app/commands.h"
#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/corpus/ecgqa_build.h"
#include "einthoven/corpus/ecgqa_ground.h"
#include "einthoven/corpus/ecgqa_map.h"
#include "einthoven/corpus/ecgqa_sample.h"
#include "einthoven/text/wordpiece.h"

namespace einthoven::app {
namespace {

constexpr const char* kMapped = "folder that `questions map` wrote";

void add_map(Command questions) {
  struct Arguments {
    std::string root, recordings, dest;
    corpus::QuestionMapOptions options;
  };
  auto args = std::make_shared<Arguments>();
  questions.subcommand("map", "add the file of its recordings to every question")
      .positional("src", args->root, "ecgqa/ptbxl or ecgqa/mimic-iv-ecg of the ECG-QA repository")
      .choice("--corpus", args->options.corpus, {"ptb-xl", "mimic-iv-ecg"},
              "what the recordings are of")
      .option("--recordings", args->recordings,
              "folder of the corpus: with records500, or with record_list.csv")
      .option("--dest", args->dest, "folder for the questions with ecg_path")
      .require("--corpus")
      .require("--recordings")
      .require("--dest")
      .flag("--skip-missing", args->options.skip_missing,
            "leave out questions about recordings that are not there")
      .footer([] {
        return std::string(
            "Example:\n  einthoven questions map ecg-qa/ecgqa/ptbxl --corpus ptb-xl "
            "--recordings ptb-xl-1.0.3 --dest mapped");
      })
      .run([args](const Globals&) {
        auto& options = args->options;
        options.root = args->root;
        options.recordings = args->recordings;
        options.dest = args->dest;
        const auto report = corpus::map_questions(options);
        fmt::print("{} questions, {} left out\n", report.questions, report.missing);
        return 0;
      });
}

std::function<std::int64_t(std::string_view)> token_counter(const std::string& vocabulary) {
  if (vocabulary.empty()) {
    log_warn("--vocab: not given; the manifests count words, not WordPiece tokens");
    return [](std::string_view text) {
      return static_cast<std::int64_t>(text::uncased_words(text).size()) + 2;
    };
  }
  auto pieces = std::make_shared<text::WordPiece>(vocabulary);
  return [pieces](std::string_view text) {
    return static_cast<std::int64_t>(pieces->encode(text).size());
  };
}

void add_build(Command questions) {
  struct Arguments {
    std::string root, dest, vocabulary, ids = "all";
    corpus::QuestionBuildOptions options;
  };
  auto args = std::make_shared<Arguments>();
  questions.subcommand("build", "write a .mat file for every question, and manifests")
      .positional("src", args->root, kMapped)
      .option("--dest", args->dest, "folder for train/, valid/, test/ and their .tsv files")
      .require("--dest")
      .flag("--paraphrased", args->options.paraphrased, "the paraphrased questions")
      .option("--vocab", args->vocabulary, "vocab.txt of bert-base-uncased, to count tokens")
      .choice("--attribute-ids", args->ids, {"all", "subset"},
              "number the attributes of all subsets together, or each subset's own (reference)")
      .footer([] {
        return std::string(
            "Example:\n  einthoven questions build mapped --paraphrased --vocab vocab.txt "
            "--dest qa");
      })
      .run([args](const Globals&) {
        auto& options = args->options;
        options.root = args->root;
        options.dest = args->dest;
        options.attribute_ids =
            args->ids == "all" ? corpus::AttributeIds::all : corpus::AttributeIds::subset;
        options.count_tokens = token_counter(args->vocabulary);
        const auto report = corpus::build_questions(options);
        fmt::print("{} questions, {} quarantined\n", report.questions, report.quarantined);
        return 0;
      });
}

void add_ground(Command questions) {
  struct Arguments {
    std::string root, dest, classes;
  };
  auto args = std::make_shared<Arguments>();
  questions
      .subcommand("ground",
                  "the facts in the answers as classification data, by leads and attribute")
      .positional("src", args->root, kMapped)
      .option("--dest", args->dest, "folder for train/, valid/, test/ and grounding_class.csv")
      .require("--dest")
      .option("--classes", args->classes,
              "grounding_class.csv (default: the attributes of the test questions)")
      .footer([] {
        return std::string("Example:\n  einthoven questions ground mapped --dest grounding");
      })
      .run([args](const Globals&) {
        const auto report = corpus::write_grounding({args->root, args->dest, args->classes});
        fmt::print("{} classes, {} files, {} facts, {} conflicts, {} quarantined\n", report.classes,
                   report.files, report.facts, report.conflicts, report.quarantined);
        return 0;
      });
}

void add_sample(Command questions) {
  struct Arguments {
    std::string data;
    std::int64_t seed = 42;
    corpus::QuestionSampleOptions options;
  };
  auto args = std::make_shared<Arguments>();
  questions.subcommand("sample", "a manifest with a share of the questions of every type")
      .positional("src", args->data, "folder that `questions build` wrote")
      .option("--subset", args->options.subset, "manifest to draw from")
      .option("--share", args->options.share, "share of the questions of each type")
      .option("--python-seed", args->seed, "seed of Python's random.Random")
      .footer([] { return std::string("Example:\n  einthoven questions sample qa --subset test"); })
      .run([args](const Globals&) {
        args->options.data = args->data;
        args->options.seed = static_cast<std::uint32_t>(args->seed);
        fmt::print("{}/{}_sampled.tsv: {} rows\n", args->data, args->options.subset,
                   corpus::sample_questions(args->options));
        return 0;
      });
}

}  // namespace

void add_questions(Command root) {
  Command questions = root.subcommand("questions", "ECG-QA: questions about recordings");
  add_map(questions);
  add_build(questions);
  add_ground(questions);
  add_sample(questions);
}

}  // namespace einthoven::app
