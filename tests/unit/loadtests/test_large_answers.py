"""Of large answers and frames only so many are read at once, whatever becomes of them."""

from loadtests.worker.wire.large import LARGE_AT_ONCE, LargeAtOnce


def test_as_many_as_there_is_memory_for_are_read_and_the_others_in_their_order() -> None:
    large, went_on = LargeAtOnce(LARGE_AT_ONCE), []
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


def test_sizes_count_together_and_one_is_read_however_large_it_is() -> None:
    large, went_on = LargeAtOnce(100), []
    assert large.begin("huge", went_on.clear, 1000)
    assert large.begin("huge", went_on.clear, 1000), "it is read already"
    for name, size in (("a", 60), ("b", 50), ("c", 1)):
        assert not large.begin(name, lambda name=name: went_on.append(name), size)
    large.end("huge")
    assert went_on == ["a"], "nothing overtakes the one that waits longest"
    large.end("a")
    assert went_on == ["a", "b", "c"]
    assert large.begin("d", went_on.clear, 49)
    assert not large.begin("e", went_on.clear, 1)


def test_what_ends_as_it_goes_on_lets_the_next_go_on() -> None:
    large, went_on = LargeAtOnce(1), []

    def goes_on(name: str) -> None:
        went_on.append(name)
        large.end(name)

    assert large.begin("first", went_on.clear)
    for name in "ab":
        assert not large.begin(name, lambda name=name: goes_on(name))
    large.end("first")
    assert went_on == ["a", "b"]
