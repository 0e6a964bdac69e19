PYTHON = python3
UV = TMPDIR=.venv .venv/bin/uv pip
OLDEST = $(shell sed -n 's/^requires-python = ">=\(.*\)"/\1/p' pyproject.toml)
COMPILE = $(UV) compile --quiet --universal --python-version $(OLDEST) --generate-hashes \
	--upgrade --exclude-newer "1 week" --custom-compile-command "make pins"
INSTALL = install --quiet --require-hashes --requirement
SYNC = sync --quiet --require-hashes --python .venv
# As pip does: a company's proxy can use its own certificate.
export UV_SYSTEM_CERTS = 1

.PHONY: help
help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' Makefile

.PHONY: hello
hello: .venv/hello  ## Bake the default project into build/hello, test it, serve it and request its page
	.venv/bin/python -m dev.targets.hello

.PHONY: lint
lint: .venv/ready  ## Check style, format and types of the template's own code
	.venv/bin/ruff check dev hooks tests
	.venv/bin/ruff format --check dev hooks tests
	.venv/bin/mypy

.PHONY: test-fast
test-fast: lint  ## Lint, then run the tests that install, serve and build nothing
	.venv/bin/python -m pytest -m "not slow"

.PHONY: test
test: .venv/ready  ## Run the tests this machine supports, on one variant per distinct code
	.venv/bin/python -m pytest

.PHONY: test-all
test-all: lint  ## Lint, then run the tests this machine supports, on all variants
	.venv/bin/python -m pytest --all

.PHONY: bench
bench: .venv/ready  ## Measure bakes and projects, and write docs/benchmarks.md
	$(UV) $(INSTALL) requirements/bench.txt --python .venv
	.venv/bin/python -m dev.targets.benchmarks

.PHONY: pictures
pictures: .venv/ready  ## Draw the picture in the README, light and dark (needs chromium)
	.venv/bin/python -m dev.targets.pictures

.PHONY: preview
preview: .venv/hello  ## Write build/preview.html, which shows every project; CHECKOUT names a release
	.venv/bin/python -m dev.targets.preview $(CHECKOUT)

.PHONY: schema
schema: .venv/hello  ## Write the taken names and answers.schema.json from the rules of the hook
	.venv/bin/python -m dev.targets.schema

.PHONY: pins
pins: .venv/hello  ## Pin the tools in requirements/ to releases that are at least a week old
	$(COMPILE) --group dev --output-file requirements/dev.txt
	$(COMPILE) --group hello --constraints requirements/dev.txt --output-file requirements/hello.txt
	$(COMPILE) --group bench --constraints requirements/dev.txt --output-file requirements/bench.txt

.PHONY: actions
actions: .venv/hello  ## Renew the actions and the tools that workflows and generated files pin
	.venv/bin/python -m dev.targets.actions

.PHONY: address
address: .venv/hello  ## Write ADDRESS, where the template is, into every text and into projects
	.venv/bin/python -m dev.targets.address "$(ADDRESS)"

.PHONY: release
release: .venv/hello  ## Commit and tag the release VERSION, with the notes in CHANGELOG.md
	.venv/bin/python -m dev.targets.release "$(VERSION)"

.PHONY: clean
clean:  ## Delete the environment, build products and caches
	rm -rf .venv build

# Each of these files marks a stage of the environment. The first is checked every time, since
# PYTHON can differ.
.venv/python: always
	@$(PYTHON) dev/targets/environment.py

# pip is slower than uv, so it installs only uv.
.venv/hello: .venv/python requirements/hello.txt
	@sed -n '/^uv==/,/# via/p' requirements/hello.txt >.venv/uv.txt
	.venv/bin/python -m pip --disable-pip-version-check $(INSTALL) .venv/uv.txt
	$(UV) $(SYNC) requirements/hello.txt
	@touch $@

.venv/ready: .venv/hello requirements/dev.txt
	$(UV) $(SYNC) requirements/dev.txt
	@touch $@

always:
