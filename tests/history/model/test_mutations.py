"""Each single thing that goes wrong is one deviation, of the kind and cause that it is, and none ever after."""

from hypothesis import given, note

from tests.history.faulty_plays import Faulty, faulty_plays, found_in


@given(faulty_plays())
def test_mutation_is_one_deviation(faulty: Faulty) -> None:
    for number, exchange in faulty.play.exchanges():
        note(f"{number}, {exchange.number}: " + " | ".join(map(str, exchange.messages)))
    mutation = faulty.mutation
    note(f"{mutation.name}: {mutation.kind} {mutation.causes} in {faulty.target.number}")
    ((number, kind, cause),) = found_in(faulty.play)
    assert (number, kind) == (faulty.target.number, mutation.kind)
    assert cause in mutation.causes


@given(faulty_plays())
def test_right_request_after_a_wrong_one_is_right(faulty: Faulty) -> None:
    assert found_in(faulty.right) == []
