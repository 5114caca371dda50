"""Payloads of code: object literals with the variables and helpers that they are made from, and types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.align import loose
from conformance.align.model import Field, Payload, Place, Shape
from conformance.align.nodes import bare, text_of, walk
from conformance.align.scope import FUNCTIONS, MOST_DEPTH, Scope

if TYPE_CHECKING:
    from tree_sitter import Node


WRAPPED = frozenset({"data", "payload", "detail", "args"})
"""What a handler reads of an object that holds the payload, and is not the payload itself."""
OF_ALL = frozenset({"length", "constructor", "prototype"})
"""What every text, list or object has."""


def of_value(scope: Scope, node: Node | None, *, placeholders: bool) -> Payload | None:
    """The payload that an expression stands for; None where nothing says it.

    Args:
        placeholders: values may stand for others, as in guides.
    """
    found = scope.object_of(node)
    if found is None:
        return None
    fields, whole = _fields(scope, found[0], placeholders=placeholders, depth=0)
    return Payload(fields=tuple(fields), whole=whole and found[1])


def _fields(scope: Scope, node: Node, *, placeholders: bool, depth: int) -> tuple[list[Field], bool]:
    fields, whole = list[Field](), True
    for child in node.named_children:
        match child.type:
            case "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and key.type == "computed_property_name":
                    inner = key.named_children[0] if key.named_children else None
                    key = inner if inner is not None and inner.type == "string" else None
                if key is None or value is None:
                    whole = False
                    continue
                fields.append(_field(scope, text_of(key).strip("'\"`"), value, placeholders=placeholders))
            case "shorthand_property_identifier":
                fields.append(
                    Field(name=text_of(child), place=scope.place(child), shape=_made(scope, child) or "unknown")
                )
            case "method_definition":
                name = child.child_by_field_name("name")
                fields += [Field(name=text_of(name), place=scope.place(name))] if name is not None else []
            case "spread_element":
                found = scope.object_of(child.named_children[0]) if child.named_children else None
                if found is None or depth > MOST_DEPTH:
                    whole = False
                    continue
                more, all_of_it = _fields(scope, found[0], placeholders=placeholders, depth=depth + 1)
                fields = [one for one in more if one.name not in {own.name for own in fields}] + fields
                whole = whole and all_of_it and found[1]
            case "ERROR":
                whole = False
    return fields, whole


def _field(scope: Scope, name: str, value: Node, *, placeholders: bool) -> Field:
    place, inner = scope.place(value), bare(value)
    if inner is None:
        return Field(name=name, place=place)
    match inner.type:
        case "identifier" | "member_expression":
            literal = scope.names.get(text_of(inner))
            shape = _made(scope, inner)
            if shape is not None:
                return Field(name=name, place=place, shape=shape)
            known = literal is not None and "{" not in literal
            return (
                Field(name=name, place=place, shape="string", value=literal) if known else Field(name=name, place=place)
            )
        case "unary_expression" if text_of(inner)[:1] in "-+":
            return _told(name, text_of(inner), place, placeholders=placeholders, shape_only="number")
        case "call_expression" | "new_expression":
            return Field(name=name, place=place, shape=loose.value(name, text_of(inner)).shape)
        case "template_string":
            return Field(name=name, place=place, shape="string")
        case "object" | "array":
            told = _told(name, text_of(inner), place, placeholders=placeholders)
            objects = (
                [inner] if inner.type == "object" else [one for one in inner.named_children if one.type == "object"]
            )
            made = (_fields(scope, one, placeholders=placeholders, depth=1) for one in objects[: loose.MOST_INSIDE])
            return replace(told, inside=tuple(Payload(fields=tuple(fields), whole=whole) for fields, whole in made))
        case "string" | "number" | "true" | "false" | "null" | "undefined":
            return _told(name, text_of(inner), place, placeholders=placeholders)
    return Field(name=name, place=place)


def _made(scope: Scope, node: Node) -> Shape | None:
    """The type of what a variable was given by a call whose answer has one: `new Date().toISOString()`."""
    own = bare(scope.variable(node)) if node.type in ("identifier", "shorthand_property_identifier") else None
    if own is None or own.type != "call_expression":
        return None
    shape = loose.value("", text_of(own)).shape
    return shape if shape in ("string", "number") else None


def _told(name: str, raw: str, place: Place, *, placeholders: bool, shape_only: str = "") -> Field:
    told = loose.value(name, raw, placeholders=placeholders)
    if shape_only and told.shape != shape_only:
        return Field(name=name, place=place)
    return Field(
        name=name, place=place, shape=told.shape, value=told.value, placeholder=told.placeholder, values=told.values
    )


def of_type(scope: Scope, node: Node | None, *, depth: int = 0) -> Payload | None:
    """The payload that a type describes, looked up where it is a name; None where nothing says it."""
    if node is None or depth > MOST_DEPTH:
        return None
    if node.type == "type_annotation":
        return of_type(scope, node.named_children[0], depth=depth + 1) if node.named_children else None
    if node.type in ("object_type", "interface_body"):
        return _typed(scope, node)
    if node.type == "type_identifier":
        name = text_of(node)
        if name not in scope.types and name in scope.foreign:
            scope, name = scope.foreign[name]
        found = of_type(scope, scope.types.get(name), depth=depth + 1)
        return _with_bases(scope, name, found, depth) if found is not None else None
    return None


def _with_bases(scope: Scope, name: str, own: Payload, depth: int) -> Payload:
    """A type with the fields of those that it extends; it is not whole where one of them is not known."""
    fields, whole = own.fields, own.whole
    for base in scope.extended.get(name, ()):
        node = scope.types.get(base)
        found = of_type(scope, node, depth=depth + 1) if node is not None else None
        found = _with_bases(scope, base, found, depth + 1) if found is not None and depth < MOST_DEPTH else None
        whole = whole and found is not None and found.whole
        there = {field.name for field in fields}
        fields = (*(field for field in (found.fields if found else ()) if field.name not in there), *fields)
    return Payload(fields=fields, whole=whole)


def _typed(scope: Scope, node: Node) -> Payload:
    fields, whole = list[Field](), True
    for child in node.named_children:
        if child.type != "property_signature":
            whole = whole and child.type == "comment"
            continue
        name, annotation = child.child_by_field_name("name"), child.child_by_field_name("type")
        if name is None:
            continue
        kind = annotation.named_children[0] if annotation is not None and annotation.named_children else None
        kind = _resolved(scope, kind)
        key = text_of(name).strip("'\"")
        place = scope.place(kind if kind is not None and kind is not annotation else name)
        if annotation is not None and annotation.named_children:
            place = scope.place(annotation.named_children[0])
        told = loose.value(key, text_of(kind)) if kind is not None else Field(name=key, place=place)
        if kind is not None and text_of(kind) == "Date":
            told = replace(told, shape="string")  # It is one when it has travelled.
        # A type says what is allowed, and not that the field is always there.
        within = _within(scope, kind)
        fields.append(
            Field(
                name=key, place=place, shape=told.shape, value=None, placeholder=True, values=_literals(told),
                optional=any(text_of(one) == "?" for one in child.children),
                inside=(within,) if within is not None else (),
            )
        )  # fmt: skip
    return Payload(fields=tuple(fields), whole=whole)


def _within(scope: Scope, kind: Node | None) -> Payload | None:
    """The object that a type of a field is, or a list of."""
    if kind is not None and kind.type == "array_type" and kind.named_children:
        kind = _resolved(scope, kind.named_children[0])
    return _typed(scope, kind) if kind is not None and kind.type in ("object_type", "interface_body") else None


def _literals(told: Field) -> tuple[object, ...]:
    return told.values or ((told.value,) if told.value is not None else ())


def _resolved(scope: Scope, kind: Node | None) -> Node | None:
    """A type, or what its name stands for."""
    for _ in range(MOST_DEPTH):
        if kind is None or kind.type != "type_identifier" or text_of(kind) not in scope.types:
            break
        kind = scope.types[text_of(kind)]
    return kind


def of_parameter(scope: Scope, node: Node | None) -> Payload | None:
    """What a handler's parameter says of the payload: its type, or the fields that it takes apart."""
    if node is None:
        return None
    pattern = node.child_by_field_name("pattern") or node
    annotation = node.child_by_field_name("type")
    typed = of_type(scope, annotation)
    if typed is not None:
        return typed
    if pattern.type != "object_pattern" or annotation is not None:
        return None
    # A handler takes what it needs.
    return Payload(fields=tuple(_taken_apart(scope, pattern)), whole=False)


def _taken_apart(scope: Scope, pattern: Node) -> Iterator[Field]:
    """The fields that a pattern takes out of an object: `{ a, b: c, d = 1 }`."""
    for child in pattern.named_children:
        key = {
            "shorthand_property_identifier_pattern": child,
            "pair_pattern": child.child_by_field_name("key"),
            "object_assignment_pattern": child.child_by_field_name("left"),
        }.get(child.type)
        if key is not None:
            yield Field(name=text_of(key).strip("'\""), place=scope.place(key))


def of_handler(scope: Scope, handler: Node) -> Payload | None:
    """What a handler says of the payload: the type of its first parameter, or the fields that it reads of it."""
    given = handler.child_by_field_name("parameters")
    first = next((one for one in given.named_children if one.type != "comment"), None) if given is not None else None
    first = first if first is not None else handler.child_by_field_name("parameter")
    return of_parameter_and_body(scope, first, handler.child_by_field_name("body"))


def of_parameter_and_body(scope: Scope, first: Node | None, body: Node | None) -> Payload | None:
    """What a parameter says of the payload, or else the fields that the body reads of it."""
    shown = of_parameter(scope, first)
    if shown is not None or first is None or first.child_by_field_name("type") is not None:
        return shown
    name = first.child_by_field_name("pattern") or first
    return read_of(scope, text_of(name), body) if name.type == "identifier" and body is not None else None


def read_of(scope: Scope, name: str, *bodies: Node) -> Payload | None:
    """The fields that code reads of a variable; None where it may hold something else, or more than was sent."""
    found = dict[str, Field]()
    for node in (node for body in bodies for node in walk(body)):
        if node.type in (*FUNCTIONS, "function_declaration") and _takes(node, name):
            return None
        if node.type in ("assignment_expression", "augmented_assignment_expression"):
            left = node.child_by_field_name("left")
            if left is not None and (text_of(left) == name or text_of(left).startswith((f"{name}.", f"{name}["))):
                return None
        for key in _read_at(scope, node, name):
            if key.name in WRAPPED:
                return None
            if key.name not in OF_ALL:
                known = found.setdefault(key.name, key)
                found[key.name] = replace(known, values=tuple(dict.fromkeys((*known.values, *key.values))))
    return Payload(fields=tuple(found.values()), whole=False) if found else None


def _read_at(scope: Scope, node: Node, name: str) -> Iterator[Field]:
    """The fields that an expression reads of a variable: `p.a`, `p?.a`, `p['a']`, and `const { a, b } = p`."""
    if node.type == "variable_declarator":
        pattern, value = node.child_by_field_name("name"), bare(node.child_by_field_name("value"))
        if pattern is not None and pattern.type == "object_pattern" and value is not None and text_of(value) == name:
            yield from _taken_apart(scope, pattern)
        return
    if node.type not in ("member_expression", "subscript_expression"):
        return
    of = bare(node.child_by_field_name("object"))
    key = node.child_by_field_name("property") or node.child_by_field_name("index")
    if of is None or of.type != "identifier" or text_of(of) != name or key is None or _is_called(node):
        return
    if node.type == "member_expression" or key.type == "string":
        yield Field(name=text_of(key).strip("'\""), place=scope.place(key), values=_compared(node))


EQUALS = frozenset({"===", "==", "!==", "!="})


def _compared(node: Node) -> tuple[str, ...]:
    """The text that an expression is compared with, or those of the cases that it is switched by."""
    one: Node | None = node.parent
    if one is not None and one.type == "binary_expression":
        sign = one.child_by_field_name("operator")
        sides = [side for name in ("left", "right") if (side := one.child_by_field_name(name)) is not None]
        texts = [text_of(side)[1:-1] for side in sides if side.type == "string"]
        return tuple(texts) if sign is not None and text_of(sign) in EQUALS else ()
    while one is not None and one.type == "parenthesized_expression":
        one = one.parent
    if one is None or one.type != "switch_statement":
        return ()
    body = one.child_by_field_name("body")
    cases = [case.child_by_field_name("value") for case in body.named_children] if body is not None else []
    return tuple(text_of(value)[1:-1] for value in cases if value is not None and value.type == "string")


def _takes(function: Node, name: str) -> bool:
    """Whether a function has a parameter of a name, which hides the variable outside."""
    given = function.child_by_field_name("parameters") or function.child_by_field_name("parameter")
    own = [given, *given.named_children] if given is not None else []
    return any(text_of(one.child_by_field_name("pattern") or one) == name for one in own)


def _is_called(node: Node) -> bool:
    """Whether an expression is the function of a call: a method, and no field."""
    call = node.parent
    return call is not None and call.type == "call_expression" and call.child_by_field_name("function") == node
