"""Reading takes time in proportion to what is read: four times the text, about four times the time."""

import time

import pytest

from conformance.align.gather import of_texts
from contracts.load import load

SOS = load("sos")
SMALL, TIMES = 10_000, 4
MOST = 2.0
"""How much more than in proportion it may be: what grows with the square takes four times as much."""
RUNS = 2

UNITS: dict[str, tuple[str, str]] = {
    "one paragraph": ("", "The client emits `location:update` with `{ sosId }` to `sos:{sosId}`.\n"),
    "one sentence": ("", "`location:update` and `sos:init`, then sos:room:join to `sos:{sosId}`\n"),
    "many sections": ("", "## `location:update`\n\nA client emits it.\n\n- `sosId` (string)\n\n"),
    "a table": ("| Event | Payload |\n|---|---|\n", "| `location:update` | `{ sosId, latitude }` |\n"),
    "a table of fields": ("# `sos:init`\n\n| Field | Type |\n|---|---|\n", "| sosId | string |\n"),
    "a nested list": ("", "- `location:update`\n  - `sosId` (string)\n  - `latitude` (number)\n"),
    "lists of values": ("", "`status` is one of `active`, `closed` or `resolved`. "),
    "values and bounds": ("# `location:update`\n\n", "Set `status` to `closed`; `active`, `en_route`: `limit` is at most 5. "),
    "scenarios": ("```gherkin\n", 'When she emits "sos:init" with\n| field |\n| sosId |\n'),
    "types": ("```ts\n", "class A { @IsIn(['active', 'closed']) status: string; }\nenum Status { A = 'active' }\n"),
    "answers in Python": ("```python\n", "r = sio.call('participants:active:request', {})\nprint(r['count'])\n"),
    "rooms in a list": ("", "- `sos:{sosId}` for all\n- `desk:{sosId}` for the desk\n"),
    "code": ("```js\n", "// { sosId }\nsocket.on('error', f);\nio.to(room).emit('location:broadcast', {});\n"),
    "a difference": ("```diff\n", "- socket.emit('message:send', m);\n+ socket.on('message:broadcast', f);\n"),
    "objects": ("# `sos:init`\n\n```json\n", '{"sosId": "x"}\n'),
    "packets": ("```console\n", '> 42["sos:init",{"sosId":"1"}]\n'),
    "a diagram": ("```mermaid\n", "App->>Server: sos:init\nServer-->>App: location:broadcast\n"),
    "a drawing": ("```\n", "Rooms:\n  Client --> Server: sos:init\n  sos:rooms x\n"),
    "YAML": ("```yaml\n", "a:\n  - location:update\n  - /api/messages/{sosId}\n"),
    "calls": ("```sh\n", "curl -X POST localhost/api/messages/1 -d '{\"content\":\"x\"}'\n"),
    "another language": ("```swift\n", 'socket.emit("sos:init", ["sosId": id])\n'),
    "a source": ("", "socket.on('sos:init', (d) => { io.to(`sos:${d.id}`).emit('location:broadcast', d); });\n"),
    "a source of one function": (
        "function f() {\n", "  socket.join(`desk:${sosId}`);\n  socket.join(`sos:${sosId}`);\n",
    ),
}  # fmt: skip
"""What stands once, and what is repeated."""


@pytest.mark.parametrize("form", UNITS)
def test_four_times_the_text_takes_about_four_times_as_long(form: str) -> None:
    head, unit = UNITS[form]
    file = "a.ts" if form.startswith("a source") else "a.md"
    number = SMALL // len(unit)
    small, large = head + unit * number, head + unit * number * TIMES
    _cpu_s(file, head + unit)  # What is made once is no part of it.
    in_proportion_s = TIMES * min(_cpu_s(file, small) for _ in range(RUNS))
    assert min(_cpu_s(file, large) for _ in range(RUNS)) < MOST * in_proportion_s


def _cpu_s(file: str, text: str) -> float:
    began_s = time.process_time()
    of_texts(SOS, {file: text})
    return time.process_time() - began_s
