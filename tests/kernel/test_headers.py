# SPDX-License-Identifier: GPL-2.0-only
"""Which header defines what: from text of our own, and, of a real kernel's headers, by its real compiler."""

from __future__ import annotations

from pathlib import Path

import pytest

from lttng_addon_kit.kernel.headers import index_headers, parse_header
from lttng_addon_kit.kernel.kernel import Kernel

HEADER = """
/* struct commented { int a; }; */
#ifndef _H
#define struct_maker struct made { \\
	int a; }
struct later;
struct outer {
	struct inner { int nested; } in;
	const char *text; // union also_commented {
};
#define many(a, b) ((a) + (b))
union __packed both { int one; };
enum colour { RED, GREEN };
typedef struct { int counter; } atomic_x_t;
typedef int (*call_t)(struct later *);
typedef unsigned long pages_t[4];
typedef void plain_t(int);
typedef struct outer __attribute__((aligned(8))) outer_t;
static inline struct outer *make_outer(int a) { return 0; }
#ifndef MODULE
struct core_only { int a; };
#ifdef CONFIG_X
#endif
#else
struct for_modules { int a; };
#endif
#endif
"""


def test_definitions() -> None:
    header = parse_header("linux/h.h", HEADER)
    assert set(header.types) == {
        ("struct", "outer"),
        ("struct", "inner"),
        ("struct", "for_modules"),
        ("union", "both"),
        ("enum", "colour"),
        ("typedef", "atomic_x_t"),
        ("typedef", "call_t"),
        ("typedef", "pages_t"),
        ("typedef", "plain_t"),
        ("typedef", "outer_t"),
    }
    assert header.types["enum", "colour"] == {"RED", "GREEN"}
    assert header.inlines == {"make_outer"}
    assert header.macros == {"many"}


def test_the_header_with_the_kernels_own_members_is_chosen(tmp_path: Path) -> None:
    for name, text in (
        ("linux/a.h", "struct x { int arm; };"),
        ("linux/b.h", '#error "do not include directly"\nstruct x { int mine, yours; };'),
        ("net/c.h", "#include <linux/b.h>"),
        ("linux/stub.h", "struct y { };"),
        ("asm/d.h", "struct z { int deep; };"),
        ("linux/d.h", "#include <asm/d.h>"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    members = {("struct", "x"): {"mine", "yours"}, ("struct", "y"): {"a"}, ("struct", "z"): {"deep"}}
    index = index_headers([tmp_path], lambda type_: frozenset(members[type_]))
    assert index.types == {("struct", "x"): "net/c.h", ("struct", "z"): "linux/d.h"}


@pytest.mark.parametrize(
    ("kind", "name", "header"),
    [
        ("struct", "sk_buff", "linux/skbuff.h"),
        ("struct", "net_device", "linux/netdevice.h"),
        ("struct", "task_struct", "linux/sched.h"),
        ("struct", "sock", "net/sock.h"),
        ("struct", "tcphdr", "linux/tcp.h"),
        ("struct", "iphdr", "linux/ip.h"),
        ("struct", "bio", "linux/blk_types.h"),
        ("struct", "in6_addr", "linux/in6.h"),
        ("typedef", "kuid_t", "linux/uidgid.h"),
        ("typedef", "u32", "linux/types.h"),
        # Only declared for modules, or only a stub of it:
        ("struct", "iommu_group", None),
        ("struct", "flush_tlb_info", None),
    ],
)
def test_well_known_types(kernel: Kernel, kind: str, name: str, header: str | None) -> None:
    found = kernel.header_of(kind, name)
    if name == "u32":  # one of several that all get it from asm-generic/int-ll64.h
        assert found is not None
    elif name == "kuid_t":
        assert found in {"linux/uidgid.h", "linux/uidgid_types.h"}
    else:
        assert found == header
