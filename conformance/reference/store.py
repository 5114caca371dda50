"""Messages in SQLite. One connection, used from the event loop's thread alone, so that inserts have one order."""

from __future__ import annotations

import json
import sqlite3
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

COLUMNS = ("id", "sosId", "senderType", "senderId", "senderDisplayName", "contentType", "content", "createdAt")


@dataclass(slots=True)
class Store:
    """What was said, durable before anybody hears it."""

    connection: sqlite3.Connection

    @classmethod
    def open(cls, file: str | Path = ":memory:") -> Store:
        """Open or create the database.

        Raises:
            sqlite3.Error: the file cannot be opened or is no database.
        """
        connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        # The write-ahead log makes a commit cheap enough to be done before each broadcast.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY, id TEXT UNIQUE, sos TEXT, body TEXT)"
        )
        connection.execute("CREATE INDEX IF NOT EXISTS message_by_sos ON message (sos, number)")
        return cls(connection)

    def add(self, sos: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Store a message and return it with its id and time."""
        message = {"id": uuid.uuid4().hex, "sosId": sos, **fields, "createdAt": now_iso()}
        message = {name: message.get(name) for name in COLUMNS}
        self.put(message)
        return message

    def put(self, message: dict[str, Any]) -> None:
        """Store a message that has its id and time."""
        self.connection.execute(
            "INSERT INTO message (id, sos, body) VALUES (?, ?, ?)",
            (message["id"], message["sosId"], json.dumps(message)),
        )

    def get(self, message: str) -> dict[str, Any] | None:
        """The message of that id."""
        row = self.connection.execute("SELECT body FROM message WHERE id = ?", (message,)).fetchone()
        return json.loads(row[0]) if row else None

    def page(self, sos: str, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """(a page of the messages of an SOS in the order of creation, how many there are in all)."""
        rows = self.connection.execute(
            "SELECT body FROM message WHERE sos = ? ORDER BY number LIMIT ? OFFSET ?", (sos, limit, skip)
        ).fetchall()
        total: int = self.connection.execute("SELECT count(*) FROM message WHERE sos = ?", (sos,)).fetchone()[0]
        return [json.loads(row[0]) for row in rows], total

    def close(self) -> None:
        """Close the database."""
        self.connection.close()


def now_iso() -> str:
    """Now, as the contract writes times: ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now_ms() -> int:
    """Now in Unix milliseconds."""
    return int(datetime.now(UTC).timestamp() * 1000)
