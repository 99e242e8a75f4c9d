# SPDX-License-Identifier: GPL-2.0-only
"""A kernel whose compiler could not be asked has no macros, and the hint says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lttng_addon_kit.expression.read import read
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from tests.expression.cases import scope_of
from tests.shipped_kernel.shipped import open_unpacked_kernel, unpack


def test_the_hint_names_the_compiler(tmp_path: Path) -> None:
    unpack(tmp_path)
    with closing(sqlite3.connect(tmp_path / "index.sqlite")) as index:
        index.execute("DELETE FROM macro")
        index.commit()
    kernel = open_unpacked_kernel(tmp_path)
    with pytest.raises(ExpressionError) as refused:
        read("skb->protocol == ETH_P_IP", scope_of(kernel, "netif_receive_skb"))
    assert "no compiler could be asked" in refused.value.hint
