# SPDX-License-Identifier: GPL-2.0-only
"""Finds the public header of a kernel that defines a type, by reading the headers' text, not by compiling them.

Only names matter here: BTF has the types themselves. So a header's comments, texts and directives are removed,
and the rest is searched for the few forms that a definition has in the kernel's coding style. A C parser
would be of little more use: the headers are full of macros that no parser of one file can see through.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lttng_addon_kit.kernel.user_marks import UserMark, marked_arguments, marked_members

_HIDDEN = re.compile(
    r"""
    /\*.*?\*/ | //[^\n]*                        # comments
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n]){1,4}'  # texts and characters
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*\#(?:\\.|[^\\\n])*", re.MULTILINE | re.DOTALL)
_ATTRIBUTE = re.compile(r"__attribute__\s*\(\(.*?\)\)|__packed|__aligned\s*\([^)]*\)|____cacheline_\w+", re.DOTALL)

_TAGGED = re.compile(r"\b(struct|union|enum)\s+(?:__\w+(?:\([^)]*\))?\s+)*(\w+)\s*\{")
_BRACE = re.compile(r"[{}]")
_WORD = re.compile(r"\w+")
_TYPEDEF = re.compile(r"\btypedef\b")
_FUNCTION_POINTER = re.compile(r"\(\s*\*\s*(\w+)\s*\)\s*\(")
_FUNCTION_TYPE = re.compile(r"(\w+)\s*\)?\s*\(")
_INLINE = re.compile(r"\bstatic\s+(?:__always_)?inline\b[^;{}()=]*?\b(\w+)\s*\(")
_CONDITIONAL = re.compile(r"[ \t]*\#[ \t]*(if|ifdef|ifndef|else|elif|endif)\b")
_MACRO = re.compile(r"^[ \t]*\#[ \t]*define[ \t]+(\w+)\(", re.MULTILINE)
# One that stands for members, as __SIGINFO does: it has a `;`.
_MEMBERS_MACRO = re.compile(r"^[ \t]*\#[ \t]*define[ \t]+(\w+)[ \t]((?:\\.|[^\\\n])*)", re.MULTILINE | re.DOTALL)
_INCLUDE = re.compile(r"^[ \t]*\#[ \t]*include[ \t]*[<\"]([\w./-]+)[>\"]", re.MULTILINE)
# "Please do not include this file directly", in a dozen wordings.
_NOT_ALONE = re.compile(r"^[ \t]*\#[ \t]*error\b[^\n]*(?:direct|include|only)", re.MULTILINE | re.IGNORECASE)

# Folders below include/ whose headers define no types for other code, or are another folder seen again.
# SLUB's and SLAB's own header is for mm/slab.h alone, which modules don't have.
_LEFT_OUT = (
    *("config/", "dt-bindings/", "generated/", "trace/events/", "trace/stages/", "uapi/", "ras/"),
    *("linux/slub_def.h", "linux/slab_def.h"),
    # Of 32-bit kernels.
    *("asm/pgtable-2level", "asm/pgtable-3level", "asm/pgtable_32", "asm/posix_types_32", "asm/posix_types_x32"),
    # Xen's own copies of what other headers define too.
    *("xen/interface/", "xen/arm/"),
)

# A header's type is the kernel's own if it has at least this share of the members (labels) that the kernel's
# has: other architectures, drivers and stubs have types of the same name.
_SHARE = 0.5

# Where several headers define it as well, the first of these has it.
_PREFERRED = ("linux/", "net/", "", "asm/", "asm-generic/", "uapi/")


# kind and name, as in ("struct", "sk_buff")
TypeName = tuple[str, str]


@dataclass(frozen=True)
class Header:
    """What one header holds.

    Attributes:
        name: as it is included: "linux/skbuff.h".
        types: (kind, name) of what it defines, with the words between its braces; the kind is struct, union,
            enum or typedef (without words).
        inlines: the functions that it defines as `static inline`.
        macros: the function-like macros that it defines.
        member_macros: the words of the macros that stand for members of structs.
        includes: the headers that it includes, as it names them.
        alone: whether it may be included by itself.
        user_marks: what it marks as a pointer to user space.
    """

    name: str
    types: Mapping[TypeName, frozenset[str]]
    inlines: frozenset[str]
    macros: frozenset[str]
    member_macros: Mapping[str, frozenset[str]]
    includes: frozenset[str]
    alone: bool
    user_marks: frozenset[UserMark]


@dataclass(frozen=True)
class HeaderIndex:
    """Where things are: (kind, name) -> header, inline function -> header, macro -> header.

    Attributes:
        public: the headers that may be included by themselves, in the order of their rank.
        missing: headers that others include, but that don't exist.
        user_marks: what they mark as a pointer to user space.
    """

    types: dict[TypeName, str]
    inlines: dict[str, str]
    macros: dict[str, str]
    public: tuple[str, ...]
    missing: frozenset[str]
    user_marks: frozenset[UserMark]


def index_headers(folders: Iterable[Path], members: Callable[[TypeName], frozenset[str] | None]) -> HeaderIndex:
    """Read all headers of a kernel's include folders, in the compiler's order; choose one for each name.

    Args:
        members: the names of a struct's or union's members, or an enum's labels, in the kernel; None: it has
            no such type.
    """
    headers = sorted(_read_headers(folders), key=lambda header: _rank(header.name))
    public = _public_names(headers)
    included = frozenset(name for header in headers for name in header.includes)
    index = HeaderIndex(
        _choose_headers(headers, public, members),
        {},
        {},
        tuple(dict.fromkeys(name for header in headers if (name := public[header.name]))),
        included - {header.name for header in headers},
        frozenset(mark for header in headers for mark in header.user_marks),
    )
    for header in headers:
        for function in header.inlines:
            index.inlines.setdefault(function, header.name)
        for macro in header.macros:
            index.macros.setdefault(macro, header.name)
    return index


def _choose_headers(
    headers: Sequence[Header],
    public: Mapping[str, str | None],
    members: Callable[[TypeName], frozenset[str] | None],
) -> dict[TypeName, str]:
    best: dict[TypeName, tuple[float, str]] = {}
    macros = {name: words for header in headers for name, words in header.member_macros.items()}
    for header in headers:
        name = public[header.name]
        for type_, words in header.types.items() if name else ():
            parts = [header.types.get(("struct", each), macros.get(each, frozenset())) for each in words]
            expanded = words.union(*parts)
            share = _share(members(type_), expanded) if type_[0] != "typedef" else 1
            if share >= _SHARE and share > best.get(type_, (0, ""))[0]:
                best[type_] = share, name or ""
    return {type_: name for type_, (_, name) in best.items()}


def _share(wanted: frozenset[str] | None, words: frozenset[str]) -> float:
    """How many of the wanted names are among the words, from 0 to 1; all of none, where a type has no members."""
    if wanted is None:
        return 0
    return len(wanted & words) / len(wanted) if wanted else 1


def parse_header(name: str, text: str) -> Header:
    """What a header's text holds for modules."""
    uncommented = _COMMENT.sub(" ", text)
    if "MODULE" in uncommented:
        uncommented = _for_modules(uncommented)
    code = _DIRECTIVE.sub("", _HIDDEN.sub(" ", uncommented))
    types: dict[TypeName, frozenset[str]] = {}
    marks = set(marked_arguments(code))
    for found in _TAGGED.finditer(code):
        braced = _braced(code, found.end())
        marks.update(marked_members(found[2], braced))
        words = frozenset(_WORD.findall(braced))
        types[found[1], found[2]] = types.get((found[1], found[2]), frozenset()) | words
    types.update((("typedef", each), frozenset()) for each in _typedef_names(code))
    return Header(
        name=name,
        types=types,
        inlines=frozenset(_INLINE.findall(code)),
        macros=frozenset(_MACRO.findall(uncommented)),
        member_macros={
            name: frozenset(_WORD.findall(body)) for name, body in _MEMBERS_MACRO.findall(uncommented) if ";" in body
        },
        includes=frozenset(_INCLUDE.findall(uncommented)),
        alone=not _NOT_ALONE.search(uncommented) and name not in incomplete_headers(),
        user_marks=frozenset(marks),
    )


@cache
def incomplete_headers() -> frozenset[str]:
    """Headers that don't compile by themselves, as the compiler found (tests/all_hooks/compile_headers.py)."""
    lines = Path(__file__).with_name("incomplete_headers.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _for_modules(text: str) -> str:
    """The text without what stands between `#ifndef MODULE` and its #else or #endif."""
    kept = []
    hidden: list[bool] = []
    for line in text.splitlines(keepends=True):
        found = _CONDITIONAL.match(line)
        word = found[1] if found else ""
        if word.startswith("if"):
            hidden.append(bool(found) and line.split()[-2:] == ["#ifndef", "MODULE"])
        elif word in ("else", "elif") and hidden:
            hidden[-1] = False
        elif word == "endif" and hidden:
            hidden.pop()
        if not any(hidden):
            kept.append(line)
    return "".join(kept)


def _braced(code: str, begin: int) -> str:
    """The text from after an opening brace to the one that closes it."""
    depth = 1
    for brace in _BRACE.finditer(code, begin):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return code[begin : brace.start()]
    return ""


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
    function = _FUNCTION_POINTER.search(text) or _FUNCTION_TYPE.search(text)
    if function:
        return function.group(1)
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


def _public_names(headers: Iterable[Header]) -> dict[str, str | None]:
    """For each header the one to include for it: itself, or one that includes it if it must not be alone."""
    by_name: dict[str, Header] = {}
    includers: dict[str, list[str]] = defaultdict(list)
    for header in headers:
        # One of user space's API has the name of the kernel's own that includes it, which comes first.
        by_name.setdefault(header.name, header)
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
