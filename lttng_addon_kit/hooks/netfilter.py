# SPDX-License-Identifier: GPL-2.0-only
"""`netfilter:HOOK`: where netfilter lets a packet pass, in every network namespace, before all rules."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence

from lttng_addon_kit.errors import KitError, nearest
from lttng_addon_kit.hooks.hook import SYMBOLS, Hook, ProbeVariable
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument, Pointer, Qualified, Struct

USAGE = "netfilter:HOOK"
NAMES = SYMBOLS
TAKES_ARGUMENTS = False
SHOWN_AS = "hook"

_FAMILIES = {"ipv4": ("NFPROTO_IPV4", "NF_IP_PRI_FIRST"), "ipv6": ("NFPROTO_IPV6", "NF_IP6_PRI_FIRST")}
# enum nf_inet_hooks (include/uapi/linux/netfilter.h), in the order in which packets come by.
_POINTS = ("pre_routing", "local_in", "forward", "local_out", "post_routing")
_NAMES = [f"{family}_{point}" for family in _FAMILIES for point in _POINTS]


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return fnmatch.filter(_NAMES, pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The hook; see HookKind."""
    if name not in _NAMES:
        hint = nearest(name, _NAMES) or f"netfilter's hooks are {', '.join(_NAMES)}"
        raise KitError(f"netfilter has no hook {name!r}", hint=hint)
    family, _, point = name.partition("_")
    protocol, priority = _FAMILIES[family]
    return Hook(
        kind="netfilter",
        name=name,
        variables={
            "skb": ProbeVariable("skb", Pointer(_struct("sk_buff", kernel))),
            "state": ProbeVariable("state", Pointer(Qualified("const", _struct("nf_hook_state", kernel)))),
        },
        headers=(
            "linux/netfilter.h",
            "linux/netfilter_ipv4.h",
            "linux/netfilter_ipv6.h",
            "linux/rcupdate.h",
            "linux/skbuff.h",
            "linux/tracepoint.h",
            "net/net_namespace.h",
        ),
        trusted=True,
        is_attached=True,
        result="NF_ACCEPT",
        details={"protocol": protocol, "number": f"NF_INET_{point.upper()}", "priority": priority},
    )


def _struct(name: str, kernel: Kernel) -> Struct:
    found = kernel.find_struct("struct", name)
    if found is None:
        raise KitError(f"Linux {kernel.release} has no netfilter: it has no struct {name}")
    return found
