"""Find what could be written wrong in a module, and write one of it wrong.

A fault is one small change such as a slip of the hand makes: ``<`` for ``<=``, ``+`` for ``−``, a
condition turned round, two arguments exchanged, a call forgotten, a number or a name that is off.
What is only read by people and type checkers (docstrings, annotations, assertions, the sentences of
a refusal) is left alone, and so are sentences, which need a reader and no test.
"""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

MARK = "__mark__"  # what a marked module calls at the head of each block, with the block's number
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.Break: ast.Continue, ast.Continue: ast.Break,
}  # fmt: skip
EXCHANGED = {"min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum",
             "maximum": "minimum", "argmin": "argmax", "argmax": "argmin"}  # fmt: skip
DROPPED = {"abs", "reversed", "sorted", "round"}  # f(x) becomes x
ALIKE = {"min", "max", "minimum", "maximum", "isinstance", "array_equal"}  # f(x, y) may be f(y, x)
TINY = 1e-4  # a number below is a tolerance, and means little less when it is doubled
# They guard against what a programmer does, and change nothing that is shown.
GUARDS = {"strict", "slots", "kw_only", "stacklevel", "maxsize"}
CLASS = re.compile(r'(class="|bpf-)(?=\w)')
NAME = re.compile(r"[\w.:#%-]{1,40}")
SHOWN = 70  # so many letters of a piece of code are enough to know it by

Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class Fault:
    """One change of a module: the number in it, the place, and the code before and after."""

    number: int
    line: int
    block: int  # 0 is what runs when the module is imported
    inside: str  # the class and function
    before: str
    after: str
    again: int  # how often the same change was possible in this function before

    @property
    def name(self) -> str:
        """What stays the same when the file changes elsewhere."""
        again = f" #{self.again + 1}" if self.again else ""
        return f"{self.inside}: {self.before} → {self.after}{again}"


def faults(source: str) -> list[Fault]:
    """All faults that can be planted in a module, in the order of its text."""
    planter = _Planter()
    planter.module(ast.parse(source))
    return planter.found


def planted(source: str, number: int) -> ast.Module:
    """The module with one fault. Raises IndexError where there is no fault of that number.

    >>> ast.unparse(planted("y = x + 1", 0))
    'y = x - 1'
    """
    planter = _Planter(wanted=number)
    tree = planter.module(ast.parse(source))
    if not planter.planted:
        raise IndexError(f"Expected a number below {len(planter.found)}, but {number} came.")
    return tree


def marked(source: str) -> ast.Module:
    """The module without a fault, in which each block says its number when it is entered."""
    return _Planter(marks=True).module(ast.parse(source))


class _Planter(ast.NodeTransformer):
    """Walk through a module, note each fault that is possible, and plant the one that is wanted."""

    def __init__(self, wanted: int | None = None, marks: bool = False) -> None:
        self.found: list[Fault] = []
        self.wanted, self.marks, self.planted = wanted, marks, False
        self.blocks, self.block = 1, 0
        self.inside: list[str] = []
        self.line = 1
        self.seen: Counter[tuple[str, str, str]] = Counter()

    def module(self, tree: ast.Module) -> ast.Module:
        tree.body = self._statements(tree.body)
        return ast.fix_missing_locations(tree)

    # ---- a fault

    def offer(self, node: ast.AST, other: ast.AST | None) -> bool:
        """Note a fault, ``other`` (None: nothing) in the place of ``node``: is it wanted?"""
        before, after = _code(node), _code(other) if other else "(left out)"
        inside = ".".join(self.inside) or "(module)"
        again = self.seen[inside, before, after]
        self.seen[inside, before, after] += 1
        number = len(self.found)
        self.found.append(Fault(number, self.line, self.block, inside, before, after, again))
        self.planted |= number == self.wanted
        return number == self.wanted

    def change(self, node: Node, **fields: object) -> Node:
        """Return ``node``, or what it becomes with these fields if that is the fault wanted."""
        other = copy.copy(node)
        for name, value in fields.items():
            setattr(other, name, value)
        return other if self.offer(node, other) else node

    def visit(self, node: ast.AST) -> ast.AST | None:
        self.line = getattr(node, "lineno", self.line)
        result: ast.AST | None = super().visit(node)
        return result

    # ---- blocks and statements

    @contextmanager
    def new_block(self) -> Iterator[int]:
        around, self.block = self.block, self.blocks
        self.blocks += 1
        yield self.block
        self.block = around

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        if not body:
            return body
        with self.new_block() as number:
            body = self._statements(body)
        if self.marks:
            call = ast.Call(ast.Name(MARK, ast.Load()), [ast.Constant(number)], [])
            at = 1 if is_text(body[0]) else 0
            body[at:at] = [ast.copy_location(ast.Expr(call), body[0])]
        return body

    def _statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        done: list[ast.stmt] = []
        for statement in body:
            if _is_left_alone(statement):
                done.append(statement)
                continue
            self.line = statement.lineno
            needless = isinstance(statement, ast.Expr | ast.AugAssign | ast.Raise)
            if needless and self.offer(statement, None):
                done.append(ast.copy_location(ast.Pass(), statement))
            elif isinstance(statement, ast.Raise):
                done.append(statement)
            else:
                new = self.visit(statement)
                assert isinstance(new, ast.stmt)
                done.append(new)
        return done

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.decorator_list = [self._expression(one) for one in node.decorator_list]
        self.inside.append(node.name)
        node.args.defaults = [self._expression(one) for one in node.args.defaults]
        node.args.kw_defaults = [one and self._expression(one) for one in node.args.kw_defaults]
        node.body = self._block(node.body)
        self.inside.pop()
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]  # the same fields

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.decorator_list = [self._expression(one) for one in node.decorator_list]
        self.inside.append(node.name)
        node.body = self._statements(node.body)
        self.inside.pop()
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        node.test = self._condition(node.test)
        node.body, node.orelse = self._block(node.body), self._block(node.orelse)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        node.test = self._condition(node.test)
        node.body, node.orelse = self._block(node.body), self._block(node.orelse)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        node.iter = self._expression(node.iter)
        node.body, node.orelse = self._block(node.body), self._block(node.orelse)
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        node.items = [self.visit(one) for one in node.items]  # type: ignore[misc]
        node.body = self._statements(node.body)
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        node.body = self._statements(node.body)
        for handler in node.handlers:
            handler.body = self._block(handler.body)
        node.orelse, node.finalbody = self._block(node.orelse), self._statements(node.finalbody)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        node.guard = node.guard and self._condition(node.guard)
        node.body = self._block(node.body)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.value = node.value and self._expression(node.value)
        return node

    # ---- expressions

    def _expression(self, node: ast.expr) -> ast.expr:
        new = self.visit(node)
        assert isinstance(new, ast.expr)
        return new

    def _condition(self, node: ast.expr) -> ast.expr:
        """A condition may be turned round, where no comparison in it can be."""
        node = self._expression(node)
        if isinstance(node, ast.Compare | ast.UnaryOp | ast.BoolOp | ast.Constant):
            return node
        turned = ast.copy_location(ast.UnaryOp(ast.Not(), node), node)
        return turned if self.offer(node, turned) else node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        node = self.change(node, body=node.orelse, orelse=node.body)
        return self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        node.iter = self._expression(node.iter)
        node.ifs = [self._condition(one) for one in node.ifs]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if type(node.ops[0]) in SWAPPED:
            node = self.change(node, ops=[_swapped(node.ops[0]), *node.ops[1:]])
        return self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        return self.generic_visit(self.change(node, op=_swapped(node.op)))

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if type(node.op) in SWAPPED:
            node = self.change(node, op=_swapped(node.op))
        return self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if type(node.op) in SWAPPED:
            node = self.change(node, op=_swapped(node.op))
        node.value = self._expression(node.value)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.Not | ast.USub) and self.offer(node, node.operand):
            return self._expression(node.operand)
        return self.generic_visit(node)

    def visit_Break(self, node: ast.Break) -> ast.AST:
        other = ast.copy_location(ast.Continue(), node)
        return other if self.offer(node, other) else node

    def visit_Continue(self, node: ast.Continue) -> ast.AST:
        other = ast.copy_location(ast.Break(), node)
        return other if self.offer(node, other) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else _code(node.func)
        if called in ("TypeVar", "cast", "_", "ngettext", "gettext"):
            return node
        if called == "as_kind":  # the last argument is what a refusal advises
            node.args[:2] = [self._expression(one) for one in node.args[:2]]
            return node
        if called in EXCHANGED:
            other = copy.copy(node.func)
            setattr(other, "attr" if isinstance(other, ast.Attribute) else "id", EXCHANGED[called])
            node = self.change(node, func=other)
        if called in DROPPED and len(node.args) == 1 and self.offer(node, node.args[0]):
            return self._expression(node.args[0])
        plain = [one for one in node.args if not isinstance(one, ast.Starred)]
        if len(plain) == len(node.args) > 1 and called not in ALIKE:
            first, second, *rest = node.args
            node = self.change(node, args=[second, first, *rest])
        named = [one for one in node.keywords if one.arg and one.arg not in GUARDS]
        if len(named) == len(node.keywords) > 1:
            one, other_one, *others = named
            swapped = [ast.keyword(one.arg, other_one.value), ast.keyword(other_one.arg, one.value)]
            node = self.change(node, keywords=[*swapped, *others])
        return self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        return node if node.arg in GUARDS else self.generic_visit(node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        node.value = self._expression(node.value)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if isinstance(value, bool):
            return self.change(node, value=not value)
        if isinstance(value, int):
            return self.change(node, value=value + 1)
        if isinstance(value, float):
            return self.change(node, value=value / (0.5 if abs(value) > TINY else 1e-3) or 1.0)
        if isinstance(value, str) and CLASS.search(value):
            return self.change(node, value=CLASS.sub(r"\1no-", value, count=1))
        if isinstance(value, str) and NAME.fullmatch(value):
            return self.change(node, value=value + "_")
        return node


def _swapped(operator: ast.AST) -> ast.AST:
    return SWAPPED[type(operator)]()


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring or an ellipsis."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_left_alone(statement: ast.stmt) -> bool:
    """Docstrings, ellipses, imports, assertions, and what only a type checker runs."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.Assert) or is_text(statement):
        return True
    if isinstance(statement, ast.If):
        return _code(statement.test) == "TYPE_CHECKING"
    return isinstance(statement, ast.Assign) and _code(statement.targets[0]) == "__all__"


def _code(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
