# SPDX-License-Identifier: GPL-2.0-only
"""The members that are known to be times are in the kernel."""

from __future__ import annotations

import pytest

from lttng_addon_kit.expression.typing.clock_times import TIMES
from lttng_addon_kit.kernel.kernel import Kernel


@pytest.mark.parametrize(("struct", "member"), TIMES)
def test_the_kernel_has_it(struct: str, member: str, kernel: Kernel) -> None:
    found = kernel.find_struct("struct", struct)
    assert found is not None
    assert kernel.member(found, member) is not None
