"""All rows, from one file for each step of a connection."""

from dataclasses import replace
from types import ModuleType

from tests.hostile import acks, api, engine, events, http, namespace, sos, tcp, tls
from tests.hostile.row import Row
from tests.hostile.service import Service

STEPS: tuple[ModuleType, ...] = (tcp, tls, http, engine, namespace, events, acks, api)
HONEST = Row(what="is honest", worker="holds", service=Service, code=0, says="holds")
ROWS: list[Row] = [
    HONEST,
    *(replace(row, step=step.__name__.rpartition(".")[2]) for step in STEPS for row in step.ROWS),
]
HOSTED = [*ROWS, *sos.ROWS]
"""And those that only a load is played to."""
