"""Which public header of a kernel defines a type: found by reading the headers' text, not by compiling them.

Only names matter here: BTF says what a type is. So a header's comments, texts and directives are taken out, and
what is left is searched for the few forms that a definition has in the kernel's coding style. A C parser would be
of little more use: the headers are full of macros that no parser of one file can see through.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_HIDDEN = re.compile(
    r"""
    /\*.*?\*/ | //[^\n]*                        # comments
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n]){1,4}'  # texts and characters
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*\#(?:\\.|[^\\\n])*", re.MULTILINE | re.DOTALL)
_ATTRIBUTE = re.compile(
    r"__attribute__\s*\(\(.*?\)\)|__packed|__aligned\s*\([^)]*\)|____cacheline_\w+", re.DOTALL
)

_TAGGED = re.compile(r"\b(struct|union|enum)\s+(?:__\w+(?:\([^)]*\))?\s+)*(\w+)\s*\{")
_TYPEDEF = re.compile(r"\btypedef\b")
_FUNCTION_TYPE = re.compile(r"\(\s*\*?\s*(\w+)\s*\)\s*\(|(\w+)\s*\(")
_INLINE = re.compile(r"\bstatic\s+(?:__always_)?inline\b[^;{}()=]*?\b(\w+)\s*\(")
_MACRO = re.compile(r"^[ \t]*\#[ \t]*define[ \t]+(\w+)\(", re.MULTILINE)
_INCLUDE = re.compile(r"^[ \t]*\#[ \t]*include[ \t]*[<\"]([\w./-]+)[>\"]", re.MULTILINE)
# "Please do not include this file directly", in a dozen wordings.
_NOT_ALONE = re.compile(r"^[ \t]*\#[ \t]*error\b[^\n]*(?:direct|include|only)", re.MULTILINE | re.IGNORECASE)

# Folders below include/ whose headers define no types for other code, or are another folder seen again.
_LEFT_OUT = ("config/", "dt-bindings/", "generated/", "trace/events/", "trace/stages/", "uapi/", "ras/")

# Where a name is defined more than once, the first of these has it.
_PREFERRED = ("linux/", "net/", "", "asm/", "asm-generic/", "uapi/")


@dataclass(frozen=True)
class Header:
    """What one header holds.

    Attributes:
        name: as it is included: "linux/skbuff.h".
        types: (kind, name) of what it defines; the kind is struct, union, enum or typedef.
        inlines: the functions that it defines as `static inline`.
        macros: the function-like macros that it defines.
        includes: the headers that it includes, as it names them.
        alone: whether it may be included by itself.
    """

    name: str
    types: frozenset[tuple[str, str]]
    inlines: frozenset[str]
    macros: frozenset[str]
    includes: frozenset[str]
    alone: bool


@dataclass(frozen=True)
class HeaderIndex:
    """Where things are: (kind, name) -> header, inline function -> header, macro -> header."""

    types: dict[tuple[str, str], str]
    inlines: dict[str, str]
    macros: dict[str, str]


def index_headers(folders: Iterable[Path]) -> HeaderIndex:
    """Read all headers of a kernel's include folders, in the compiler's order, and choose one for each name."""
    headers = list(_read_headers(folders))
    by_name = {each.name: each for each in headers}
    names = _public_names(by_name)
    index = HeaderIndex({}, {}, {})
    for header in sorted(headers, key=lambda each: _rank(each.name)):
        public = names[header.name]
        if public is not None:
            for type_ in header.types:
                index.types.setdefault(type_, public)
        for function in header.inlines:
            index.inlines.setdefault(function, header.name)
        for macro in header.macros:
            index.macros.setdefault(macro, header.name)
    return index


def parse_header(name: str, text: str) -> Header:
    """What a header's text holds."""
    uncommented = _COMMENT.sub(" ", text)
    code = _DIRECTIVE.sub("", _HIDDEN.sub(" ", text))
    types = {(kind, tag) for kind, tag in _TAGGED.findall(code)}
    types.update(("typedef", each) for each in _typedef_names(code))
    return Header(
        name=name,
        types=frozenset(types),
        inlines=frozenset(_INLINE.findall(code)),
        macros=frozenset(_MACRO.findall(uncommented)),
        includes=frozenset(_INCLUDE.findall(uncommented)),
        alone=not _NOT_ALONE.search(uncommented),
    )


def _typedef_names(code: str) -> Iterator[str]:
    for found in _TYPEDEF.finditer(code):
        name = _declared_name(_declaration_from(code, found.end()))
        if name:
            yield name


def _declaration_from(code: str, begin: int) -> str:
    """The text up to the `;` that ends a declaration, without what is in braces."""
    depth = 0
    kept = []
    for at in range(begin, len(code)):
        character = code[at]
        if character == ";" and depth == 0:
            break
        depth += (character == "{") - (character == "}")
        if depth == 0:
            kept.append(" " if character == "}" else character)
    return "".join(kept)


def _declared_name(declaration: str) -> str | None:
    """The name that a typedef's text declares: the function type's, or the last one, before any `[`."""
    text = _ATTRIBUTE.sub(" ", declaration)
    function = _FUNCTION_TYPE.search(text)
    if function:
        return function.group(1) or function.group(2)
    words = re.findall(r"\w+", text.split("[")[0].split(",")[0])
    return words[-1] if len(words) > 1 else None


def _read_headers(folders: Iterable[Path]) -> Iterator[Header]:
    seen: dict[str, Header] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.h")):
            name = path.relative_to(folder).as_posix()
            if name.startswith(_LEFT_OUT):
                continue
            # A header of user space's API has the name of the kernel's own, which hides it and includes it.
            hiding = seen.get(name)
            shown = name if hiding is None or f"uapi/{name}" in hiding.includes else f"uapi/{name}"
            header = parse_header(shown, path.read_text(encoding="utf-8", errors="replace"))
            if hiding is None:
                seen[name] = header
            yield header


def _public_names(by_name: dict[str, Header]) -> dict[str, str | None]:
    """For each header the one to include for it: itself, or one that includes it if it must not be alone."""
    includers: dict[str, list[str]] = defaultdict(list)
    for header in by_name.values():
        for included in header.includes:
            includers[included].append(header.name)
    return {name: _public_name(name, by_name, includers) for name in by_name}


def _public_name(name: str, by_name: dict[str, Header], includers: dict[str, list[str]]) -> str | None:
    tried = {name}
    while True:
        wrapper = _wrapper(name, by_name)
        if wrapper is None and by_name[name].alone:
            return name
        candidates = [wrapper] if wrapper else sorted(includers[name], key=_rank)
        following = next((each for each in candidates if each not in tried), None)
        if following is None:
            return None
        tried.add(following)
        name = following


def _wrapper(name: str, by_name: dict[str, Header]) -> str | None:
    """asm-generic/x.h is for asm/x.h to include, and asm/x.h for linux/x.h, where there is one that does."""
    folder, _, rest = name.partition("/")
    for upper in {"asm-generic": ("asm", "linux"), "asm": ("linux",)}.get(folder, ()):
        candidate = by_name.get(f"{upper}/{rest}")
        if candidate and name in candidate.includes:
            return candidate.name
    return None


def _rank(name: str) -> tuple[int, int, str]:
    order = {prefix: index for index, prefix in enumerate(_PREFERRED)}
    folder = next((each for each in order if each and name.startswith(each)), "")
    return order[folder], name.count("/"), name
