# The house's commands. `make` alone lists them.
# Plain enough for GNU Make 3.81, which macOS brings. README.md has the same without make.

VENV = .venv
ifeq ($(OS),Windows_NT)
BIN = $(VENV)/Scripts
else
BIN = $(VENV)/bin
endif
# There as soon as everything is installed; a second run finds it and installs nothing.
READY = $(VENV)/ready
PEERS = build/peers

# Added to the command: `make lab ARGS=--no-browser`, `make test ARGS="-k loss"`.
ARGS =

# The first of these that is Python 3.11 or newer. `make lab PYTHON=python3.12` puts another first.
PYTHONS = $(PYTHON) python3 python python3.14 python3.13 python3.12 python3.11

.DEFAULT_GOAL = help
.PHONY: help lab test check-page faults notebooks site site-test bench binder-check badge clean

help:
	@echo "make lab        open the first lesson in JupyterLab"
	@echo "make test       check and test everything"
	@echo "make faults     plant faults in the package, and count which the tests catch"
	@echo "make check-page check the types of what runs in the page (npm installs TypeScript)"
	@echo "make notebooks  run every lesson afresh and save it with its outputs"
	@echo "make site       build the course as a web site that runs wholly in the browser"
	@echo "make site-test  build the site, and run every lesson of it in Chromium"
	@echo "make bench      measure what must be quick, as ratios within one run"
	@echo "make binder-check  try the lessons on what Binder has, without a Docker engine"
	@echo "make badge      write the Binder link into README.md, from git's remote 'origin'"
	@echo "make clean      remove what these commands have made"

# Root needs leave to start Jupyter. The default address is what Jupyter prints for those who open
# the browser themselves. The settings in tools/jupyter turn JupyterLab's question about news off.
lab: $(READY)
	@if [ "$$(id -u)" = 0 ]; then root=--allow-root; else root=; fi; \
	JUPYTER_CONFIG_PATH="$(CURDIR)/tools/jupyter" \
	exec $(BIN)/python -m jupyterlab notebooks/00_welcome.ipynb \
	    --LabApp.default_url=/lab/tree/00_welcome.ipynb $$root $(ARGS)

# The modules are handed out in the order of the folder, in which those with a browser come first:
# pytest-xdist would begin with those of many small tests, and end with one core at work.
test: $(READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

# `make faults ARGS="study --count 20 --seed 2"`: other rooms, more or fewer, another draw.
faults: $(READY)
	@$(BIN)/python -m tools.faults $(ARGS)

check-page: $(READY)
	@$(BIN)/python tools/page_types.py

notebooks: $(READY)
	$(BIN)/python tools/notebooks.py $(ARGS)
	$(BIN)/python tools/contents.py
	$(BIN)/python tools/readme_picture.py

# What we are measured against goes into a folder of its own, that nothing else sees.
bench: $(READY) $(PEERS)
	@for benchmark in benchmarks/*.py; do \
	    PYTHONPATH=$(PEERS) $(BIN)/python $$benchmark || exit 1; echo; \
	done

$(PEERS): benchmarks/requirements.txt $(READY)
	@echo "Installing the peers that we are measured against: this takes a minute or two."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target $@ -r $<
	@touch $@

# Pyodide's compiled wheels come out of the folder WHEELS, or, without one, out of its own release.
site: $(READY)
	@$(BIN)/python -m tools.website $(if $(WHEELS),--wheels "$(WHEELS)")

site-test: site
	BACKPROP_REQUIRE_SITE=1 $(BIN)/python -m pytest tests/site $(ARGS)

binder-check: $(READY)
	@$(BIN)/python tools/binder_check.py

badge: $(READY)
	@$(BIN)/python tools/badge.py

clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.txt pyproject.toml
	@for python in $(PYTHONS) none; do \
	    if [ $$python = none ]; then \
	        echo "Python 3.11 or newer is needed, and none was found. Get it from python.org," >&2; \
	        echo "or say where it is: make PYTHON=/path/to/python3" >&2; \
	        exit 1; \
	    fi; \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
	done; \
	if ! $(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    $$python -m venv --clear $(VENV) || { \
	        echo "Python could not make a virtual environment. On Debian and Ubuntu this helps:" >&2; \
	        echo "sudo apt-get install python3-venv" >&2; \
	        exit 1; \
	    }; \
	fi
	@echo "Installing into $(VENV): the first time, this takes a minute or two."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@
