# SPDX-License-Identifier: GPL-2.0-only
"""A parameter is the same whether sysfs or a command of the device sets it."""

from __future__ import annotations

import re
from pathlib import Path

from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.spec.load import load_addon

SPEC = """
[addon]
name = "settings"

[parameters]
group = "/"
device = "lo"
least = 3
all = true
mapped_least = { default = 3, mapped = true }
mapped_all = { default = true, mapped = true }

[[aggregate]]
name = "packets"
kind = "count"
hook = "tracepoint:netif_receive_skb"
filter = "in_cgroup($group) && skb->dev->name == $device"
"""
# The kernel's module_param_named() takes the ops by the type's name.
NAMED = {"long": "param_ops_long", "bool": "param_ops_bool"}


def test_both_ways_have_the_same_operations(kernel: Kernel, tmp_path: Path) -> None:
    (tmp_path / "addon.toml").write_text(SPEC, encoding="utf-8")
    text = next(file.text for file in generate_sources(load_addon(tmp_path), kernel).files if file.name == "settings.c")
    by_device = dict(re.findall(r'\{ "(\w+)", &(\w+), ', text))
    by_sysfs = dict(re.findall(r"module_param_cb\((\w+),\s+&(\w+),", text))
    by_sysfs |= {name: NAMED[type_] for name, type_ in re.findall(r"module_param_named\((\w+), \w+, (\w+),", text)}
    by_sysfs |= dict.fromkeys(re.findall(r"LTTNG_ADDON_TEXT_PARAMETER\((\w+)", text), "lttng_addon_text_ops")
    by_sysfs |= dict.fromkeys(re.findall(r"LTTNG_ADDON_CGROUP_PARAMETER\((\w+)", text), "lttng_addon_cgroup_ops")
    del by_sysfs["collect"]
    assert by_device == by_sysfs
    assert by_device["group"] == "lttng_addon_cgroup_ops"
