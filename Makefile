# make run and make test need nothing else on a fresh machine; what is missing is named with the line that mends it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TORCH_CPU := https://download.pytorch.org/whl/cpu

.PHONY: run test gate install lint types clean

run: $(VENV)/installed
	$(BIN)/python app.py

test: $(VENV)/installed-dev lint types
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The tests hold a change to it; by hand it shows what got better and what got worse.
gate: $(VENV)/installed-dev
	$(BIN)/python -m eval.gate

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

install: $(VENV)/installed

# --no-compile: most of what is installed is never imported; what is, is compiled once here, also where the
# environment forbids byte code: without it every start takes twice as long.
# PyPI's Linux wheel of torch brings gigabytes of CUDA; where PyTorch's own index answers, take its CPU wheel.
$(VENV)/installed: requirements.txt | $(BIN)/python
	@torch=$$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements.txt); \
	if $(BIN)/python -c 'import urllib.request as u; u.urlopen("$(TORCH_CPU)/torch/", timeout=5)' 2>/dev/null; then \
		echo "安装 $$torch（CPU 版）…"; \
		$(PIP) install --no-compile --index-url $(TORCH_CPU) "$$torch" || echo "PyTorch 的 CPU 源不可用，改用默认源。"; \
	fi
	@echo "安装 requirements.txt，首次需要几分钟…"
	@$(PIP) install --no-compile -r requirements.txt
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -c 'import app, sentence_transformers'
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@$(PIP) install -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "缺少 Python：sudo apt-get install -y python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "需要 Python 3.11 或更新版本；指定另一个：make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "缺少 python3-venv：sudo apt-get install -y python3-venv"; exit 1; }

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
