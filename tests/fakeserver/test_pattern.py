"""The search of script files finds what `re` finds, and none of it takes for ever."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake.scripting.pattern import LONGEST_SEARCHED, MOST_STEPS, PatternError, _places, compile_search

ATOMS = ["a", "b", "A", ".", "[ab]", "[^a]", "[a-cX]", r"[\]*+{}]", r"\d", r"\W", r"\s", r"\+", "^", r"\b", r"a\B", r"\A", "é", "ß"]  # fmt: skip


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeats = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0}", "{0,3}", "*?", "{2,}?"])
    return (
        st.lists(inner, max_size=3).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})")
        | st.tuples(inner, repeats).map(lambda pair: f"(?:{pair[0]}){pair[1]}")
        | inner.map(lambda one: f"(?i:{one})")
        | inner.map(lambda one: f"(?-i:{one})")
        | inner.map(lambda one: f"({one})")
    )


patterns = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "(?i)", "(?m)", "(?s)", "(?im)"]),
    st.recursive(st.sampled_from(ATOMS), combined, max_leaves=8),
    st.sampled_from(["", "$"]),
)


@given(patterns, st.text(alphabet="abAB1 +]\nXéß\u0130", max_size=12))
def test_what_re_finds_is_found_and_nothing_else(pattern: str, text: str) -> None:
    # without the flag m, `re` lets `$` stand before a last line feed too
    python = pattern if "m)" in pattern[:5] else re.sub(r"\$\Z", r"\\Z", pattern)
    assert compile_search(pattern)(text) == (re.search(python, text) is not None)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(a|a)*b",
        "(a|aa)+b",
        "(.*)*b",
        r"(\w+\s?)*!",
        "a*a*a*a*a*a*b",
        "(a?){40}a{40}b",
        "(a?){40}a{40}[bc]",
        "(?:(?:a?){10}){10}[bc]",
    ],
)
def test_expression_that_re_would_never_end_with_is_searched_to_the_end(pattern: str) -> None:
    assert not compile_search(pattern)("a" * 30_000)
    assert compile_search(re.sub(r"!|b|\[bc]", "", pattern))("a" * 50)


@pytest.mark.parametrize(
    ("pattern", "clause"),
    [
        ("(", "unclosed group"),
        ("a" * 1_001, "more than 1000 characters"),
        ("(((a{50}){50}){50}){50}", "size limit"),
        ("(?:(?:(?:a?){13}){13}){13}", "more than 2000 places"),
        ("a{999999999}", "size limit"),
        ("a{1,1999}", "more than 2000 places"),
        ("a{99999999999999999999}", "decimal literal invalid"),
        (r"([\[\]]{50}(\(){3}){50}", "more than 2000 places"),
        (r"\w{900}", "size limit"),
        ("(" * 499 + ")" * 499, "nested"),
        ("(?=a)", "look-around"),
        ("(?<!a)b", "look-around"),
        (r"(a)\1", "backreferences"),
        ("(?>a)", "unrecognized flag"),
        ("(?(1)a)", "unrecognized flag"),
        (r"a\Z", "unrecognized escape"),
        ("a++", "a possessive one"),
        ("(ab)?+", "a possessive one"),
        ("a{2}{3}", "a repeat of a repeat"),
        ("a{2}?{900}", "a repeat of a repeat"),
        ("[a[b])(]", "a class with ["),
        ("[a-z&&[^b]]", "a class with ["),
        ("[+--]", "a class with ["),
        ("(?ix) a", "the flag x"),
        ("(a(?x-i: b))", "the flag x"),
    ],
)
def test_expression_past_our_means_is_refused_with_a_clause(pattern: str, clause: str) -> None:
    with pytest.raises(PatternError, match=re.escape(clause)) as caught:
        compile_search(pattern)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "0c5d7b62-8f1e-4a55-9c3d-2b6f0e1d4a77"),
        (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", "at 2024-05-01T10:20:30"),
        (r"[*+]+[?{]*\(\?x\)", "++?(?x)"),
        (r"(?P<who>\w+) said \{hi\}", "José said {hi}"),
        (r"\p{Greek}{2}\.\x{41}", "so αβ.A"),
        ("\ud800$", "half \ud801"),
        ("^[\ud83d\ude00]$", "\U0001f600"),
    ],
)
def test_ordinary_expression_is_understood(pattern: str, text: str) -> None:
    assert compile_search(pattern)(text)
    assert not compile_search(pattern)("no")


def test_beginning_of_a_text_too_long_is_searched() -> None:
    found = compile_search("a{900}|needle")
    assert found("x" * 1_000 + "needle")
    assert not found("x" * (MOST_STEPS // 900) + "needle")
    assert compile_search("needle")("x" * (LONGEST_SEARCHED - 6) + "needle")
    assert not compile_search("needle")("x" * (LONGEST_SEARCHED - 5) + "needle")


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 400))
def test_places_are_those_of_the_expression_written_out(inner: int, outer: int, beside: int) -> None:
    written = (inner + 1) * outer + beside
    assert (
        written <= _places(f"(a{{{inner}}}b){{0,{outer}}}c{{{beside},}}") <= written + 2 * outer + inner + 10
    )


@given(st.text(alphabet="ab[]()^-&~?*+{}0123,\\|.:xPp<>i$# \n\ud800é", max_size=30))
def test_any_expression_is_compiled_or_refused(pattern: str) -> None:
    with contextlib.suppress(PatternError):
        assert compile_search(pattern)(pattern) in (True, False)
