# Two commands on a fresh machine: `make demo` and `make test`. Each sets up what it needs in .venv:
# Python >= 3.11, g++ or clang, make, git and the package index are all it asks for.
#
#   make demo     the product in under ten seconds
#   make test     the test suite
#   make check    format, lint, types, floors, sizes, kernel objects, sanitizers, aarch64
#   make arm      compiles for aarch64, and compares bits under emulation (part of check)
#   make asan     the core's tests under AddressSanitizer and UndefinedBehaviorSanitizer
#   make tsan     the core's tests under ThreadSanitizer
#   make interop  fetches PyTorch and Keras, for the tests that compare with them
#   make bench    against Keras, PyTorch, JAX and others (installs them: large)
#   make clean    removes .venv and everything built

PYTHON ?= python3
VENV := .venv
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

# Debian's Python asks for the g++ it was built with; where there is only clang, name that one.
ifeq ($(origin CXX),default)
CXX := $(firstword $(notdir $(shell command -v c++ g++ clang++ 2>/dev/null)))
endif
export CXX

# What the compiled core is made of: CMake's inputs and the Python modules its generator reads.
SOURCES := pyproject.toml CMakeLists.txt $(wildcard tools/generate*.py) \
	$(shell find native -type f 2>/dev/null) \
	$(wildcard $(addprefix src/hiddenlogic/,*.py activations/*.py losses/*.py metrics/*.py optimizers/*.py schedules/*.py))

.DEFAULT_GOAL := help
.PHONY: help demo test check arm asan tsan interop bench clean
.ONESHELL: # one recipe is one shell

help:
	@sed -n 's/^#   //p' Makefile

demo: $(VENV)/built
	@$(BIN)/python examples/demo.py

test: $(VENV)/built $(VENV)/dev
	@$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/built $(VENV)/dev
	@$(BIN)/python tools/check.py

arm: $(VENV)/built
	@$(BIN)/python tools/check_arm.py

asan tsan: $(VENV)/built $(VENV)/dev
	@$(BIN)/python tools/sanitized_suite.py $@ $(PYTEST)

interop: $(VENV)/interop

bench: $(VENV)/built $(VENV)/bench
	@$(BIN)/python benchmarks/import_time.py
	$(BIN)/python benchmarks/peers.py $(BENCH)

clean:
	@rm -rf $(VENV) build .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	echo "Removed .venv, build and the caches."

# --- set-up ----------------------------------------------------------------------------------

$(VENV)/tools: tools/check_machine.py pyproject.toml
	@start=$$SECONDS
	command -v $(PYTHON) >/dev/null || { echo "Needs Python >= 3.11, but there is no '$(PYTHON)'. Install it, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) tools/check_machine.py
	echo "==> Making $(VENV) with $$($(PYTHON) --version) and fetching the build tools"
	[ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade "pip>=25.1"
	$(PIP) install --group build
	touch $@
	echo "    $$((SECONDS - start)) s"

# Without build isolation the build folder stays valid, so that a change compiles what it touches.
$(VENV)/built: $(VENV)/tools $(SOURCES)
	@start=$$SECONDS
	echo "==> Building hiddenlogic and its C++ core, and installing it with what it needs to run"
	$(PIP) install --no-build-isolation --editable . || { echo "The build failed. For the compiler's whole output: $(BIN)/pip install --no-build-isolation -v -e ." >&2; exit 1; }
	touch $@
	echo "    $$((SECONDS - start)) s"

$(VENV)/dev: $(VENV)/tools pyproject.toml
	@start=$$SECONDS
	echo "==> Fetching the test and check tools"
	$(PIP) install --group dev
	touch $@
	echo "    $$((SECONDS - start)) s"

$(VENV)/interop: $(VENV)/tools pyproject.toml
	@start=$$SECONDS
	echo "==> Fetching PyTorch and Keras"
	$(PIP) install --group interop
	touch $@
	echo "    $$((SECONDS - start)) s"

$(VENV)/bench: $(VENV)/built
	@start=$$SECONDS
	echo "==> Fetching PyTorch, JAX, Keras, TensorFlow, scikit-learn and onnxruntime: about 3 GB"
	$(PIP) install --no-build-isolation --editable '.[bench]'
	touch $@
	echo "    $$((SECONDS - start)) s"
