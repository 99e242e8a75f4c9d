# SPDX-License-Identifier: GPL-2.0-only
"""Fields of ftrace's events, which people know from /sys/kernel/tracing: they are no arguments of the tracepoint."""

from __future__ import annotations

from lttng_addon_kit.expression.typing.scope import Scope

# What DECLARE_EVENT_CLASS() calls the struct of a class of events (include/trace/stages/stage1_struct_define.h).
_STRUCT = "trace_event_raw_"


def ftrace_hint(name: str, scope: Scope) -> str:
    """What to say of a name that ftrace's event on the hook's tracepoint records; "" if it records none such."""
    if scope.tracepoint is None or not any(_records(struct, name, scope) for struct in _structs(scope)):
        return ""
    arguments = ", ".join(scope.variables)
    return f"ftrace's event computes '{name}' from what the tracepoint gives; so can you, from {arguments}"


def _structs(scope: Scope) -> list[str]:
    """The structs of the event classes that the tracepoint may be of: classes share its name, or begin as it does."""
    assert scope.tracepoint is not None
    beginning = "_".join(scope.tracepoint.split("_")[:2])
    return scope.kernel.names("struct", f"{_STRUCT}{beginning}*")


def _records(struct: str, name: str, scope: Scope) -> bool:
    found = scope.kernel.find_struct("struct", struct)
    return found is not None and scope.kernel.member(found, name) is not None
