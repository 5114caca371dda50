"""Tables of handlers in code: objects whose keys are events. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.align.nodes import text_of
from conformance.align.scope import FUNCTIONS

if TYPE_CHECKING:
    from tree_sitter import Node


def is_table(node: Node | None) -> bool:
    """Whether an object is a table of handlers: by its name, or because others in it are functions."""
    if node is None:
        return False
    values = [pair.child_by_field_name("value") for pair in node.named_children if pair.type == "pair"]
    of = text_of(node.parent).split("=")[0] if node.parent is not None else ""
    return re.search(r"handler|listener", of, re.IGNORECASE) is not None or any(
        value is not None and value.type in FUNCTIONS for value in values
    )
