# Two commands suffice on a fresh machine: `make demo` and `make test`.
# Variables: JOBS, PRESET, PREFIX, DATA, EINTHOVEN_TORCH (root of a LibTorch), EINTHOVEN_CXX.
JOBS ?= $(shell nproc)
PRESET ?= release
PREFIX ?= /usr/local
BUILD := build/$(PRESET)
PYTHON := .venv/bin/python
export EINTHOVEN_CXX ?= $(firstword $(wildcard /usr/bin/clang++-14 /usr/bin/clang++) g++)
export EINTHOVEN_TORCH ?=

.PHONY: help setup configure build demo test unit lint format bench install clean

help:
	@echo "make demo [DATA=DIR]   set up, build, run the main job; the report is demo/report.html"
	@echo "make test              set up, build, run every test"
	@echo "make build             the program at build/einthoven (PRESET=release|debug|asan|tsan|cuda)"
	@echo "make lint | format     clang-format, clang-tidy, style checks | rewrite in our format"
	@echo "make bench             benchmarks, beside their peers where there is one"
	@echo "make install PREFIX=/usr/local"

setup:
	@bash scripts/setup.sh

configure: setup
	@cmake --preset $(PRESET) $(CMAKE_ARGS) > build/configure.log 2>&1 || (cat build/configure.log; exit 1)

build: configure
	@cmake --build $(BUILD) -j $(JOBS)
	@ln -sfn $(PRESET)/bin/einthoven build/einthoven

demo: build
	@bash scripts/demo.sh $(DATA)

test: build
	@bash scripts/test.sh $(BUILD)

unit: build
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

lint: configure
	@bash scripts/lint.sh

format:
	@git ls-files '*.h' '*.cpp' | xargs clang-format-14 -i

bench: CMAKE_ARGS += -DEINTHOVEN_WITH_BENCH=ON
bench: build
	@bash scripts/bench.sh $(BUILD)

install: build
	@cmake --install $(BUILD) --prefix $(PREFIX)

clean:
	rm -rf build demo
