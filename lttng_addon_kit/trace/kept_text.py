# SPDX-License-Identifier: GPL-2.0-only
"""Text of any length in bounded memory: its beginning is kept to be shown, a digest to tell it from others."""

from __future__ import annotations

from hashlib import blake2b

# Characters that are shown of a text.
TEXT_LENGTH = 200
# Before the digest: no text of a trace has it.
_END = "\0"


def bound(text: str) -> str:
    """The text itself, or the beginning of a long one with its digest; what is bounded stays as it is."""
    return text if len(text) <= TEXT_LENGTH or _END in text else f"{text[: TEXT_LENGTH - 1]}…{_END}{digest(text)}"


def with_digest(text: str, of: str) -> str:
    """Text that stands for something longer, whose digest is `of`."""
    return f"{bound(text).partition(_END)[0]}{_END}{of}"


def shown(bounded: str) -> str:
    """What to show of a bounded text."""
    return bounded.partition(_END)[0]


def digest(value: object) -> str:
    """What tells a value of text and numbers from any other."""
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
