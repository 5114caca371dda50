"""Finds the lies: each is one file in `lies/` that holds a class `Lie`, the service with one thing changed."""

from __future__ import annotations

from functools import cache

from conformance.reference.service import Service
from conformance.support.discovery import pages


@cache
def lies() -> dict[str, type[Service]]:
    """Every lie by its name, which is its file's with dashes."""
    return {page.id: page.module.Lie for page in pages("conformance.reference.lies")}
