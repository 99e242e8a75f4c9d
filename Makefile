# SPDX-License-Identifier: GPL-2.0-only
# The two commands of the README are `make demo` and `make test`; both set up what they need.

LTTNG_ADDON := .venv/bin/lttng-addon
SHARED := tests/cases tests/boundary
# What is tested; tests/conftest.py reads the same variables.
DEBUG_KERNELS := debug debug-kcsan
TESTED := $(if $(CI),bookworm trixie sid,$(or $(RELEASES),bookworm))

.PHONY: demo test test-debug-kernel quick fuzz fuzz-reader stress lint setup man check-all-tracepoints checkpatch write-generated

demo: setup
	test -d addons/skb-filter || $(LTTNG_ADDON) new skb-filter
	$(LTTNG_ADDON) run skb-filter

# Everything on the default target, and where CI is set the cases on every release; RELEASES="trixie sid" tests others.
# Two at a time, those of a file on one machine; what counts machines or interrupts commands runs alone.
test: setup lint
	for release in $(TESTED); do $(LTTNG_ADDON) target create $$release || exit 1; done
	FUZZ_SECONDS=60 .venv/bin/pytest --numprocesses 2 --dist loadgroup -m "not alone"
	.venv/bin/pytest -m alone

# The cases and the boundary on kernels that check themselves: KASAN, lockdep and more on `debug`, data races on
# `debug-kcsan`. Each is built first, once: half an hour; DEBUG_KERNELS=debug takes one.
test-debug-kernel: setup
	for release in $(DEBUG_KERNELS); do $(LTTNG_ADDON) target create $$release || exit 1; done
	RELEASES="$(DEBUG_KERNELS)" .venv/bin/pytest --numprocesses 2 --dist loadgroup -rs $(SHARED)

# An addon comes and goes a thousand times, under traffic and fuzzed: a quarter of an hour a kernel.
stress: setup
	.venv/bin/python -m tests.stress.cycles --cycles $(or $(CYCLES),1000) $(TESTED)

# What needs no target and no network, on the kernel that the tests ship: a minute.
quick: setup lint
	.venv/bin/pytest --numprocesses auto -m "not vm"

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

# The manual pages, from the commands' help and the schema of addon.toml.
man: setup
	.venv/bin/python -m lttng_addon_kit.cli.man_pages man

setup:
	@scripts/setup

# Broken specs, command lines and traces, for long; SEED=S/N repeats one round.
fuzz: setup
	.venv/bin/python -m tests.fuzz.fuzz $(or $(SECONDS),3600) $(SEED)

# Hostile traces into the decoder in C, which is built with sanitizers.
fuzz-reader: setup
	.venv/bin/python -m tests.fuzz.sanitized $(or $(SECONDS),3600) $(SEED)

# That every tracepoint of a kernel compiles with all its arguments: a quarter of an hour; RELEASES="trixie sid" does others.
check-all-tracepoints: setup
	.venv/bin/python -m tests.all_hooks.compile_all $(RELEASES)

# What the kernel's own checkpatch.pl says of generated C and of runtime/.
checkpatch: setup
	scripts/checkpatch

# The C of every addon that the tests know, into OUT, for a diff of two versions of the kit.
write-generated: setup
	.venv/bin/python -m tests.generated.write_all $(or $(OUT),$(error OUT=FOLDER is missing)) $(RELEASES)
