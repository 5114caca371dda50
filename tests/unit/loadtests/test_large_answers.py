"""Of large answers only so many are read at once, whatever becomes of them."""

from loadtests.worker.wire.large import LARGE_AT_ONCE, LargeAnswers


def test_as_many_as_there_is_memory_for_are_read_and_the_others_in_their_order() -> None:
    large, went_on = LargeAnswers(), []
    begun = [large.begin(number, lambda number=number: went_on.append(number)) for number in range(LARGE_AT_ONCE + 4)]
    assert begun == [True] * LARGE_AT_ONCE + [False] * 4
    first, second, third, fourth = range(LARGE_AT_ONCE, LARGE_AT_ONCE + 4)
    large.end(3)
    large.end(second)  # It is given up while it waits.
    large.end(second)
    large.end(4)
    assert went_on == [first, third]
    large.end(first)
    assert went_on == [first, third, fourth]
    for number in (*range(LARGE_AT_ONCE), third, fourth):
        large.end(number)
    assert went_on == [first, third, fourth]
    assert all(large.begin(number, went_on.clear) for number in range(LARGE_AT_ONCE))
