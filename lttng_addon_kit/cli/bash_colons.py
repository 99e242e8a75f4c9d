"""bash splits the words that it completes at colons, as in kprobe:NAME, and replaces only what follows the last one.

So the words are joined before completion, and what is offered is cut after it (COMP_WORDBREAKS in bash(1)).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, redirect_stdout

_ASKS_BASH = ("_LTTNG_ADDON_COMPLETE", "complete_bash")


@contextmanager
def colons_joined(environment: MutableMapping[str, str]) -> Iterator[None]:
    """Join the words that bash asks about, and cut what is printed while inside; do nothing where bash asks nothing."""
    variable, asked = _ASKS_BASH
    words = environment.get("COMP_WORDS", "").split("\n")
    if environment.get(variable) != asked or ":" not in words:
        yield
        return
    joined = join_words(words[: int(environment["COMP_CWORD"]) + 1])
    environment.update(COMP_WORDS="\n".join(joined), COMP_CWORD=str(len(joined) - 1))
    prefix = joined[-1].rpartition(":")[0]
    offered = io.StringIO()
    try:
        with redirect_stdout(offered):
            yield
    finally:
        for line in offered.getvalue().splitlines():
            print(line.removeprefix(f"{prefix}:") if prefix else line)


def join_words(words: list[str]) -> list[str]:
    """Undo bash's splitting: what is around a colon is one word; an empty word begins a new one."""
    joined: list[str] = []
    for word in words:
        if joined and word and (word == ":" or joined[-1].endswith(":")):
            joined[-1] += word
        else:
            joined.append(word)
    return joined
