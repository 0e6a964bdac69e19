PYTHON = python3

.PHONY: help
help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { print $$1 "\t" $$2 }' Makefile

.venv/ready: pyproject.toml
	$(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv/bin/uv pip install --quiet --python .venv --group dev
	touch $@

.PHONY: hello
hello: .venv/ready  ## Bake the default project into build/hello, test it, serve it and fetch its page
	.venv/bin/python -m dev.hello

.PHONY: test-fast
test-fast: .venv/ready  ## Run the tests that install, serve and build nothing, in a minute
	.venv/bin/python -m pytest -m "not slow"

.PHONY: test
test: .venv/ready  ## Run every test that this machine can run, with a covering set of variants
	.venv/bin/python -m pytest

.PHONY: test-all
test-all: .venv/ready  ## Run every test that this machine can run, with all variants
	.venv/bin/python -m pytest --all

.PHONY: bench
bench: .venv/ready  ## Measure what users wait for, beside the templates in PEERS, and write docs/benchmarks.md
	.venv/bin/uv pip install --quiet --python .venv --group bench
	.venv/bin/python -m dev.benchmarks $(PEERS)

.PHONY: pictures
pictures: .venv/ready  ## Draw the pictures of the README again (needs chromium and poppler-utils)
	.venv/bin/uv pip install --quiet --python .venv --group pictures
	.venv/bin/python -m dev.pictures

.PHONY: clean
clean:  ## Delete the environment and what was built and cached
	rm -rf .venv build .hypothesis .mypy_cache .pytest_cache .ruff_cache
