"""A page may hold more than fifty."""

from conformance.reference.service import Service


class Lie(Service):
    """A page may hold more than fifty."""

    caught_by = "pages-are-true"

    most_per_page = 1000
