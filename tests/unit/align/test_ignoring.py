"""What a comment in a document asks to leave alone: the whole of the paragraph, table or fence that follows."""

import pytest

from conformance.align.asides import ignored

ASKS = "<!-- roomcheck: ignore * another service -->\n"


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("a\nb\n\nc\n", 3),
        ("\n| a |\n| - |\n\nc\n", 4),
        ("```js\na\n\nb\n```\n\nc\n", 6),
        ("\n~~~\n\na\n~~~\nb\n\nc", 7),
        ("```js\nnever closed\n\nb\n", 3),
    ],
)
def test_what_follows_is_left_alone_to_its_end(text: str, last: int) -> None:
    assert list(ignored(ASKS + text)) == [("*", 1, last)]
