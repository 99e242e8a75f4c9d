# The two commands of the README are `make demo` and `make test`; both set up what they need.

LTTNG_ADDON := .venv/bin/lttng-addon
SHARED := tests/cases tests/boundary
# What is tested; tests/conftest.py reads the same variables.
TESTED := $(if $(CI),bookworm trixie sid,$(or $(RELEASES),bookworm))

.PHONY: demo test quick lint setup check-all-tracepoints

demo: setup
	test -d addons/skb-filter || $(LTTNG_ADDON) new skb-filter
	$(LTTNG_ADDON) run skb-filter

# Everything on the default target, and where CI is set what has a case a file on every release; RELEASES="trixie sid"
# tests others. Cases share a machine for each release, two at a time; what counts machines or interrupts them is alone.
test: setup lint
	for release in $(TESTED); do $(LTTNG_ADDON) target create $$release || exit 1; done
	.venv/bin/pytest --numprocesses 2 --dist loadgroup $(SHARED)
	.venv/bin/pytest $(SHARED:%=--ignore %)

# What needs no virtual machine: seconds.
quick: setup lint
	.venv/bin/pytest -m "not vm"

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

setup:
	@scripts/setup

# That every tracepoint of a kernel compiles with all its arguments: a quarter of an hour; RELEASES="trixie sid" does others.
check-all-tracepoints: setup
	.venv/bin/python -m tests.all_hooks.compile_all $(RELEASES)
