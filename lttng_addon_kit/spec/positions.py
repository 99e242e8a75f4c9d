# SPDX-License-Identifier: GPL-2.0-only
"""Where in addon.toml each key and value stands, so that an error can point at it.

tomllib reads the values; it keeps no positions, so tree-sitter's TOML grammar gives those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import tree_sitter
import tree_sitter_toml

from lttng_addon_kit.errors import Location

KeyPath = tuple[str | int, ...]

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[ \t]*\n\s*|.)")


@dataclass(frozen=True)
class _Place:
    """Line and column from 1, of a key and of its value; `literal` is how a text is written, quotes included."""

    line: int
    column: int
    length: int
    value: tuple[int, int, int] | None = None
    literal: str = ""


class Positions:
    """The places of one file's keys."""

    def __init__(self, path: Path, places: dict[KeyPath, _Place]) -> None:
        self._path = path
        self._places = places

    def _written(self, path: KeyPath) -> KeyPath:
        """The path as the file has it: what stands alone for a list of one has no index."""
        written: KeyPath = ()
        for part in path:
            longer = (*written, part)
            if part != 0 or longer in self._places or written not in self._places or (*written, 0) in self._places:
                written = longer
        return written

    def has(self, path: KeyPath) -> bool:
        """Whether the file has that key; a bare value that stands for a table has the table's keys too."""
        path = self._written(path)
        return path in self._places or (path[:-1] in self._places and self._places[path[:-1]].value is not None)

    def key(self, path: KeyPath) -> Location:
        """Where a key stands; the nearest table around it that exists, if it doesn't (a missing key)."""
        path = self._written(path)
        while path and path not in self._places:
            path = path[:-1]
        place = self._places.get(path, _Place(1, 0, 0))
        return Location(self._path, place.line, place.column, place.length)

    def value(self, path: KeyPath, offset: int = 0, length: int | None = None) -> Location:
        """Where a value stands, or a part of a text: `length` characters from `offset`.

        A bare value that stands for a table (`len = "skb->len"`) is also the value of the table's keys.
        """
        path = self._written(path)
        place = self._places.get(path) or self._places.get(path[:-1])
        if place is None or place.value is None:
            return self.key(path)
        line, column, whole = place.value
        if not place.literal or length is None:
            return Location(self._path, line, column, whole)
        offsets = _offsets(place.literal)
        begin, end = (offsets[min(at, len(offsets) - 1)] for at in (offset, offset + length))
        before, part = place.literal[:begin], place.literal[begin:end]
        column = len(before) - before.rfind("\n") if "\n" in before else column + len(before)
        return Location(self._path, line + before.count("\n"), column, len(part.partition("\n")[0]))


def _offsets(literal: str) -> list[int]:
    """Where each character of a text begins in its TOML literal, and where the closing quotes do."""
    quotes = 3 if literal.startswith(('"""', "'''")) else 1
    at, end = quotes, len(literal) - quotes
    # A newline right after the opening quotes is not part of the text, nor is one after a backslash.
    at += quotes == 3 and literal[at] == "\n"
    offsets = []
    while at < end:
        escape = _ESCAPE.match(literal, at) if literal.startswith('"') else None
        if escape is None or "\n" not in escape[0]:
            offsets.append(at)
        at = escape.end() if escape else at + 1
    return [*offsets, end]


def find_positions(path: Path, text: str) -> Positions:
    """The positions of all keys of a TOML file's text (which tomllib has accepted)."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    root = parser.parse(text.encode()).root_node
    places: dict[KeyPath, _Place] = {(): _Place(1, 0, 0)}
    counts: dict[KeyPath, int] = {}
    for node in root.children:
        if node.type == "pair":
            _add_pair(places, (), node)
        elif node.type in ("table", "table_array_element"):
            table = _table_path(node, counts)
            places[table] = _place(node.children[1])
            for child in node.children:
                if child.type == "pair":
                    _add_pair(places, table, child)
    return Positions(path, places)


def _table_path(node: tree_sitter.Node, counts: dict[KeyPath, int]) -> KeyPath:
    """The path of a table's header; below `[[event]]` it is the newest element that is meant."""
    path: KeyPath = ()
    names = _names(node.children[1])
    for index, name in enumerate(names):
        path = (*path, name)
        last = index == len(names) - 1
        if last and node.type == "table_array_element":
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _names(node: tree_sitter.Node) -> list[str]:
    if node.type == "dotted_key":
        return [name for child in node.named_children for name in _names(child)]
    return [_text(node).strip("\"'")]


def _add_pair(places: dict[KeyPath, _Place], table: KeyPath, pair: tree_sitter.Node) -> None:
    key, value = pair.children[0], pair.children[2]
    path = (*table, *_names(key))
    _add_value(places, path, key, value)


def _add_value(places: dict[KeyPath, _Place], path: KeyPath, key: tree_sitter.Node, value: tree_sitter.Node) -> None:
    at = _place(key)
    literal = _text(value) if value.type == "string" else ""
    start = _place(value)
    places[path] = _Place(at.line, at.column, at.length, (start.line, start.column, start.length), literal)
    if value.type == "inline_table":
        for child in value.named_children:
            if child.type == "pair":
                _add_pair(places, path, child)
    elif value.type == "array":
        elements = [child for child in value.named_children if child.type != "comment"]
        for index, element in enumerate(elements):
            _add_value(places, (*path, index), element, element)


def _place(node: tree_sitter.Node) -> _Place:
    line = node.start_point[0]
    one_line = node.end_point[0] == line
    length = len(_text(node)) if one_line else 1
    before = _line_bytes(node)
    return _Place(line + 1, len(before.decode()) + 1, length)


def _line_bytes(node: tree_sitter.Node) -> bytes:
    """The bytes of the node's line that stand before it (tree-sitter's columns count bytes)."""
    root = node
    while root.parent is not None:
        root = root.parent
    text = root.text or b""
    # A document node starts at its first token; what stands before it is not in its text.
    begin = node.start_byte - root.start_byte
    return text[max(0, begin - node.start_point[1]) : begin]


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()
