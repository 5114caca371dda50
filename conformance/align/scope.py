"""What the names of a TypeScript text stand for: constants, enums, statics, helpers, objects and types."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from conformance.align.model import Place
from conformance.align.nodes import bare, last, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

Names: TypeAlias = Mapping[str, str]
"""What names of a text stand for: `SOCKET_EVENTS.MESSAGE` or `room`."""

Foreign: TypeAlias = Mapping[str, tuple["Scope", str]]
"""For the name of a type in one text: the text that declares it, and its name there."""

FUNCTIONS = frozenset({"arrow_function", "function_expression", "function", "generator_function"})
TEXTS = frozenset({"string", "template_string", "binary_expression"})
"""Expressions that may be a text which is known."""
STORES = re.compile(
    r"redis|cache|codes?(?![a-z])|keys?\b|(?<![a-z])key|prefix|queue|topic|scope|permission|roles?(?![a-z])|metric|logs?(?![a-z])|job|storage|"
    r"database|collection|urns?(?![a-z])|style|class(?:es|name)|colou?r|palette|theme|icon|badge|variant",
    re.IGNORECASE,
)
"""The name of what holds other names with colons than those of events."""
EVENTS = re.compile(r"event|socket|emit|listen|handler|broadcast|subscri", re.IGNORECASE)
"""The name of what holds names of events."""

MOST_DEPTH = 20
"""How many names a name may stand for in turn."""


def _block(node: Node) -> Node:
    """The block that a declaration stands in."""
    one = node.parent
    while one is not None and one.parent is not None and one.type not in ("statement_block", "program", "class_body"):
        one = one.parent
    return one or node


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A string that a constants object, an enum or a static member holds."""

    text: str
    place: Place
    node: Node


@dataclass(slots=True)
class Scope:
    """The names of one text, collected once."""

    nodes: Sequence[Node]
    place: Callable[[Node], Place]
    outside: Names = field(default_factory=dict)
    """What the constants of other files stand for."""
    names: dict[str, str] = field(default_factory=dict)
    constants: list[Constant] = field(default_factory=list)
    objects: dict[str, Node] = field(default_factory=dict)
    """Object literals, by the variable that holds them or the function that returns them."""
    changed: set[str] = field(default_factory=set)
    """Variables to whose fields something is assigned later."""
    local: dict[str, list[tuple[int, int, Node]]] = field(default_factory=lambda: defaultdict(list))
    """(first byte, last byte, value) of each variable: where in the text it stands for the value."""
    types: dict[str, Node] = field(default_factory=dict)
    """The bodies of interfaces and types."""
    functions: dict[str, Node] = field(default_factory=dict)
    """Functions that are declared by their names."""
    foreign: Foreign = field(default_factory=dict)
    """The types of other texts, by what they are called here."""
    extended: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Interfaces that have fields of others."""

    def __post_init__(self) -> None:
        for node in self.nodes:
            self._note(node)

    def _note(self, node: Node) -> None:
        match node.type:
            case "variable_declarator":
                self._variable(node)
            case "function_declaration" | "method_definition":
                name = node.child_by_field_name("name")
                if name is not None and node.type == "function_declaration":
                    self.functions[text_of(name)] = node
                own = "this." if node.type == "method_definition" else ""
                self._made(f"{own}{text_of(name)}" if name else "", node)
            case "enum_declaration":
                self._enum(node)
            case "public_field_definition" | "field_definition":
                self._static(node)
            case "interface_declaration" | "type_alias_declaration":
                self._type(node)
            case "assignment_expression":
                left = node.child_by_field_name("left")
                inner = left.child_by_field_name("object") if left is not None else None
                if inner is not None and inner.type == "identifier":
                    self.changed.add(text_of(inner))

    def _variable(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), bare(node.child_by_field_name("value"))
        if name is None or value is None or name.type != "identifier":
            return
        block = _block(node)
        self.local[text_of(name)].append((block.start_byte, block.end_byte, value))
        if value.type == "object":
            self._members(text_of(name), value)
        elif value.type in FUNCTIONS:
            self._made(text_of(name), value)
        elif (literal := self.literal(value)) is not None:
            self.names[text_of(name)] = literal

    def _enum(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        for member in body.named_children if body else ():
            key, value = member.child_by_field_name("name"), member.child_by_field_name("value")
            if name and key and value and value.type in TEXTS:
                self._constant(f"{text_of(name)}.{text_of(key)}", value)

    def _static(self, node: Node) -> None:
        """A member of a class that is given its value there: `static readonly JOIN = '...'`."""
        key = node.child_by_field_name("name") or node.child_by_field_name("property")
        value = bare(node.child_by_field_name("value"))
        owner = node.parent.parent if node.parent is not None else None
        name = owner.child_by_field_name("name") if owner is not None else None
        if key is None or value is None:
            return
        path = f"{text_of(name)}.{text_of(key)}" if name is not None else text_of(key)
        if value.type == "object":
            self._members(path, value)
        elif value.type in TEXTS:
            self._constant(path, value)
            self.names |= {f"this.{text_of(key)}": self.names[path]} if path in self.names else {}
        elif value.type in FUNCTIONS:
            self._made(f"this.{text_of(key)}", value)

    def _type(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        body = body or node.child_by_field_name("value")
        if name is not None and body is not None:
            self.types[text_of(name)] = body
            bases = [child for child in node.children if child.type.startswith("extends")]
            if bases:
                named = (text_of(one) for child in bases for one in child.named_children)
                self.extended[text_of(name)] = tuple(named)

    def _made(self, name: str, function: Node) -> None:
        """Note what a function makes that does nothing but return it: a name, or an object."""
        body = function.child_by_field_name("body")
        if body is not None and body.type == "statement_block":
            returned = [one for one in body.named_children if one.type == "return_statement" and one.named_children]
            only = len(body.named_children) == 1
            body = bare(returned[0].named_children[0]) if len(returned) == 1 else None
            if body is not None and body.type != "object" and not only:
                return
        body = bare(body)
        if not name or body is None:
            return
        if body.type == "object":
            self.objects[f"{name}()"] = body
        elif body.type in ("template_string", "binary_expression"):
            literal = self.literal(body)
            self.names |= {name: literal} if literal is not None else {}

    def _members(self, name: str, node: Node) -> None:
        values = (bare(pair.child_by_field_name("value")) for pair in node.named_children if pair.type == "pair")
        sentences = any(value is not None and value.type == "string" and " " in text_of(value) for value in values)
        for pair in node.named_children:
            if pair.type != "pair":
                continue
            key, value = pair.child_by_field_name("key"), bare(pair.child_by_field_name("value"))
            if key is None or value is None:
                continue
            path = f"{name}.{text_of(key).strip(chr(39) + chr(34))}"
            if value.type == "object":
                self._members(path, value)
            elif value.type == "string" and sentences:
                self.names[path] = text_of(value)[1:-1]  # A table of messages, not of names.
            elif value.type in TEXTS:
                self._constant(path, value)
            elif value.type in FUNCTIONS:
                self._made(path, value)

    def _constant(self, path: str, value: Node) -> None:
        literal = self.literal(value)
        if literal is None:
            return
        self.names[path] = literal
        owner = path.rpartition(".")[0]
        if "{" in literal:
            return  # Made from something that is not known here.
        if not STORES.search(path) or EVENTS.search(owner):
            self.constants.append(Constant(text=literal, place=self.place(value), node=value))

    # --- what expressions stand for --------------------------------------------------------------------------

    def literal(self, node: Node | None) -> str | None:
        """What an expression stands for, a template with its substitutions as `{name}`; None where nothing says it."""
        if node is None:
            return None
        match node.type:
            case "string":
                return text_of(node)[1:-1]
            case "template_string":
                return "".join(self._part(child) for child in node.named_children)
            case "identifier" | "member_expression" | "subscript_expression":
                name = re.sub(r"\[['\"](\w+)['\"]\]", r".\1", text_of(node)).replace("?.", ".").replace("!", "")
                own = self.variable(node) if name in self.local else None
                if own is not None and own.type in ("string", "template_string", "binary_expression"):
                    return self.literal(own)
                return self.names.get(name) or self.outside.get(name)
            case "call_expression":
                function = node.child_by_field_name("function")
                return self.literal(function) if function is not None and function.type != "call_expression" else None
            case "binary_expression":
                return self._joined(node)
            case "as_expression" | "satisfies_expression" | "parenthesized_expression" | "non_null_expression":
                return self.literal(node.named_children[0]) if node.named_children else None
        return None

    def variable(self, node: Node) -> Node | None:
        """What a variable was given where it is used: in the innermost block that declares it, before that place."""
        at = node.start_byte
        seen = [one for one in self.local.get(text_of(node), ()) if one[0] <= at <= one[1]]
        inner = min((last - first for first, last, _ in seen), default=0)
        values = [value for first, last, value in seen if last - first == inner]
        before = [value for value in values if value.start_byte < at]
        return next(reversed(before or values), None)

    def function(self, node: Node | None, depth: int = 0) -> Node | None:
        """The function that an expression stands for, by its name or wrapped by a hook: `useCallback((m) => {})`."""
        node = bare(node)
        if node is None or node.type in FUNCTIONS or depth > MOST_DEPTH:
            return node
        if node.type == "call_expression":
            called, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
            wraps = called is not None and re.fullmatch(
                r"(?:React\.)?use\w*(?:Callback|Event|Memo)\w*", text_of(called)
            )
            first = arguments.named_children[:1] if wraps and arguments is not None else []
            return self.function(first[0], depth + 1) if first else None
        if node.type != "identifier":
            return None
        own = self.variable(node)
        if own is not None and own.start_byte != node.start_byte:
            return self.function(own, depth + 1)
        return self.functions.get(text_of(node))

    def choices(self, node: Node) -> list[tuple[str, Node]]:
        """Each (text, node) that an expression may stand for: both branches of `a ? b : c`."""
        inner = bare(node)
        if inner is not None and inner.type == "ternary_expression":
            branches = (inner.child_by_field_name("consequence"), inner.child_by_field_name("alternative"))
            return [one for branch in branches if branch is not None for one in self.choices(branch)]
        literal = self.literal(node)
        return [(literal, node)] if literal is not None else []

    def _joined(self, node: Node) -> str | None:
        """A sum of strings; its terms nest to the left, in a long text more deeply than calls may."""
        terms: list[Node] = []
        one: Node | None = node
        while one is not None and one.type == "binary_expression":
            right = one.child_by_field_name("right")
            if right is None or "+" not in {child.type for child in one.children}:
                return None
            terms.append(right)
            one = one.child_by_field_name("left")
        terms += [one] if one is not None else []
        if not any(term.type == "string" for term in terms):
            return None
        joined = (self.literal(term) or ("" if term.type == "string" else f"{{{last(term)}}}") for term in terms)
        return "".join(reversed(list(joined)))

    def _part(self, node: Node) -> str:
        """A part of a template: its text, or what stands for a substitution."""
        if node.type != "template_substitution":
            return text_of(node)
        inner = node.named_children[0] if node.named_children else None
        known = self.literal(inner) if inner is not None and inner.type in ("identifier", "member_expression") else None
        if known is not None and "{" not in known:
            return known
        return f"{{{last(inner)}}}" if inner is not None else "{}"

    def object_of(self, node: Node | None, depth: int = 0) -> tuple[Node, bool] | None:
        """(the object literal, whether it is whole) that an expression stands for; None where nothing says it."""
        node = bare(node)
        if node is None or depth > MOST_DEPTH:
            return None
        if node.type == "object":
            return node, True
        if node.type == "identifier":
            own = self.variable(node)
            if own is None or own.start_byte == node.start_byte:
                return None
            found = self.object_of(own, depth + 1)
            return (found[0], found[1] and text_of(node) not in self.changed) if found is not None else None
        if node.type == "call_expression":
            function = node.child_by_field_name("function")
            name = text_of(function) if function is not None else ""
            made = self.objects.get(f"{name}()")
            if made is None and name in ("structuredClone", "JSON.parse", "JSON.stringify"):
                arguments = node.child_by_field_name("arguments")
                inner = arguments.named_children[:1] if arguments is not None else []
                return self.object_of(inner[0], depth + 1) if inner else None
            return (made, True) if made is not None else None
        return None
