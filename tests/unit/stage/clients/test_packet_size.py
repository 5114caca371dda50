"""How large a packet may be by `maxPayload`: the last size that is taken, and the first that is not."""

import pytest

from conformance.model.act import Filler
from conformance.stage.clients.packet_size import TooBig, check_size, fitted, least


def test_the_smallest_of_the_known_limits_counts() -> None:
    assert least(None, 7, 5) == 5
    assert least(None) is None


@pytest.mark.parametrize(
    ("encoded", "in_base64", "size"),
    [
        pytest.param("x" * 10, False, 10, id="a text"),
        pytest.param("é" * 5, False, 10, id="bytes are counted, not characters"),
        pytest.param(b"x" * 10, False, 10, id="binary data over a websocket"),
        # 10 bytes are 16 characters of base64, behind the `b` that marks them.
        pytest.param(b"x" * 10, True, 17, id="binary data over polling"),
    ],
)
def test_a_packet_is_to_be_smaller_than_the_limit(encoded: str | bytes, in_base64: bool, size: int) -> None:
    check_size(encoded, size + 1, in_base64=in_base64)
    check_size(encoded, None, in_base64=in_base64)
    with pytest.raises(TooBig, match=f"it has {size} bytes, and a packet of this service {size} at most"):
        check_size(encoded, size, in_base64=in_base64)


def test_a_filler_leaves_room_for_the_rest_of_its_packet() -> None:
    filler = Filler(least=10, most=1000)
    assert len(fitted(filler, None, in_base64=False)) == 1000
    assert len(fitted(filler, 200, in_base64=False)) == 190
    assert len(fitted(filler, 200, in_base64=True)) == 142
    with pytest.raises(TooBig, match="10 bytes at most"):
        fitted(filler, 10, in_base64=False)
