"""Typed expressions -> C expressions, and the steps that must come first.

A function here appends to `steps` what is to be done before its result may be used, and notes in `facts` what holds
from then on. Statements or operands of a condition are made of the steps by lower.py, or here, by `condition`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from lttng_addon_kit.expression.c import conditions, operators
from lttng_addon_kit.expression.c.conditions import Condition, Test, compared, either, every
from lttng_addon_kit.expression.c.declarations import Declarations, is_declarable
from lttng_addon_kit.expression.c.guards import Check, Copy, Facts, Load, Step, tested
from lttng_addon_kit.expression.c.local_names import Names
from lttng_addon_kit.expression.c.operators import C
from lttng_addon_kit.expression.c.private_structs import Layouts
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.builtin_calls import LONGEST_COPY
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Array, Integer, Qualified, Struct, Type, strip

NULL = "NULL"
EMPTY = '""'


def c_string(text: bytes) -> str:
    """A C string literal of exactly these bytes; octal escapes for all that is not plain ASCII."""
    escaped = {byte: chr(byte) for byte in range(0x20, 0x7F)} | {ord('"'): '\\"', ord("\\"): "\\\\"}
    # Two of them begin a trigraph.
    del escaped[ord("?")]
    return '"' + "".join(escaped.get(byte, f"\\{byte:03o}") for byte in text) + '"'


def occurrences(nodes: Iterable[typed.Node]) -> Counter[typed.Node]:
    """How often each part is computed, parts of a part that is there already not counted again."""
    count: Counter[typed.Node] = Counter()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        count[node] += 1
        if count[node] == 1:
            waiting.extend(typed.children(node))
    return count


class Values:
    """Writes the values of one event's expressions.

    Attributes:
        locals: declarations of the local variables used so far, without the `;`.
        frame: how many bytes these take of the stack.
        headers: what must be included, beside the headers that `declarations` knows of.
        functions: which of the C functions of support.py are called.
    """

    def __init__(self, scope: Scope, nodes: Iterable[typed.Node]) -> None:
        self.locals: dict[str, str] = {}
        self.frame = 0
        self.headers: set[str] = set()
        self.functions: set[str] = set()
        self.declarations = Declarations(scope.kernel)
        self.layouts = Layouts(scope.kernel, self.declarations)
        self._scope = scope
        self._count = occurrences(nodes)
        taken = [variable.c_name for variable in scope.variables.values()]
        self.names = Names([*taken, *scope.parameters, *scope.functions])

    # Values

    def value(self, node: typed.Node, facts: Facts, steps: list[Step]) -> C:
        """The C that computes a node, once the steps are done."""
        if node in facts.held:
            for condition in facts.conditions.get(node, ()):
                self._check(condition, facts, steps)
            return C(facts.held[node])
        if self._is_shared(node, facts):
            return self._held(node, facts, steps)
        return self._computed(node, facts, steps)

    def _is_shared(self, node: typed.Node, facts: Facts) -> bool:
        """Whether to keep a value in a local, since it is needed again and costs something to get."""
        costs = isinstance(
            node,
            typed.Call | typed.ParameterValue | typed.Arithmetic | typed.ContainerOf | typed.Conditional,
        )
        costs = costs or (isinstance(node, typed.Builtin) and node.c_text.endswith("()")) or _is_struct_cast(node)
        return costs and self._count[node] > 1 and not facts.inline and constant_value(node) is None

    def _held(self, node: typed.Node, facts: Facts, steps: list[Step]) -> C:
        text = self._computed(node, facts, steps)
        local = self._local(node, text, facts)
        steps.append(Load(node, local, text, self._zero(node.type)))
        facts.held[node] = local
        return C(local)

    def _check(self, condition: Condition, facts: Facts, steps: list[Step]) -> None:
        if condition not in facts.known:
            steps.append(Check(condition))
            facts.learn(condition)

    def _computed(self, node: typed.Node, facts: Facts, steps: list[Step]) -> C:
        match node:
            case typed.Variable():
                return C(node.c_name)
            case typed.Constant():
                if node.header:
                    self.headers.add(node.header)
                return C(node.spelling, operators.UNARY if node.spelling.startswith("-") else operators.PRIMARY)
            case typed.TextConstant():
                return C(c_string(node.value))
            case typed.ParameterValue():
                return C(node.c_text)
            case typed.Builtin():
                self.headers.add(node.header)
                return C(node.c_text)
            case typed.Member() | typed.Element() | typed.Dereference():
                return self._read(node, facts, steps)
            case typed.AddressOf():
                return self._address_of(node, facts, steps)
            case typed.Arithmetic():
                return self._arithmetic(node, facts, steps)
            case typed.Sign():
                return operators.prefix(node.operator, self.value(node.operand, facts, steps))
            case typed.Conditional():
                return self._choice(node, facts, as_text=False)
            case typed.Cast():
                return self._cast(node, facts, steps)
            case typed.Call():
                if node.header:
                    self.headers.add(node.header)
                arguments = [self.value(argument, facts, steps) for argument in node.arguments]
                return operators.call(node.function, *arguments)
            case typed.ContainerOf():
                self.headers.add("linux/kernel.h")
                self.layouts.contains(node)
                pointer = self.followed(node.pointer, facts, steps)
                owner = f"{node.owner.kind} {node.owner.name}"
                return operators.call("container_of", pointer, owner, ".".join(node.path))
            case typed.Address():
                return self.value(node.value, facts, steps)
            case typed.BoundedText():
                return self.text(node, facts, steps)[0]
        return conditions.c_text(self.condition(node, True, facts.fork(unordered=True))[0])

    def _arithmetic(self, node: typed.Arithmetic, facts: Facts, steps: list[Step]) -> C:
        left = self.value(node.left, facts, steps)
        if node.operator in ("/", "%") and constant_value(node.right) is None:
            return self._division(node, left, facts, steps)
        right = self.value(node.right, facts, steps)
        self._complete(node.left.type)
        self._complete(node.right.type)
        if node.operator in ("<<", ">>") and constant_value(node.right) is None:
            # C leaves a shift by more than the width undefined; as in the hardware, it wraps.
            plain = c_types.number(node.type)
            assert plain is not None
            right = operators.binary("&", right, C(str(8 * plain.size - 1)))
        return operators.binary(node.operator, left, right)

    def _division(self, node: typed.Arithmetic, left: C, facts: Facts, steps: list[Step]) -> C:
        """A division by 0 has no value, as what is behind NULL; the smallest integer by -1 would trap, too."""
        right = self._nonzero(node.right, facts, steps)
        quotient = operators.binary(node.operator, left, right)
        result, divisor = c_types.number(node.type), c_types.number(node.right.type)
        if not (isinstance(result, Integer) and result.signed and divisor and divisor.signed):
            return quotient
        if node.operator == "%":
            return operators.choice(operators.binary("==", right, C("-1")), C("0"), quotient)
        if c_types.promoted(node.left.type) != result:
            left = C(f"({result.name}){left.within(operators.UNARY)}", operators.UNARY)
        opposite = operators.prefix("-", left)
        return operators.choice(operators.binary("==", right, C("-1")), opposite, quotient)

    def _nonzero(self, node: typed.Node, facts: Facts, steps: list[Step]) -> C:
        text = self.value(node, facts, steps)
        if node in facts.known:
            return text
        if not isinstance(node, typed.Variable) and node not in facts.held:
            return self._load(node, text, facts, steps)
        self._check(conditions.truth(text), facts, steps)
        facts.learn(node)
        return text

    def _choice(self, node: typed.Conditional, facts: Facts, *, as_text: bool) -> C:
        """`c ? a : b`, where a branch that meets NULL gives 0, or "" if a text is wanted."""
        condition, if_true, if_false = self.condition(node.condition, True, facts.fork(unordered=True))
        branches = []
        for branch, known in ((node.yes, if_true), (node.no, if_false)):
            steps: list[Step] = []
            inside = known.fork(inline=True)
            text = self.text(branch, inside, steps)[0] if as_text else self._decayed(branch, inside, steps)
            branches.append(self.guarded(text, steps, EMPTY if as_text else self._zero(node.type)))
        return operators.choice(conditions.c_text(condition), *branches)

    def guarded(self, text: C, steps: Sequence[Step], zero: str) -> C:
        """The value inside an expression: `zero` unless all steps succeed."""
        if not steps:
            return text
        condition = conditions.c_text(every([tested(step) for step in steps]))
        return operators.choice(condition, text, C(zero))

    def _decayed(self, node: typed.Node, facts: Facts, steps: list[Step]) -> C:
        """A value; of an array its address, where it is: not that of a copy."""
        if isinstance(strip(node.type), Array) and not isinstance(node, typed.Conditional):
            return self._lvalue(node, facts, steps)
        return self.value(node, facts, steps)

    def _cast(self, node: typed.Cast, facts: Facts, steps: list[Step]) -> C:
        text = self._decayed(node.operand, facts, steps)
        if c_types.is_truth(node):
            return compared("!=", text, C(self._zero(node.operand.type))).holds
        self._complete(node.type)
        return operators.cast(self.declarations.declare(node.type), text)

    def _complete(self, pointer: Type) -> None:
        """See that C knows the size of what a pointer points to."""
        target = c_types.pointer(pointer)
        if target is not None and isinstance(strip(target.target), Struct):
            self.layouts.whole(target.target)

    def _zero(self, type_: Type) -> str:
        return NULL if c_types.pointer(c_types.decayed(type_)) else "0"

    # What is in memory

    def _read(self, node: typed.Node, facts: Facts, steps: list[Step]) -> C:
        text = self._lvalue(node, facts, steps)
        if not (self._scope.nofault and _is_behind_pointer(node)):
            return text
        return self._copied(node, text, facts, steps)

    def _copied(self, node: typed.Node, text: C, facts: Facts, steps: list[Step]) -> C:
        """A local that gets what is in memory by a copy that fails where a read would fault."""
        self.headers.add("linux/uaccess.h")
        if isinstance(node, typed.Member) and node.bit_size:
            return self._copied_bits(node, facts, steps)
        is_array = isinstance(strip(node.type), Array)
        local = self._local(node, text, facts)
        source = text if is_array else operators.address(text)
        if c_types.is_volatile(node.type):  # a copy can't keep what that says
            source = operators.cast("const void *", source)
        target = local if is_array else f"&{local}"
        copied = operators.call("copy_from_kernel_nofault", target, source, f"sizeof({local})")
        zero = f"memset({local}, 0, sizeof({local}))" if is_array else f"{local} = {self._zero(node.type)}"
        steps.append(Copy(node, _succeeds(copied), zero))
        facts.held[node] = local
        return C(local)

    def _copied_bits(self, node: typed.Member, facts: Facts, steps: list[Step]) -> C:
        """A bit field has no address: the bytes that hold it are copied, at its place in this kernel."""
        first, last = node.bit_offset // 8, (node.bit_offset + node.bit_size - 1) // 8
        size = next(width for width in (1, 2, 4, 8) if width > last - first)
        word = c_types.UNSIGNED_BY_SIZE[size]
        local = self._name(node, facts)
        self.declare(local, self.declarations.declare(word, local), size)
        base = self._place(node, facts, steps)
        source = operators.binary("+", operators.cast("const char *", base), C(str(first)))
        copied = operators.call("copy_from_kernel_nofault", f"&{local}", source, f"sizeof({local})")
        steps.append(Copy(node, _succeeds(copied), f"{local} = 0"))
        bits = self._bits(node, C(local), node.bit_offset - 8 * first)
        facts.held[node] = f"({bits.text})"
        return bits

    def _bits(self, node: typed.Member, word: C, shift: int) -> C:
        """A bit field's value out of the word that it is in."""
        shifted = operators.binary(">>", word, C(str(shift))) if shift else word
        plain = c_types.number(node.type)
        if plain is not None and plain.signed:
            self.headers.add("linux/bitops.h")
            return operators.call("sign_extend64", shifted, str(node.bit_size - 1))
        return operators.binary("&", shifted, C(hex((1 << node.bit_size) - 1)))

    def _place(self, node: typed.Member, facts: Facts, steps: list[Step]) -> C:
        """The address of the struct that a member is in."""
        if node.through_pointer:
            return self.followed(node.base, facts, steps)
        return operators.prefix("&", self._lvalue(node.base, facts, steps))

    def _lvalue(self, node: typed.Node, facts: Facts, steps: list[Step]) -> C:
        """What is in memory, by its name there: nothing is read but pointers on the way."""
        match node:
            case typed.Member():
                self.layouts.read(node)
                if not node.through_pointer:
                    return C(f"{self._lvalue(node.base, facts, steps).within(operators.PRIMARY)}.{node.name}")
                if isinstance(node.base, typed.AddressOf):
                    inner = self._lvalue(node.base.operand, facts, steps)
                    return C(f"{inner.within(operators.PRIMARY)}.{node.name}")
                return C(f"{self.followed(node.base, facts, steps).within(operators.PRIMARY)}->{node.name}")
            case typed.Element():
                return self._element(node, facts, steps)
            case typed.Dereference() if isinstance(node.pointer, typed.AddressOf):
                return self._lvalue(node.pointer.operand, facts, steps)
            case typed.Dereference():
                return operators.prefix("*", self.followed(node.pointer, facts, steps))
        return self.value(node, facts, steps)

    def _element(self, node: typed.Element, facts: Facts, steps: list[Step]) -> C:
        if isinstance(strip(node.base.type), Array):
            base = self._lvalue(node.base, facts, steps)
        else:
            base = self.followed(node.base, facts, steps)
            self._complete(node.base.type)
        index = self.value(node.index, facts, steps)
        bound = (node.index, node.length)
        if node.length is not None and constant_value(node.index) is None and bound not in facts.known:
            index = self._within_bound(node, base, index, facts, steps)
            facts.learn(bound)
        return C(f"{base.within(operators.PRIMARY)}[{index.text}]")

    def _within_bound(self, node: typed.Element, base: C, index: C, facts: Facts, steps: list[Step]) -> C:
        # A negative index is a huge one where it is compared with the unsigned size.
        self.headers.add("linux/kernel.h")
        size = operators.call("ARRAY_SIZE", base)
        if isinstance(node.index, typed.Variable) or node.index in facts.held:
            self._check(compared("<", index, size), facts, steps)
            return index
        local = self._local(node.index, index, facts)
        facts.held[node.index] = local
        if facts.inline:
            steps.append(Load(node.index, local, index, "0", lambda loaded: compared("<", loaded, size)))
        else:
            steps.append(Load(node.index, local, index, "0"))
            self._check(compared("<", C(local), size), facts, steps)
        return C(local)

    def _address_of(self, node: typed.AddressOf, facts: Facts, steps: list[Step]) -> C:
        return operators.address(self._lvalue(node.operand, facts, steps))

    # Pointers

    def followed(self, pointer: typed.Node, facts: Facts, steps: list[Step]) -> C:
        """A pointer that is not NULL once the steps are done."""
        match pointer:
            case typed.Node() if pointer in facts.held:
                return self._checked(pointer, facts, steps)
            case typed.Cast() if c_types.pointer(c_types.decayed(pointer.operand.type)):
                self._follow_first(pointer.operand, facts, steps)
                return self.value(pointer, facts, steps)
            case typed.Arithmetic():
                self._follow_first(pointer.left, facts, steps)
                return self.value(pointer, facts, steps)
            case typed.AddressOf() | typed.ContainerOf() | typed.Builtin():
                return self.value(pointer, facts, steps)
        if isinstance(strip(pointer.type), Array):
            return self._lvalue(pointer, facts, steps)
        if isinstance(pointer, typed.Variable):
            return self._checked(pointer, facts, steps)
        text = self.value(pointer, facts, steps)
        if pointer in facts.held:
            # Copied fault-proof, or kept for other uses, just now.
            return self._checked(pointer, facts, steps)
        return self._load(pointer, text, facts, steps)

    def _checked(self, pointer: typed.Node, facts: Facts, steps: list[Step]) -> C:
        """A pointer that C has a name for already; a fault-proof copy from NULL fails by itself."""
        text = self.value(pointer, facts, steps)
        is_derived = isinstance(pointer, typed.ContainerOf | typed.Arithmetic) or _is_struct_cast(pointer)
        if pointer not in facts.known and not is_derived and not self._scope.nofault:
            self._check(self._points_to_kernel(pointer)(text), facts, steps)
            facts.learn(pointer)
        return text

    def _points_to_kernel(self, pointer: typed.Node) -> Callable[[C], Test]:
        """What makes the test that a pointer may be followed."""
        is_trusted = self._scope.trusted or not isinstance(pointer, typed.Variable)
        if is_trusted and not isinstance(pointer, typed.Cast):
            return conditions.truth
        self.headers.add("linux/err.h")
        self.functions.add("is_kernel_pointer")
        return lambda text: conditions.truth(operators.call("is_kernel_pointer", text))

    def _follow_first(self, pointer: typed.Node, facts: Facts, steps: list[Step]) -> None:
        """See that a pointer that another is computed from is not NULL."""
        if not isinstance(pointer, typed.Constant):
            self.followed(pointer, facts, steps)

    def _load(self, node: typed.Node, text: C, facts: Facts, steps: list[Step]) -> C:
        """Load into a local what is to be checked, so that check and use see the same value."""
        local = self._local(node, text, facts)
        is_pointer = c_types.pointer(node.type) is not None
        check = self._points_to_kernel(node) if is_pointer else conditions.truth
        steps.append(Load(node, local, text, self._zero(node.type), check))
        facts.held[node] = local
        facts.implied[node] = frozenset(facts.known)
        facts.learn(node)
        return C(local)

    def _name(self, node: typed.Node, facts: Facts) -> str:
        return self.names.another(node) if facts.unordered else self.names.of(node)

    def _local(self, node: typed.Node, text: C, facts: Facts) -> str:
        local = self._name(node, facts)
        type_ = c_types.C_BOOL if node.type == c_types.BOOL else c_types.unqualified(node.type)
        in_memory = typed.Element | typed.Member | typed.Dereference | typed.Address
        is_copied = isinstance(node, in_memory) and isinstance(strip(type_), Array)
        type_ = _array_copy(type_) if is_copied else c_types.decayed(type_)
        is_named = is_declarable(type_)
        declaration = self.declarations.declare(type_, local) if is_named else f"typeof({text.text}) {local}"
        self.declare(local, declaration, self._scope.kernel.size_of(type_))
        return local

    def declare(self, local: str, declaration: str, size: int) -> None:
        """See that a local variable is there; `size` in bytes."""
        if local not in self.locals:
            self.locals[local] = declaration
            self.frame += size

    @contextmanager
    def _trial(self) -> Iterator[None]:
        """What is written inside is thrown away: its locals are not declared."""
        locals_, frame = dict(self.locals), self.frame
        yield
        self.locals, self.frame = locals_, frame

    # Text

    def text(self, node: typed.Node, facts: Facts, steps: list[Step]) -> tuple[C, str]:
        """A text as C, and the most bytes to look at (as C), "" where its NUL is sure to come."""
        match node:
            case typed.TextConstant() | typed.ParameterValue():
                return self.value(node, facts, steps), ""
            case typed.Conditional():
                return self._choice(node, facts, as_text=True), ""
            case typed.BoundedText() if node.space == "user":
                return self._text_copy(node, node.limit, facts, steps), ""
            case typed.BoundedText() if self._scope.nofault:
                return self._text_copy(node, node.limit, facts, steps), ""
            case typed.BoundedText():
                pointer = self.followed(node.pointer, facts, steps)
                if not c_types.is_text(node.pointer):
                    pointer = operators.cast("const char *", pointer)
                return pointer, str(node.limit)
        if isinstance(strip(node.type), Array):
            value = self.value(node, facts, steps)
            return value, f"sizeof({value.text})"
        if self._scope.nofault:
            bounded = typed.BoundedText(c_types.TEXT, node.span, node, LONGEST_COPY, "kernel")
            return self._text_copy(bounded, LONGEST_COPY, facts, steps), ""
        return self.followed(node, facts, steps), ""

    def copied_address(self, node: typed.Address, pointer: C, facts: Facts, steps: list[Step]) -> C:
        """A local with the bytes of a long address, copied fault-proof."""
        self.headers.add("linux/uaccess.h")
        local = self._local(node, pointer, facts)
        copied = operators.call("copy_from_kernel_nofault", local, pointer, f"sizeof({local})")
        zero = f"memset({local}, 0, sizeof({local}))"
        steps.append(Copy(node, _succeeds(copied), zero))
        facts.held[node] = local
        return C(local)

    def _text_copy(self, node: typed.BoundedText, limit: int, facts: Facts, steps: list[Step]) -> C:
        """A local with the text, copied fault-proof."""
        if node in facts.held:
            return C(facts.held[node])
        self.headers.update(("linux/uaccess.h", "linux/mm.h", "linux/minmax.h", "linux/string.h"))
        if isinstance(strip(node.pointer.type), Array):
            source = self._lvalue(node.pointer, facts, steps)
        else:
            source = self.value(node.pointer, facts, steps)
        if not c_types.is_text(node.pointer):
            source = operators.cast(f"const char {'__user ' if node.space == 'user' else ''}*", source)
        local = self._name(node, facts)
        self.declare(local, f"char {local}[{limit + 1}]", limit + 1)
        function = "nofault_text" if node.space == "kernel" else "nofault_user_text"
        self.functions.add(function)
        copied = operators.call(function, local, source, f"sizeof({local})")
        steps.append(Copy(node, _succeeds(copied), f"{local}[0] = '\\0'"))
        facts.held[node] = local
        return C(local)

    def _text_test(self, left: typed.Node, right: typed.Node, facts: Facts, steps: list[Step]) -> Test:
        """Whether two texts are the same."""
        self.headers.add("linux/string.h")
        if isinstance(left, typed.TextConstant | typed.ParameterValue):
            left, right = right, left
        first, bound = self.text(left, facts, steps)
        if isinstance(right, typed.TextConstant) and not right.value:
            return ~conditions.truth(C(f"{first.within(operators.PRIMARY)}[0]"))
        second, other_bound = self.text(right, facts, steps)
        bound = self._smaller(left, right, bound, other_bound)
        differs = operators.call("strncmp", first, second, bound) if bound else operators.call("strcmp", first, second)
        return Test(operators.prefix("!", differs), differs)

    def _smaller(self, left: typed.Node, right: typed.Node, bound: str, other: str) -> str:
        if not (bound and other):
            return bound or other
        return bound if _length(left) <= _length(right) else other

    def _prefix_test(self, node: typed.StartsWith, facts: Facts, steps: list[Step]) -> Test:
        self.headers.add("linux/string.h")
        text, bound = self.text(node.text, facts, steps)
        prefix = self.value(node.prefix, facts, steps)
        if isinstance(node.prefix, typed.ParameterValue) and bound:
            self.functions.add("bounded_starts")
            return conditions.truth(operators.call("bounded_starts", text, bound, prefix))
        return conditions.truth(operators.call("strstarts", text, prefix))

    # Conditions

    def condition(self, node: typed.Node, want: bool, facts: Facts) -> tuple[Condition, Facts, Facts]:
        """The condition that a node is true (or false, if not `want`); a part that meets NULL never holds.

        Returns: the condition, what is known where it held, and what is known where it has not.
        """
        if isinstance(node, typed.Not):
            return self.condition(node.operand, not want, facts)
        if isinstance(node, typed.Logical):
            return self._logical(node, want, facts)
        inside = facts.fork(inline=True)
        steps: list[Step] = []
        test = self.test(node, want, inside, steps)
        failed = facts.fork()
        if (pointer := _tested_pointer(node, want)) is not None:
            tested_pointer, means_null = pointer
            if means_null and not steps:
                failed.held = dict(inside.held)
                failed.implied = dict(inside.implied)
                failed.learn(tested_pointer)
        inside.inline = facts.inline
        return every([*(tested(step) for step in steps), test]), inside, failed

    def _logical(self, node: typed.Logical, want: bool, facts: Facts) -> tuple[Condition, Facts, Facts]:
        if (node.operator == "&&") == want:
            left, if_true, _ = self.condition(node.left, want, facts)
            right, both, _ = self.condition(node.right, want, if_true)
            return every([left, right]), both, facts.fork()
        inside = facts.fork(inline=True)
        steps = self.needed_first(node, want, inside)
        known = inside.fork(inline=facts.inline)
        left, if_true, if_false = self.condition(node.left, want, known)
        right, right_true, neither = self.condition(node.right, want, if_false)
        condition = every([*(tested(step) for step in steps), either([left, right])])
        return condition, if_true.common(right_true), facts.fork() if steps else neither

    def needed_first(self, node: typed.Logical, want: bool, facts: Facts) -> list[Step]:
        """The steps that both sides of an "or" need: without them neither can hold, so they come once, before."""
        with self._trial():
            left, if_false = self.condition(node.left, want, facts)[1:]
            right = self.condition(node.right, want, if_false)[1]
        needed = left.common(right).known - facts.known
        steps: list[Step] = []
        for part in typed.walk(node):
            if isinstance(part, typed.ParameterValue) and self._is_shared(part, facts):
                self.value(part, facts, steps)
            if part in needed and c_types.pointer(part.type):
                self.followed(part, facts, steps)
        return steps

    def test(self, node: typed.Node, want: bool, facts: Facts, steps: list[Step]) -> Condition:
        """The last test of a condition, after its steps; the node is neither a `!` nor a `&&` or `||`."""
        if (value := constant_value(node)) is not None:
            return _settled(bool(value) == want)
        if c_types.never_null(node):
            if not isinstance(node, typed.TextConstant):
                self.followed(node, facts, steps)
            return _settled(want)
        if (pointer := _tested_pointer(node, want)) is not None:
            return self._pointer_test(*pointer, facts, steps)
        match node:
            case typed.Comparison():
                test: Condition = compared(
                    node.operator, self.value(node.left, facts, steps), self.value(node.right, facts, steps)
                )
            case typed.TextComparison():
                same = self._text_test(node.left, node.right, facts, steps)
                test = same if node.operator == "==" else ~same
            case typed.StartsWith():
                test = self._prefix_test(node, facts, steps)
            case typed.OneOf():
                test = self._one_of(node, facts, steps)
            case typed.Conditional():
                return self._choice_test(node, want, facts)
            case _:
                test = conditions.truth(self.value(node, facts, steps))
        return test if want else ~test

    def _choice_test(self, node: typed.Conditional, want: bool, facts: Facts) -> Test:
        """`c ? a : b` as a condition: a branch that meets NULL doesn't hold."""
        condition, if_true, if_false = self.condition(node.condition, True, facts.fork(inline=True))
        chosen = conditions.c_text(condition)
        yes = _as_number(self.condition(node.yes, want, if_true)[0], node.yes)
        no = _as_number(self.condition(node.no, want, if_false)[0], node.no)
        return Test(
            operators.choice(chosen, conditions.c_text(yes), conditions.c_text(no)),
            operators.choice(chosen, conditions.c_text(~yes), conditions.c_text(~no)),
        )

    def _pointer_test(self, pointer: typed.Node, means_null: bool, facts: Facts, steps: list[Step]) -> Condition:
        """Whether a pointer is NULL or not; one that is used again gets a local at once."""
        if isinstance(pointer, typed.Conditional):
            return self._choice_test(pointer, not means_null, facts)
        again = self._count[pointer] > 1 and not isinstance(pointer, typed.Variable | typed.AddressOf)
        text = self.value(pointer, facts, steps)
        if again and pointer not in facts.held:
            local = self._local(pointer, text, facts)
            if facts.inline:
                text = operators.assignment(local, text)
            else:
                steps.append(Load(pointer, local, text, NULL))
                text = C(local)
            facts.implied[pointer] = frozenset(facts.known)
            facts.held[pointer] = local
        if not means_null:
            facts.learn(pointer)
        is_made = isinstance(pointer, typed.Cast) and c_types.number(pointer.operand.type)
        test = compared("!=", text, C(NULL)) if is_made else Test(text, operators.prefix("!", text))
        return ~test if means_null else test

    def _one_of(self, node: typed.OneOf, facts: Facts, steps: list[Step]) -> Condition:
        if c_types.is_text(node.value):
            return either([self._text_test(node.value, option, facts, steps) for option in node.options])
        value = first = self.value(node.value, facts, steps)
        is_simple = isinstance(node.value, typed.Variable) or node.value in facts.held
        if len(node.options) > 1 and not is_simple:
            local = self._local(node.value, value, facts)
            if facts.inline:
                first = operators.assignment(local, value)
            else:
                steps.append(Load(node.value, local, value, "0"))
                first = C(local)
            facts.held[node.value] = local
            value = C(local)
        options = [self.value(option, facts, steps) for option in node.options]
        tests = [compared("==", first, options[0])]
        tests += [compared("==", value, option) for option in options[1:]]
        return either(tests)


def _tested_pointer(node: typed.Node, want: bool) -> tuple[typed.Node, bool] | None:
    """If the node is a test of a pointer: the pointer, and whether it is to be NULL."""
    if isinstance(node, typed.Comparison) and node.operator in ("==", "!="):
        for pointer, other in ((node.left, node.right), (node.right, node.left)):
            if c_types.pointer(pointer.type) and isinstance(other, typed.Constant) and other.value == 0:
                return pointer, (node.operator == "==") == want
    if c_types.pointer(node.type) and not isinstance(node, typed.TextConstant):
        return node, not want
    return None


def _settled(outcome: bool) -> Test:
    """A test whose outcome is known."""
    test = Test(C("true"), C("false"))
    return test if outcome else ~test


def _as_number(condition: Condition, node: typed.Node) -> Condition:
    """The condition that a node holds, or doesn't; a pointer's test is not the pointer itself any more."""
    while isinstance(node, typed.Not):
        node = node.operand
    is_pointer = _tested_pointer(node, True) is not None and constant_value(node) is None
    is_number = not is_pointer or isinstance(node, typed.Conditional) or bool(c_types.never_null(node))
    if is_number or not isinstance(condition, Test):
        return condition
    negated = condition.holds.text.startswith("!")
    pointer = condition.fails if negated else condition.holds
    test = compared("!=", pointer, C(NULL))
    return ~test if negated else test


def _is_behind_pointer(node: typed.Node) -> bool:
    """Whether something in memory is reached through a pointer."""
    match node:
        case typed.Member():
            return node.through_pointer or _is_behind_pointer(node.base)
        case typed.Element():
            return node.length is None or _is_behind_pointer(node.base)
        case typed.Dereference():
            return True
    return False


def _is_struct_cast(node: typed.Node) -> bool:
    """Whether a pointer is seen as one to another struct: kernel code has a variable for that."""
    if not isinstance(node, typed.Cast) or c_types.pointer(c_types.decayed(node.operand.type)) is None:
        return False
    target = c_types.pointer(node.type)
    return target is not None and isinstance(strip(target.target), Struct)


def _succeeds(copied: C) -> Test:
    """The test that a copy, which returns 0 then, has succeeded."""
    return Test(operators.prefix("!", copied), copied)


def _length(node: typed.Node) -> int:
    plain = strip(node.type)
    if isinstance(node, typed.BoundedText):
        return node.limit
    return plain.length if isinstance(plain, Array) else 0


def _array_copy(type_: Type) -> Type:
    """An array's type without the qualifiers of its elements: what can be written to."""
    plain = strip(type_)
    assert isinstance(plain, Array)
    element = plain.element
    while isinstance(element, Qualified):
        element = element.target
    return Array(element, plain.length)
