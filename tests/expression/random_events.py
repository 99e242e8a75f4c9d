# SPDX-License-Identifier: GPL-2.0-only
"""Random events: filters and fields of every shape over the members that a kernel's structs really have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from lttng_addon_kit.expression.typing import c_types
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Array, Struct, Type, strip
from tests.expression.cases import Case

HOOKS = (
    "sched_switch",
    "sched_wakeup",
    "netif_receive_skb",
    "net_dev_xmit",
    "kfree_skb",
    "tcp_probe",
    "inet_sock_set_state",
    "block_rq_issue",
    "mm_page_alloc",
    "sys_enter",
    "irq_handler_entry",
    "hrtimer_expire_entry",
    "workqueue_execute_start",
    "task_rename",
    "signal_generate",
    "kprobe:tcp_v4_connect",
    "kprobe:vfs_read",
    "kprobe:do_sys_openat2",
    "kprobe:ext4_file_open",
    "kretprobe:vfs_read",
    "kretprobe:do_filp_open",
)
_CASTS = (
    *("u8", "s16", "u32", "s64", "int", "unsigned long", "bool", "char", "size_t", "enum pid_type"),
    *("void *", "char *", "struct task_struct *", "struct sk_buff *", "struct iphdr *", "struct rq *", "u16 *"),
)
_NUMBERS = ("0", "1", "2", "7", "-1", "'a'", "0x80", "017", "255", "4096", "0xffffffff", "1ull", "63", "TCP_CLOSE")
_TEXTS = ('"lo"', '""', '"a\\"b"', '"??/"', '"\\xff"', '"eth0"', "$device", "comm()")
_ARITHMETIC = ("+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^")
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_NOISE = (
    *"()[]{};,.*&|^~!<>=?:+-/%$'\"\\#@ \n\t",
    "->",
    "&&",
    "<<",
    "++",
    "/*",
    "//",
    "in",
    "asm",
    "struct",
    "é",
    "0x",
)


def random_event(random: Random, scope_of: Callable[[str, bool], Scope]) -> Case:
    """An event that may or may not make sense."""
    hook, nofault = random.choice(HOOKS), random.random() < 0.3
    expressions = _Expressions(random, scope_of(hook, nofault))
    filter_ = expressions.condition(3) if random.random() < 0.7 else ""
    fields = tuple(expressions.field() for _ in range(random.randint(0, 4)))
    return Case(hook, filter_, fields, nofault)


def damaged(random: Random, text: str) -> str:
    """A text with a few characters lost, doubled, or put in."""
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text) + 1)
        put_in = random.choice((*_NOISE, text[at : at + 5], ""))
        text = text[:at] + put_in + text[at + random.randint(0, 3) :]
    return text


class _Expressions:
    def __init__(self, random: Random, scope: Scope) -> None:
        self._random = random
        self._scope = scope
        assert isinstance(scope.kernel, Kernel)
        self._kernel = scope.kernel

    def field(self) -> str:
        return self._one(
            lambda: self.number(3),
            lambda: self.condition(3),
            lambda: self._chain()[0],
            lambda: self.text(2),
            lambda: self.pointer(2),
            lambda: f"ip4({self._chain_to(_is_u32)})",
            lambda: f"ip6({self._chain()[0]})",
            lambda: f"mac({self._chain()[0]})",
            lambda: f"bytes({self.pointer(1)}, {self.number(1)}, {self._small()})",
            lambda: f"bytes({self._chain()[0]}, {self._small()})",
            lambda: f"stack({self._small()})",
        )

    def condition(self, depth: int) -> str:
        below = depth - 1
        if depth <= 0:
            return f"{self.number(0)} {self._random.choice(_COMPARISONS)} {self.number(0)}"
        return self._one(
            lambda: f"{self.number(below)} {self._random.choice(_COMPARISONS)} {self.number(below)}",
            lambda: f"{self.text(below)} {self._random.choice(('==', '!='))} {self.text(below)}",
            lambda: f"({self.condition(below)}) && ({self.condition(below)})",
            lambda: f"{self.condition(below)} || {self.condition(below)}",
            lambda: f"!({self.condition(below)})",
            lambda: f"({self.condition(below)} ? {self.condition(below)} : {self.condition(below)})",
            lambda: f"startswith({self.text(below)}, {self._random.choice(_TEXTS)})",
            lambda: f"one_of({self.text(below)}, {', '.join(self._random.sample(_TEXTS, 2))})",
            lambda: f"one_of({self.number(below)}, {', '.join(self._random.sample(_NUMBERS, 3))}, $limit)",
            lambda: self.pointer(below),
            lambda: f"{self.pointer(below)} == NULL",
            lambda: f"{self.pointer(below)} != {self.pointer(below)}",
            lambda: self.number(below),
            lambda: f"(u32)({self.number(below)}) in watched",
            lambda: f"{self.text(below)} in names",
            lambda: "$all",
        )

    def number(self, depth: int) -> str:
        below = depth - 1
        if depth <= 0:
            return self._one(
                lambda: self._random.choice(_NUMBERS), lambda: self._chain_to(_is_number), lambda: "$limit"
            )
        return self._one(
            lambda: self._chain_to(_is_number),
            lambda: self._chain_to(_is_number),
            lambda: f"{self.number(below)} {self._random.choice(_ARITHMETIC)} {self.number(below)}",
            lambda: f"({self.number(below)}) {self._random.choice(_ARITHMETIC)} ({self.number(below)})",
            lambda: f"{self._random.choice('-~+')}({self.number(below)})",
            lambda: f"({self._random.choice(_CASTS)})({self.number(below)})",
            lambda: f"({self.condition(below)} ? {self.number(below)} : {self.number(below)})",
            lambda: f"({self.condition(below)})",
            lambda: f"(unsigned long){self.pointer(below)}",
            lambda: f"*{self.pointer(below)}",
            lambda: f"sizeof({self._chain()[0]})",
            lambda: self._random.choice(("pid()", "cpu()", "now_ns()", "temperature()", "$duration_ns", "$ret")),
            lambda: f"{self._random.choice(('ntohs', 'htonl', 'be64'))}({self._chain_to(_is_number)})",
            lambda: f"grade({self.pointer(below)}, {self.number(below)})",
            lambda: f"{self.pointer(below)} - {self.pointer(below)}",
            lambda: f"watched[(u32)({self.number(below)})]",
            lambda: f"{self._random.choice(('names', 'signs'))}[{self.text(below)}]",
        )

    def pointer(self, depth: int) -> str:
        if depth <= 0:
            return self._chain_to(_is_pointer)
        return self._one(
            lambda: self._chain_to(_is_pointer),
            lambda: f"&{self._chain()[0]}",
            lambda: f"(({self._random.choice(_CASTS[10:])}){self.pointer(depth - 1)})",
            lambda: f"({self.pointer(depth - 1)} + {self.number(depth - 1)})",
            lambda: f"({self.condition(depth - 1)} ? {self.pointer(depth - 1)} : NULL)",
            lambda: "container_of(current->se.cfs_rq, struct rq, cfs)",
            lambda: "current",
        )

    def text(self, depth: int) -> str:
        return self._one(
            lambda: self._chain_to(_is_text),
            lambda: self._random.choice(_TEXTS),
            lambda: f"text({self.pointer(depth - 1)}, {self._small()})",
            lambda: f"user_text({self.pointer(depth - 1)}, {self._small()})",
            lambda: f"label_of({self.pointer(depth - 1)})",
            lambda: (
                f"({self.condition(depth - 1)} ? {self.text(depth - 1)} : {self.text(depth - 1)})"
                if depth > 0
                else "comm()"
            ),
        )

    def _small(self) -> str:
        return str(self._random.randint(1, 40))

    def _one(self, *ways: Callable[[], str]) -> str:
        return self._random.choice(ways)()

    def _chain_to(self, wanted: Callable[[Type], bool]) -> str:
        """Members after members, to something of the wanted kind if that is found soon."""
        chain = ""
        for _ in range(30):
            chain, type_ = self._chain()
            if wanted(type_):
                break
        return chain

    def _chain(self) -> tuple[str, Type]:
        name, variable = self._random.choice(list(self._scope.variables.items()))
        text, type_ = name, variable.type
        for _ in range(self._random.randint(0, 5)):
            longer = self._step(text, type_)
            if longer is None:
                break
            text, type_ = longer
        return text, type_

    def _step(self, text: str, type_: Type) -> tuple[str, Type] | None:
        plain = strip(type_)
        if isinstance(plain, Array) and not c_types.is_char(plain.element):
            index = self._random.choice(("0", "cpu()", "$limit", "1"))
            return f"{text}[{index}]", plain.element
        pointer = c_types.pointer(type_)
        struct = strip(pointer.target) if pointer else plain
        if not isinstance(struct, Struct):
            return None
        names = self._names(struct)
        if not names:
            return None
        name = self._random.choice(names)
        found = self._kernel.member(struct, name)
        assert found is not None
        return f"{text}{'->' if pointer else '.'}{name}", found.type

    def _names(self, struct: Struct) -> Sequence[str]:
        names: list[str] = []
        for member in self._kernel.members(struct):
            inner = strip(member.type)
            if member.name:
                names.append(member.name)
            elif isinstance(inner, Struct):
                names += self._names(inner)
        return names


def _is_number(type_: Type) -> bool:
    return c_types.number(type_) is not None


def _is_u32(type_: Type) -> bool:
    number = c_types.number(type_)
    return number is not None and number.size == 4


def _is_pointer(type_: Type) -> bool:
    return c_types.pointer(type_) is not None


def _is_text(type_: Type) -> bool:
    plain = strip(c_types.decayed(type_))
    pointer = c_types.pointer(plain)
    return pointer is not None and c_types.is_char(pointer.target)
