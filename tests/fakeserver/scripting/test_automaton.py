"""The search of scripts finds what `re` finds, and none of it takes for ever."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake.scripting.automaton import MOST_STEPS, PatternError, finder

atoms = st.sampled_from(
    [
        "a",
        "b",
        "A",
        ".",
        "[ab]",
        "[^a]",
        "[a-cX]",
        r"\d",
        r"\W",
        r"\s",
        "^",
        "$",
        r"\b",
        r"\B",
        r"\A",
        r"\Z",
        "é",
        "ß",
    ]
)


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeats = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0}", "{,3}", "*?", "{2,}?"])
    return (
        st.lists(inner, max_size=3).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})")
        | st.tuples(inner, repeats).map(lambda pair: f"(?:{pair[0]}){pair[1]}")
        | inner.map(lambda one: f"(?i:{one})")
        | inner.map(lambda one: f"(?-i:{one})")
        | inner.map(lambda one: f"({one})")
    )


patterns = st.builds(
    "{}{}".format,
    st.sampled_from(["", "(?i)", "(?m)", "(?s)", "(?a)", "(?im)"]),
    st.recursive(atoms, combined, max_leaves=8),
)


@given(patterns, st.text(alphabet="abAB1 \nXéß\u0130", max_size=12))
def test_what_re_finds_is_found_and_nothing_else(pattern: str, text: str) -> None:
    assert finder(pattern)(text) == (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*)*b", r"(\w+\s?)*!", "a*a*a*a*a*a*b", "(a?){40}a{40}b"]
)
def test_expression_that_re_would_never_end_with_is_searched_in_bounded_time(pattern: str) -> None:
    assert not finder(pattern)("a" * 30_000)
    assert finder(pattern.replace("b", "").replace("!", ""))("a" * 50)


@pytest.mark.parametrize(
    ("pattern", "clause"),
    [
        ("(", "missing )"),
        ("a" * 1_001, "more than 1000 characters"),
        ("(((a{50}){50}){50}){50}", "more than 2000 places"),
        ("a{999999999}", "more than 2000 places"),
        ("(" * 499 + ")" * 499, "nested too deep"),
        ("(?=a)", "assert is not understood"),
        ("(?<!a)b", "assert not is not understood"),
        (r"(a)\1", "groupref is not understood"),
        ("(?>a)", "atomic group is not understood"),
        ("a++", "possessive repeat is not understood"),
        ("a{99999999999999999999}", "too large"),
    ],
)
def test_expression_past_our_means_is_refused_with_a_clause(pattern: str, clause: str) -> None:
    with pytest.raises(PatternError, match=re.escape(clause)):
        finder(pattern)


def test_beginning_of_a_text_too_long_is_searched() -> None:
    found = finder("a{900}|needle")
    assert found("x" * 1_000 + "needle")
    assert not found("x" * MOST_STEPS + "needle")
