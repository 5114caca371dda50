"""What a mutant is: one node of a function put otherwise.

Left out: docstrings, annotations, decorators and defaults of parameters (all of which are evaluated when a module is
imported, or never), constants of modules and classes (the same), and texts for people: what a message has to say is
tested where it matters, not its every letter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Div,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.Pow: ast.Mult,
}
OTHER_FUNCTION = {"any": "all", "all": "any", "min": "max", "max": "min"}
OTHER_METHOD = {
    "startswith": "endswith",
    "endswith": "startswith",
    "removeprefix": "removesuffix",
    "removesuffix": "removeprefix",
    "partition": "rpartition",
    "rpartition": "partition",
    "lower": "upper",
    "upper": "lower",
}
TYPE_CHECKS = {"isinstance", "len", "cast", "assert_never"}
"""Functions whose arguments stay as they are: otherwise they raise, which every test notices."""

MESSAGES = {"passed": (1,), "failed": (1, 2), "unclear": (1,), "skipped": (1,)}
"""Which arguments of the functions that make findings are texts for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One node put otherwise: `owner.field`, or `owner.field[index]`, becomes `new`."""

    owner: ast.AST
    field: str
    index: int | None
    new: Any
    what: str
    line: int
    guard: bool = False
    """Whether it takes away a condition under which a function ends early, skips or leaves something out."""

    def apply(self) -> Any:
        """Put it; returns what was there, for `undo`."""
        at = getattr(self.owner, self.field)
        if self.index is None:
            setattr(self.owner, self.field, self.new)
            return at
        old = at[self.index]
        at[self.index] = self.new
        return old

    def undo(self, old: Any) -> None:
        """Put back what was there."""
        if self.index is None:
            setattr(self.owner, self.field, old)
        else:
            getattr(self.owner, self.field)[self.index] = old


def functions(tree: ast.Module) -> Iterator[tuple[str, list[ast.ClassDef], Function]]:
    """(qualified name, the classes around it, the function) of each function that is in no other."""

    def inside(body: list[ast.stmt], around: list[ast.ClassDef]) -> Iterator[tuple[str, list[ast.ClassDef], Function]]:
        for node in body:
            if isinstance(node, Function):
                yield ".".join([*(one.name for one in around), node.name]), around, node
            elif isinstance(node, ast.ClassDef):
                yield from inside(node.body, [*around, node])

    return inside(tree.body, [])


def changes(function: Function) -> Iterator[Change]:
    """Everything in the body of a function that can be put otherwise, in the order of the source."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    for index in range(len(function.body) - len(body), len(function.body)):
        yield from _at(function, "body", index, function.body[index])


def _at(owner: ast.AST, field: str, index: int | None, node: ast.AST) -> Iterator[Change]:
    """Changes of one node, then those of what it consists of."""
    if _is_text(node):
        return
    line = getattr(node, "lineno", getattr(owner, "lineno", 0))
    for new, what in _instead(node):
        guard = isinstance(owner, ast.comprehension) and what == "left out"
        yield Change(owner=owner, field=field, index=index, new=new, what=_told(node, what), line=line, guard=guard)
    yield from _inside(node, line)
    for name, value in ast.iter_fields(node):
        if _is_left_out(node, name):
            continue
        for at, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and not _is_message(node, name, at):
                yield from _at(node, name, at if isinstance(value, list) else None, child)


def _instead(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What could stand in the place of a node, with a word on it."""
    match node:
        case ast.stmt():
            yield from _statement(node)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(value=not value), f"{not value}"
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value=value + 1), f"{value + 1}"
        case ast.Constant(value=str(value)):
            yield ast.Constant(value=f"XX{value}XX"), f"XX{value}XX"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand, "without not"
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(op=ast.Or() if isinstance(op, ast.And) else ast.And(), values=values), "and/or swapped"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SWAPPED:
            yield ast.BinOp(left=left, op=SWAPPED[type(op)](), right=right), f"{SWAPPED[type(op)].__name__}"
        case ast.Call(func=ast.Name(id=name), args=args, keywords=words) if name in OTHER_FUNCTION:
            other = OTHER_FUNCTION[name]
            yield ast.Call(func=ast.Name(id=other, ctx=ast.Load()), args=args, keywords=words), other
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=args, keywords=words) if name in OTHER_METHOD:
            func = ast.Attribute(value=value, attr=OTHER_METHOD[name], ctx=ast.Load())
            yield ast.Call(func=func, args=args, keywords=words), OTHER_METHOD[name]


def _statement(node: ast.stmt) -> Iterator[tuple[ast.stmt, str]]:
    """What could stand in the place of a statement, with a word on it."""
    nothing = ast.Constant(value=None)
    match node:
        case ast.AugAssign(target=target, op=op, value=value) if type(op) in SWAPPED:
            yield ast.AugAssign(target=target, op=SWAPPED[type(op)](), value=value), f"{SWAPPED[type(op)].__name__}"
        case ast.Assign(targets=targets, value=value) if not _is_falsy(value):
            yield ast.Assign(targets=targets, value=nothing), "None assigned"
        case ast.Return(value=ast.expr() as value) if not _is_falsy(value):
            yield ast.Return(value=nothing), "None returned"
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield ast.If(test=ast.Constant(value=False), body=[node], orelse=[]), "not yielded"
        case ast.Expr(value=ast.Call()):
            yield ast.Pass(), "not called"
        case ast.Continue():
            yield ast.Break(), "break"
        case ast.Break():
            yield ast.Continue(), "continue"


def _inside(node: ast.AST, line: int) -> Iterator[Change]:
    """Changes by which a node loses a part of it, or a condition always or never holds."""
    match node:
        case ast.If() | ast.IfExp() | ast.While():
            yield from _of_condition(node, line)
        case ast.BoolOp(op=op, values=values):
            neutral = isinstance(op, ast.And)
            for index, value in enumerate(values):
                yield _put(node, "values", index, neutral, f"{_text(node)}: without {ast.unparse(value)}", line)
        case ast.Compare(ops=ops):
            for index, old in enumerate(ops):
                new = SWAPPED[type(old)]()
                what = f"{_text(node)}: {type(new).__name__}"
                yield Change(owner=node, field="ops", index=index, new=new, what=what, line=line)
        case ast.comprehension(ifs=ifs):
            for index, test in enumerate(ifs):
                at = test.lineno
                yield _put(node, "ifs", index, True, f"without the filter: if {ast.unparse(test)}", at, guard=True)
        case ast.Match(cases=cases) if len(cases) > 1:
            for index, case in enumerate(cases):
                rest = [*cases[:index], *cases[index + 1 :]]
                what = f"without: case {ast.unparse(case.pattern)}"
                yield Change(owner=node, field="cases", index=None, new=rest, what=what, line=case.pattern.lineno)
        case ast.match_case(guard=ast.expr() as guard):
            what = f"without the guard: case ... if {ast.unparse(guard)}"
            yield Change(owner=node, field="guard", index=None, new=None, what=what, line=guard.lineno, guard=True)
        case ast.Call(func=func, args=args, keywords=words) if _name(func) not in TYPE_CHECKS:
            yield from _of_arguments(node, args, words, line)


def _of_condition(node: ast.If | ast.IfExp | ast.While, line: int) -> Iterator[Change]:
    """A condition that always holds, or never."""
    test = ast.unparse(node.test)
    match node:
        case ast.If(body=body):
            leaves = isinstance(body[-1], ast.Return | ast.Continue | ast.Break | ast.Raise)
            yield _put(node, "test", None, False, f"never: if {test}", line, guard=leaves)
            yield _put(node, "test", None, True, f"always: if {test}", line)
        case ast.IfExp():
            for value in (True, False):
                yield _put(node, "test", None, value, f"always {value}: {ast.unparse(node)}", line)
        case ast.While():
            yield _put(node, "test", None, False, f"never: while {test}", line)


def _of_arguments(node: ast.Call, args: list[ast.expr], words: list[ast.keyword], line: int) -> Iterator[Change]:
    """None in the place of each argument, and a call without each that has a name."""
    for index, value in enumerate(args):
        if isinstance(value, ast.Constant | ast.Starred) or _is_message(node, "args", index) or _is_text(value):
            continue
        what = f"{_text(node)}: None for {ast.unparse(value)}"
        yield Change(owner=node, field="args", index=index, new=ast.Constant(value=None), what=what, line=line)
    for index, word in enumerate(words):
        if word.arg is None or _is_text(word.value):
            continue
        rest = [*words[:index], *words[index + 1 :]]
        what = f"{_text(node)}: without {word.arg}"
        yield Change(owner=node, field="keywords", index=None, new=rest, what=what, line=line)


def _put(
    owner: ast.AST, field: str, index: int | None, value: Any, what: str, line: int, guard: bool = False
) -> Change:
    new = ast.Constant(value=value)
    return Change(owner=owner, field=field, index=index, new=new, what=what, line=line, guard=guard)


def _is_left_out(node: ast.AST, field: str) -> bool:
    """Whether a part of a node is evaluated on import, never, or would raise at once."""
    if field in ("annotation", "returns", "decorator_list", "type_params", "ctx", "op", "ops", "pattern"):
        return True
    if isinstance(node, ast.arguments | ast.arg | ast.alias | ast.Assert | ast.Raise):
        return True
    if field == "args" and isinstance(node, Function | ast.Lambda):
        return True
    return field in ("args", "keywords") and isinstance(node, ast.Call) and _name(node.func) in TYPE_CHECKS


def _is_message(node: ast.AST, field: str, index: int) -> bool:
    if not isinstance(node, ast.Call) or field != "args":
        return isinstance(node, ast.keyword) and node.arg == "hint"
    return index in MESSAGES.get(_name(node.func), ())


def _is_text(node: Any) -> bool:
    """Whether a node is a text for people: it has a space, or is put together by an f-string."""
    match node:
        case ast.JoinedStr():
            return True
        case ast.Constant(value=str(value)):
            return " " in value or not value
        case ast.IfExp(body=body, orelse=orelse):
            return _is_text(body) or _is_text(orelse)
        case ast.BinOp(left=left, right=right):
            return _is_text(left) or _is_text(right)
        case ast.Assign(value=value) | ast.Return(value=value) | ast.AugAssign(value=value):
            return value is not None and _is_text(value)
        case ast.Call(func=ast.Attribute(value=value, attr="join" | "format")):
            return _is_text(value) or isinstance(value, ast.Constant)
    return False


def _is_falsy(node: ast.AST) -> bool:
    """Whether a node is a constant in whose place None would mean the same."""
    return isinstance(node, ast.Constant) and not node.value


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:87]}..."


def _told(node: ast.AST, what: str) -> str:
    return f"{_text(node)}: {what}"
