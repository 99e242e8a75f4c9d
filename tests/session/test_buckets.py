# SPDX-License-Identifier: GPL-2.0-only
"""Where the buckets of histograms begin, by the client and by the C of the runtime; quantiles out of them."""

from __future__ import annotations

import random
import re
import subprocess
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from lttng_addon_client.abi_values import bucket_begin, quantile
from lttng_addon_client.description import AggregateInfo
from lttng_addon_kit.sinks.aggregate.histogram import KIND
from lttng_addon_kit.spec.aggregate_table import AggregateTable

STEPS = [None, 2, 4, 8, 16, 32]
PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
typedef unsigned long long u64;
typedef long long s64;
typedef unsigned int u32;
#define __always_inline inline
struct lttng_addons_aggregate { int is_signed; u32 bits; };
static int fls64(u64 x) { return x ? 64 - __builtin_clzll(x) : 0; }
static int __fls(u64 x) { return 63 - __builtin_clzll(x); }
%s
int main(int argc, char **argv)
{
	struct lttng_addons_aggregate aggregate = { 0, atoi(argv[1]) };
	int i;

	for (i = 2; i < argc; i++)
		printf("%%u\\n", lttng_addons_log2_bucket(&aggregate, strtoull(argv[i], NULL, 10)));
}
"""


def begins(steps: int | None) -> list[int]:
    """Where the buckets begin, but for the one below all."""
    spec = AggregateTable.model_validate({"name": "sizes", "kind": "histogram", "value": "x", "steps": steps})
    assert KIND.buckets is not None
    buckets = KIND.buckets(spec)
    info = AggregateInfo("sizes", "histogram", "x", 0, "u64", KIND.keeps, 64, 0, (), dict(buckets.description))
    found = [bucket_begin(index, info) for index in range(buckets.count)]
    assert found[0] is None
    return [each for each in found if each is not None]


@pytest.mark.parametrize("steps", STEPS)
def test_buckets_are_as_fine_as_is_said(steps: int | None) -> None:
    found = begins(steps)
    assert found[:2] == [0, 1]
    assert found == sorted(set(found))
    assert all((end - begin) * (steps or 1) <= begin or end - begin == 1 for begin, end in pairwise(found))
    assert found[-1] == 2**64 - 2 ** (64 - (steps or 1).bit_length())


@pytest.mark.parametrize("steps", STEPS)
def test_the_kernels_code_puts_each_value_where_the_client_says(steps: int | None, tmp_path: Path) -> None:
    header = (files("lttng_addon_kit.runtime") / "lttng-addons-kind-histogram.h").read_text(encoding="utf-8")
    function = re.search(r"static __always_inline u32\nlttng_addons_log2_bucket.*?\n}\n", header, re.DOTALL)
    assert function is not None
    (tmp_path / "buckets.c").write_text(PROGRAM % function[0], encoding="utf-8")
    subprocess.run(["gcc", "-o", tmp_path / "buckets", tmp_path / "buckets.c"], check=True)
    chance = random.Random(16)
    drawn = [chance.getrandbits(bits) for bits in range(1, 65) for _ in range(20)]
    values = [*range(300), 2**63, 2**64 - 1, *drawn]
    bits = str((steps or 1).bit_length() - 1)
    command = [str(tmp_path / "buckets"), bits, *map(str, values)]
    indices = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    bounds = [*begins(steps), 2**64]
    for value, index in zip(values, map(int, indices), strict=True):
        assert bounds[index - 1] <= value < bounds[index]


def test_a_quantile_lies_in_its_bucket() -> None:
    buckets = [(None, 0), (0, 1), (8, 98), (16, 1)]
    assert quantile(buckets, 0.01) == (0, 7)
    assert quantile(buckets, 0.5) == (8, 15)
    assert quantile(buckets, 0.99) == (8, 15)
    assert quantile(buckets, 1.0) == (16, None)
