# SPDX-License-Identifier: GPL-2.0-only
"""Random changes to texts, words and bytes, each decided by the random numbers it is given."""

from __future__ import annotations

from random import Random

# What has broken readers before: deep, long, large, empty, obeyed by a terminal, by make or by markup.
HOSTILE = (
    *(
        "",
        " ",
        "\0",
        "\\u0000",
        "\n",
        "\x1b[2J",
        "\u202e",
        "é",
        "[/x]",
        "[red]",
        "$(shell id)",
        "../..",
        "%s",
        "\\",
        '"',
        "'",
    ),
    *("0", "-1", "010", "0x", "1e9", "9223372036854775808", "-9223372036854775809", "9" * 5000, "0x" + "f" * 5000),
    *("[" * 3000, "(" * 3000, "{" * 500, "!" * 3000, "a" * 5000, "x." * 2000, "->", "*", "&", "[0]", "? :", "u32)(u32"),
    *("true", "nan", "inf", "1979-05-27", "{}", "[]", "[[event]]", '[event.fields]\nx = "1"', "\n\n[module]\n"),
)


def mutate_text(text: str, others: list[str], random: Random) -> str:
    """The text with one to four changes: parts cut, doubled, moved, replaced by hostile ones or by other texts'."""
    for _ in range(random.randint(1, 4)):
        begin = random.randint(0, len(text))
        end = min(len(text), begin + random.choice((0, 1, 1, 2, 8, 40)))
        other = random.choice(others)
        cut = random.randint(0, len(other))
        new = random.choice(
            (
                "",
                text[begin:end] * 2,
                random.choice(HOSTILE),
                chr(random.choice((random.randrange(128), random.randrange(0x3000)))),
                other[cut : cut + random.randint(1, 60)],
            )
        )
        text = text[:begin] + new + text[end:]
    return text


def mutate_value(text: str, random: Random) -> str:
    """The text with one quoted value of it replaced by a hostile one."""
    parts = text.split('"')
    if len(parts) < 3:
        return text + random.choice(HOSTILE)
    at = random.randrange(1, len(parts) - 1, 2)
    begin = random.randint(0, len(parts[at]))
    parts[at] = random.choice((parts[at][:begin], "")) + random.choice(HOSTILE) + parts[at][begin:]
    return '"'.join(parts)


def mutate_words(words: list[str], others: list[str], random: Random) -> list[str]:
    """The command line with a word dropped, doubled, changed, or another's added."""
    words = list(words)
    at = random.randrange(len(words))
    change = random.randrange(4)
    if change == 0:
        del words[at]
    elif change == 1:
        words.insert(at, random.choice(others))
    elif change == 2:
        words[at] = words[at].partition("=")[0] + "=" + random.choice(HOSTILE)
    else:
        words[at] = mutate_text(words[at], others, random)
    return [word.replace("\0", "").encode("utf-8", "replace").decode() for word in words]


def mutate_bytes(data: bytes, random: Random) -> bytes:
    """The bytes cut, with some flipped, zeroed or doubled."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(changed) or 1)
        change = random.randrange(4)
        if change == 0:
            del changed[at:]
        elif change == 1 and changed:
            changed[at] ^= 1 << random.randrange(8)
        elif change == 2:
            changed[at : at + 8] = random.randbytes(8)
        else:
            changed[at:at] = changed[at : at + random.choice((1, 4, 4096))]
    return bytes(changed)
