"""Clients with one mistake, and right ones, behind the protocol for other languages: judged as by their methods."""

import pytest

from chatproof.selftest.matrix import Over, names, rows
from tests.portion import one_in

#: What the lines cannot say, and why.
UNSAID = {
    "changes-the-callers-list": "a list that is sent is a copy, so that nobody can see what becomes of the caller's own",
    "goes-on-in-silence": "of what it prints not all is heard, so that it may have told its user",
    "sets-aside-in-silence": "the same",
    "writes-in-place": "a program is not killed in a write",
    "keeps-half-a-reply": "it streams what it has got as a whole, so that nothing stands still when it is cancelled",
}


#: Each is a process that serves its client for seconds; `chatproof selftest client --as jsonl` has all of them.
SOME = [name for name in names() if name not in UNSAID][::9]


@pytest.mark.parametrize("name", one_in(9, SOME))
def test_a_client_is_judged_over_json_lines_as_by_its_methods(name: str) -> None:
    (row,) = rows([name], over=Over.JSONL)
    assert row.is_right, row
    (by_methods,) = rows([name])
    assert row.by_seed == by_methods.by_seed


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", UNSAID)
def test_what_the_lines_cannot_say_is_no_false_finding(name: str) -> None:
    (row,) = rows([name], over=Over.JSONL)
    assert row.broken == frozenset()
