# SPDX-License-Identifier: GPL-2.0-only
"""Does the kit's C compile for every tracepoint of a kernel, and for functions drawn at random?

Each hook gets an event with a field for every argument and for the first members of what it points to; the modules
are built for the release's own kernel. A hook or field that the kit refuses is told, with the kit's reason. One that
the kit accepts and the compiler doesn't is a mistake of the kit's: it is named, and the status is 1.

It belongs to the tests, as it says right or wrong, but not to `make test`: a release takes minutes. The tests with a
case a file say what is recorded; this says that no type, name or header of a whole kernel is in the way.

    python -m tests.all_hooks.compile_all [bookworm] [trixie] [sid]
    python -m tests.all_hooks.compile_all --functions 200 --seed 1 sid
    python -m tests.all_hooks.compile_all --only 'nfs*'
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import tomlkit

import lttng_addon_kit as kit
from lttng_addon_kit.api import DEFAULT_TARGET, target_kernel
from lttng_addon_kit.build.kbuild import build_addon
from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.hooks.hook_kinds import find_hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Enum, Integer, Pointer, Struct, strip
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.target.registry import Target
from lttng_addon_kit.target.releases import RELEASES

# Few compilations, and few events to search when one fails.
EVENTS_AN_ADDON = 25
MEMBERS_A_STRUCT = 2


@dataclass(frozen=True)
class Wanted:
    """An event that the kit accepts: a hook with a field for all that can be one."""

    name: str
    hook: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Refused:
    """What the kit does not accept: a whole hook, or one field's expression on it; and its reason."""

    hook: str
    expression: str
    reason: str


@dataclass(frozen=True)
class Failed:
    """Events that the kit accepts and the compiler does not: one, or several that only fail together."""

    events: tuple[Wanted, ...]
    output: str


class Compilation:
    """The hooks of one kernel, on their way from names to modules. `folder` is for what is made of them."""

    def __init__(self, kernel: Kernel, target: Target, folder: Path) -> None:
        self._kernel = kernel
        self._target = target
        self._folder = folder
        self.refused: list[Refused] = []

    def accepted(self, hooks: Iterable[str]) -> Iterator[Wanted]:
        """An event for each hook that the kit takes, with the fields that it takes."""
        for text in hooks:
            try:
                hook = find_hook(text, self._kernel)
            except kit.KitError as error:
                self.refused.append(Refused(text, "", error.message))
                continue
            fields = dict(_fields(hook, self._kernel))
            wanted = Wanted(_event_name(hook), text, fields)
            yield self._without_refused_fields(wanted)

    def failures(self, events: Sequence[Wanted]) -> list[Failed]:
        """What of these fails when it is compiled as one module, down to single events."""
        try:
            self._compile(events)
        except kit.KitError as error:
            if len(events) == 1:
                return [Failed(tuple(events), str(error))]
            middle = len(events) // 2
            halves = [*self.failures(events[:middle]), *self.failures(events[middle:])]
            return halves or [Failed(tuple(events), str(error))]
        return []

    def _without_refused_fields(self, wanted: Wanted) -> Wanted:
        fields = dict(wanted.fields)
        while True:
            source = self._source([Wanted(wanted.name, wanted.hook, fields)])
            try:
                generate_sources(source, self._kernel)
            except kit.KitError as error:
                name = _key_at(error)
                if name not in fields:
                    raise
                self.refused.append(Refused(wanted.hook, fields.pop(name), error.message))
            else:
                return Wanted(wanted.name, wanted.hook, fields)

    def _compile(self, events: Sequence[Wanted]) -> None:
        source = self._source(events)
        sources = generate_sources(source, self._kernel)
        build_addon(source, sources, self._target, self._folder, Progress(quiet=True))

    def _source(self, events: Sequence[Wanted]) -> AddonSource:
        folder = self._folder / "addon"
        folder.mkdir(exist_ok=True)
        spec = {
            "addon": {"name": "all-hooks"},
            "event": [{"name": each.name, "hook": each.hook, "fields": each.fields} for each in events],
        }
        (folder / "addon.toml").write_text(tomlkit.dumps(spec), encoding="utf-8")
        return kit.load_addon(folder)


def main() -> int:
    options = _options()
    failed = 0
    for release in options.releases or [DEFAULT_TARGET]:
        setting = kit.setting(release)
        kernel = target_kernel(setting)
        hooks = (
            _drawn_functions(kernel, options.functions, options.seed)
            if options.functions
            else [f"tracepoint:{name}" for name in kernel.tracepoints(options.only)]
        )
        with tempfile.TemporaryDirectory() as folder:
            failed += _compile_all(Compilation(kernel, setting.target, Path(folder)), hooks, kernel.release)
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("releases", nargs="*", choices=[[], *RELEASES], metavar="RELEASE", default=[])
    parser.add_argument("--functions", type=int, default=0, metavar="N", help="N functions rather than all tracepoints")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="the tracepoints of that name")
    parser.add_argument("--seed", type=int, default=1, help="which functions are drawn")
    return parser.parse_args()


def _compile_all(compilation: Compilation, hooks: Sequence[str], release: str) -> int:
    """Prints what comes of the hooks, what is refused and what fails; returns how many hooks fail."""
    failures: list[Failed] = []
    compiled = fields = 0
    events = compilation.accepted(hooks)
    while batch := list(islice(events, EVENTS_AN_ADDON)):
        for failure in compilation.failures(batch):
            print(f"FAILED {', '.join(each.hook for each in failure.events)}\n{failure.output}\n", flush=True)
            failures.append(failure)
        compiled += len(batch)
        fields += sum(len(each.fields) for each in batch)
        print(f"{compiled} of {len(hooks)}", file=sys.stderr)
    failed = {each.hook for failure in failures for each in failure.events}
    print(f"Linux {release}: {compiled - len(failed)} of {len(hooks)} hooks compile, with {fields} fields")
    _print_refused(compilation.refused)
    return len(failed)


def _print_refused(refused: Sequence[Refused]) -> None:
    by_reason: dict[str, list[Refused]] = defaultdict(list)
    for each in refused:
        by_reason[each.reason].append(each)
    for reason, group in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        places = [each.hook + (f" {each.expression}" if each.expression else "") for each in group]
        print(f"refused {len(group)}: {reason}\n  {', '.join(places[:3])}{', ...' if len(places) > 3 else ''}")


def _drawn_functions(kernel: Kernel, count: int, seed: int) -> list[str]:
    """The entries and the returns of functions that this kernel can trace; the same ones for the same seed."""
    names = kernel.functions("*")
    drawn = (name for name in random.Random(seed).sample(names, len(names)) if not kernel.kprobe_refusal(name))
    return [f"{kind}:{name}" for name in islice(drawn, count) for kind in ("kprobe", "kretprobe", "fentry")]


def _event_name(hook: Hook) -> str:
    return f"{hook.name.strip('_').replace('.', '_')}_{hook.kind}"


def _fields(hook: Hook, kernel: Kernel) -> Iterator[tuple[str, str]]:
    """Every variable of a hook by its own name, and the first members that it leads to."""
    for name, variable in hook.variables.items():
        yield name.removeprefix("$"), name
        bare = strip(variable.type)
        struct = strip(bare.target) if isinstance(bare, Pointer) else None
        if isinstance(struct, Struct):
            scalar = (each for each in kernel.members(struct) if each.name and _is_scalar(each.type))
            for member in islice(scalar, MEMBERS_A_STRUCT):
                yield f"{name.removeprefix('$')}_{member.name}", f"{name}->{member.name}"


def _is_scalar(type_: object) -> bool:
    return isinstance(strip(type_), Integer | Enum | Pointer)  # type: ignore[arg-type]


def _key_at(error: kit.KitError) -> str:
    """The key of addon.toml that an error is about."""
    if error.location is None:
        return ""
    lines = error.location.path.read_text(encoding="utf-8").splitlines()
    return lines[error.location.line - 1].partition(" = ")[0]


if __name__ == "__main__":
    sys.exit(main())
