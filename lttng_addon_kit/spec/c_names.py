# SPDX-License-Identifier: GPL-2.0-only
"""Names that the kernel's C takes."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

# C's keywords, and what no C can do without. Macros of headers are the kernel's to tell (Kernel.is_macro).
RESERVED_WORDS = frozenset(
    re.findall(
        r"\w+",
        """auto break case char const continue default do double else enum extern float for goto if inline int long
        register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
        asm typeof bool true false NULL event""",
    )
)
# The parameters and locals that every probe's function may have beside those of its expressions.
PROBE_NAMES = frozenset(
    re.findall(
        r"\w+",
        """__data call cell cpu entry fregs irq_flags lttng_event outer priv probe record regs
        span_key kept ended has_ended ended_span hrtimer cpu_number trace_ip trace_ops trace_parent_ip""",
    )
)


def c_identifier(text: str) -> str:
    """`text`, if the kernel's C takes it as the name of something new.

    Raises:
        ValueError: it is no identifier, or a reserved one.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise ValueError(f"{text!r} is not a C identifier (letters, digits and _, no digit first)")
    if text in RESERVED_WORDS or text.startswith("__"):
        raise ValueError(f"{text!r} is reserved in the kernel's C; choose another name")
    return text


Identifier = Annotated[str, AfterValidator(c_identifier)]
