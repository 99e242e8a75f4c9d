# The two commands of the README are `make demo` and `make test`; both set up what they need.

LTTNG_ADDON := .venv/bin/lttng-addon

.PHONY: demo test quick lint setup

demo: setup
	test -d addons/skb-filter || $(LTTNG_ADDON) new skb-filter
	$(LTTNG_ADDON) run skb-filter

# Everything on the default target, and where CI is set a run on every release; RELEASES="trixie sid" tests others.
test: setup lint
	.venv/bin/pytest

# What needs no virtual machine: seconds.
quick: setup lint
	.venv/bin/pytest -m "not vm"

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

setup:
	@scripts/setup
