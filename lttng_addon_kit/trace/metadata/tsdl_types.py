# SPDX-License-Identifier: GPL-2.0-only
"""The types of CTF 1.8's metadata: parsed declarations -> field types (CTF 1.8.3, 4 and appendix C)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lark import Token, Tree

from lttng_addon_kit.trace.metadata.described import (
    ArrayType,
    FieldType,
    FloatType,
    IntegerType,
    Labels,
    Option,
    Order,
    Path,
    SizedTextType,
    StructureType,
    TextType,
    UnsupportedMetadata,
    VariantType,
    shown_name,
)

Node = Tree[Token]
# What is known of the members before one, the innermost structure last.
_Scopes = tuple[dict[str, FieldType], ...]

_BASES = {
    **dict.fromkeys(("x", "X", "16", "hex", "hexadecimal", "p"), 16),
    **dict.fromkeys(("o", "8", "oct", "octal"), 8),
    **dict.fromkeys(("b", "2", "binary"), 2),
}
_ORDERS: Mapping[str, Order] = {"le": "little", "be": "big", "network": "big"}
_TRUE = ("true", "TRUE", "1")
_ENCODINGS = ("utf8", "utf-8", "ascii")
_MOST_BITS = 64
# Digits of a number of 64 bits in octal, and more than in any other base.
_LONGEST_NUMBER = 23
# Exponent and mantissa of what IEEE 754 calls binary32 and binary64.
_FLOATS = {("8", "24"): 32, ("11", "53"): 64}


class TypeReader:
    """Makes types of their declarations, and remembers those that have a name."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._named: dict[str, FieldType | Node] = {}

    def declare(self, node: Node) -> None:
        """Remember the types that an alias or a declaration without a member names."""
        if node.data == "alias":
            type_node, name = node.children
            self._named[_words(name)] = self.read(type_node)
        else:
            self._of_declaration(node.children[0], ())

    def read(self, node: Any, scopes: _Scopes = ()) -> FieldType:
        """The type that a declaration is."""
        if node.data == "name":
            return self._by_name(_words(node))
        return self._of_declaration(node, scopes)

    def structure(self, node: Any) -> StructureType:
        """The structure that a declaration is."""
        found = self.read(node)
        if not isinstance(found, StructureType):
            raise UnsupportedMetadata("one of its scopes is no structure")
        return found

    def _of_declaration(self, node: Any, scopes: _Scopes) -> FieldType:
        match node.data:
            case "integer":
                return self._integer(entries_of(node.children[0]))
            case "floating":
                return self._float(entries_of(node.children[0]))
            case "text":
                return TextType()
            case "structure":
                return self._structure(node, scopes)
            case "enumeration":
                return self._enumeration(node)
            case _:
                return self._variant(node, scopes)

    def _by_name(self, name: str) -> FieldType:
        found = self._named.get(name)
        if found is None or isinstance(found, Tree):
            raise UnsupportedMetadata(f"its metadata has no type {name}")
        return found

    def _integer(self, said: Mapping[str, str]) -> IntegerType:
        size = number_of(said.get("size", "0"))
        align = number_of(said.get("align", "0")) or (1 if size % 8 else 8)
        if not 1 <= size <= _MOST_BITS or align & (align - 1):
            raise UnsupportedMetadata(f"it has an integer of {size} bits aligned to {align}")
        clock = said.get("map", "").split(".")
        return IntegerType(
            size,
            align,
            said.get("signed", "false") in _TRUE,
            self._order_of(said),
            _BASES.get(said.get("base", "10"), 10),
            size == 8 and said.get("encoding", "none").lower() in _ENCODINGS,
            clock[1] if clock[0] == "clock" and len(clock) > 1 else "",
        )

    def _float(self, said: Mapping[str, str]) -> FloatType:
        size = _FLOATS.get((said.get("exp_dig", ""), said.get("mant_dig", "")))
        align = number_of(said.get("align", "8"))
        if size is None or not align or align & (align - 1):
            raise UnsupportedMetadata("it has a floating-point number of an unusual size")
        return FloatType(size, align, self._order_of(said))

    def _order_of(self, said: Mapping[str, str]) -> Order:
        return _ORDERS.get(said.get("byte_order", ""), self._order)

    def _structure(self, node: Node, scopes: _Scopes) -> FieldType:
        name, members, align = node.children
        if members is None:
            return self._by_name(f"struct {name}")
        known: dict[str, FieldType] = {}
        for member in _members(members):
            self._add_member(member, known, scopes)
        made = StructureType(tuple(known.items()), number_of(str(align)) if align else 1)
        if name is not None:
            self._named[f"struct {name}"] = made
        return made

    def _add_member(self, node: Node, known: dict[str, FieldType], scopes: _Scopes) -> None:
        if node.data in ("alias", "declaration"):
            self.declare(node)
            return
        name, made = self._member(node, (*scopes, known))
        if name in known:
            raise UnsupportedMetadata(f"it has two members called {name}")
        known[name] = made

    def _member(self, node: Node, scopes: _Scopes) -> tuple[str, FieldType]:
        first, *rest = node.children
        if node.data == "compound_member":
            made, name, subscripts = self.read(first, scopes), str(rest[0]), rest[1:]
        else:
            *words, name = (str(word) for word in first.children)  # type: ignore[union-attr]
            made, subscripts = self._by_name(" ".join(words)), rest
        for subscript in reversed(subscripts):
            made = _array(made, subscript.children[0])  # type: ignore[union-attr]
        return shown_name(name), made

    def _enumeration(self, node: Node) -> FieldType:
        name, base, *enumerators = node.children
        listed = [each for each in enumerators if isinstance(each, Tree)]
        if not listed:
            return self._by_name(f"enum {name}")
        container = self.read(base) if base is not None else self._by_name("int")
        if not isinstance(container, IntegerType):
            raise UnsupportedMetadata("it has an enumeration that is no integer")
        made = IntegerType(
            container.size, container.align, container.signed, container.order, container.base, labels=_labels(listed)
        )
        if name is not None:
            self._named[f"enum {name}"] = made
        return made

    def _variant(self, node: Node, scopes: _Scopes) -> FieldType:
        name, tag, members = node.children
        if members is None:
            declared = self._named.get(f"variant {name}")
            if not isinstance(declared, Tree):
                raise UnsupportedMetadata(f"its metadata has no variant {name}")
            members = declared
        elif name is not None:
            self._named[f"variant {name}"] = members  # type: ignore[assignment]
        if tag is None:
            return VariantType((), ())
        selector = path_of(tag)
        chosen = _find(selector, scopes)
        if not isinstance(chosen, IntegerType) or chosen.labels is None:
            raise UnsupportedMetadata("it has a variant that no enumeration selects")
        options = [self._member(member, ({}, *scopes)) for member in _members(members)]
        return VariantType(selector, tuple(_option(name, made, chosen.labels) for name, made in options))


def entries_of(node: Any) -> dict[str, str]:
    """What a block's assignments say, by the names on their left."""
    return {".".join(path_of(each.children[0], raw=True)): _value(each.children[1])
            for each in node.children if each.data == "assignment"}  # fmt: skip


def number_of(text: str) -> int:
    """The number that a token is; 0 for none.

    Raises:
        UnsupportedMetadata: it has more than 64 bits.
    """
    digits = text.lstrip("+-")
    if len(digits) > _LONGEST_NUMBER:
        raise UnsupportedMetadata(f"it has the number {digits[:_LONGEST_NUMBER]}...")
    base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[:1] == "0" else 10
    try:
        return int(text, base)
    except ValueError:
        return 0


def path_of(node: Any, *, raw: bool = False) -> Path:
    """The names of a path, as they are shown; `raw` as they are written."""
    return tuple(str(word) if raw else shown_name(str(word)) for word in node.children)


def _members(node: Any) -> Iterable[Node]:
    return node.children  # type: ignore[no-any-return]


def _words(node: Any) -> str:
    return " ".join(str(word) for word in node.children)


def _value(node: Any) -> str:
    if node.data == "string":
        return "".join(str(part)[1:-1] for part in node.children)
    return ".".join(str(part) for part in node.children)


def _array(element: FieldType, length: Any) -> FieldType:
    count = number_of(str(length)) if isinstance(length, Token) else path_of(length)
    if isinstance(element, IntegerType) and element.is_text:
        return SizedTextType(count)
    return ArrayType(element, count)


def _labels(enumerators: list[Node]) -> Labels:
    """Labels with their ranges, those of one label together."""
    ranges: dict[str, list[tuple[int, int]]] = {}
    following = 0
    for each in enumerators:
        label, low, high = each.children
        first = number_of(str(low)) if low is not None else following
        last = number_of(str(high)) if high is not None else first
        ranges.setdefault(_label(str(label)), []).append((first, last))
        following = last + 1
    return tuple((label, *each) for label, found in ranges.items() for each in found)


def _label(word: str) -> str:
    return word[1:-1] if word.startswith('"') else word


def _find(path: Path, scopes: _Scopes) -> FieldType | None:
    for scope in reversed(scopes):
        found = scope.get(path[0])
        for name in path[1:]:
            found = dict(found.members).get(name) if isinstance(found, StructureType) else None
        if found is not None:
            return found
    return None


def _option(name: str, made: FieldType, labels: Labels) -> Option:
    ranges = tuple((low, high) for label, low, high in labels if shown_name(label) == name)
    if not ranges:
        raise UnsupportedMetadata(f"it has a variant's option {name} that nothing selects")
    return Option(name, ranges, made)
