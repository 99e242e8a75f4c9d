# SPDX-License-Identifier: GPL-2.0-only
"""From a line of a generated function to the keys of addon.toml that it computes."""

from __future__ import annotations

import pytest

from lttng_addon_kit.build.crash_cause import find_keys

FUNCTION = """\
static int __kprobes cg_open_hit(struct kprobe *probe, struct pt_regs *regs)
{
	const char *filename = (void *)regs_get_kernel_argument(regs, 1);
	struct cgroup *parent;

	this_cpu_inc(cg_open_hits.seen);
	if (strncmp(current->comm, "cat, or (", sizeof(current->comm)))
		return 0;
	this_cpu_inc(cg_open_hits.passed);
	dfl_cgrp = cgroups ? cgroups->dfl_cgrp : NULL;
	name = kn ? kn->name : NULL;
	parent = dfl_cgrp ? dfl_cgrp->ancestors[1] : NULL;
	parent_kn = parent ? parent->kn : NULL;
	kn_name = parent_kn ?
			parent_kn->name : NULL;
	if (nofault_user_text(file_text, filename, sizeof(file_text)))
		file_text[0] = '\\0';
	trace_lttng_addon_cg_open(name ? name : "a, b", kn_name ? kn_name : "",
			own(filename, 1),
			file_text);
	return 0;
}
""".splitlines()
FIELDS = ("name", "parent", "own", "file")


@pytest.mark.parametrize(
    ("text", "called", "keys"),
    [
        ("if (strncmp(", "strncmp", [("filter",)]),
        ("name = kn ?", "", [("fields", "name")]),
        ("parent = dfl_cgrp", "", [("fields", "parent")]),
        ("parent_kn->name : NULL", "", [("fields", "parent")]),
        ("dfl_cgrp = cgroups", "", [("fields", "parent")]),
        ("if (nofault_user_text(", "nofault_user_text", [("fields", "file")]),
        ("own(filename, 1)", "own", [("fields", "own")]),
        ("trace_lttng_addon_cg_open(", "__event_probe__cg_open", []),
        ("return 0;\n}", "", []),
    ],
)
def test_a_line_is_followed_to_the_fields_that_it_is_for(text: str, called: str, keys: list[tuple[str, ...]]) -> None:
    first = text.partition("\n")[0]
    line = max(number for number, each in enumerate(FUNCTION, 1) if first in each)
    assert find_keys(FUNCTION, line, called, FIELDS) == keys
