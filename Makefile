# make demo   solve the demonstration region and print its shortlist
# make test   style, types and tests: what continuous integration runs
# make docs   the documentation with its pictures, in docs/_build/html; any warning is an error
# make clean  remove the environment and what the above leave behind

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := runs/zigong

.PHONY: demo test docs clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs,test]'
	touch $@

demo: $(READY)
	rm -rf $(DEMO)
	$(BIN)/growthring solve zigong -o $(DEMO) --guarantee 0.02 --time-limit 40 --workers 2
	$(BIN)/growthring shortlist $(DEMO)

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2

docs: $(READY)
	rm -rf docs/_build
	$(BIN)/python docs/draw.py docs/_build/pictures
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

clean:
	rm -rf $(VENV) runs build dist docs/_build .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage *.egg-info
