# SPDX-License-Identifier: GPL-2.0-only
"""What an addon's expressions may name, at a hook and without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lttng_addon_kit.expression.typing.scope import Lookup, Prototype, Scope
from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.lookups import readable_tables
from lttng_addon_kit.module.parameters import readable_parameters
from lttng_addon_kit.spec.addon import Addon


@dataclass(frozen=True)
class Scopes:
    """The scopes of one addon on one kernel; `functions` are those of the user's C files."""

    kernel: Kernel
    addon: Addon
    functions: Mapping[str, Prototype]

    def of_hook(self, hook: Hook, nofault: bool) -> Scope:
        """That of a hook's filter and expressions."""
        parameters = readable_parameters(self.addon)
        scope = Scope(self.kernel, hook.variables, parameters, self.functions, nofault, hook.trusted)
        return replace(scope, tracepoint=hook.tracepoint, no_arguments=hook.no_arguments, tables=self._tables)

    def of_process(self) -> Scope:
        """Where a function may sleep: a text, which must not be held meanwhile, can't be read there."""
        values = {name: each for name, each in readable_parameters(self.addon).items() if each.kind != "text"}
        return Scope(self.kernel, {}, values, self.functions, tables=self._tables)

    @property
    def _tables(self) -> Mapping[str, Lookup]:
        return readable_tables(self.addon)
