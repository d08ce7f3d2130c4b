"""The page: the verdict, the rules by group, and each broken rule with the conversation that shows it."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from importlib.resources import files

from chatproof.report.alike import by_story
from chatproof.report.document import CaseResult, Outcome, Result
from chatproof.report.page.bubbles import in_words, picture
from chatproof.report.page.element import Child, Element, document, element
from chatproof.report.page.verdict import verdict

__all__ = ["html"]

_OUTCOMES = {
    Outcome.FAILED: ("✗", "broken", "bad"),
    Outcome.WARNED: ("✗", "broken", "note"),
    Outcome.STALE: ("✗", "stale", "bad"),
    Outcome.ERROR: ("!", "error", "bad"),
    Outcome.EXPECTED: ("✗", "known", "quiet"),
    Outcome.PASSED: ("■", "kept", "good"),
    Outcome.NOT_CLAIMED: ("-", "not claimed", "quiet"),
    Outcome.NOT_REACHED: ("?", "not reached", "quiet"),
    Outcome.NOT_RUN: ("·", "not run", "quiet"),
    Outcome.UNSUPPORTED: ("-", "unsupported", "quiet"),
    Outcome.INCONCLUSIVE: ("?", "inconclusive", "quiet"),
}
"""The mark, the word and the tone of an outcome. Those that are told at length stand first, the worst of all first."""

_TOLD = (Outcome.FAILED, Outcome.STALE, Outcome.WARNED, Outcome.ERROR, Outcome.EXPECTED)


def html(result: Result) -> str:
    """The document as HTML, in UTF-8."""
    style, script = _read("page.css"), f'"use strict";\n{_read("page.js")}'
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    client = str(result.target.get("client", ""))
    head = (
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("style", style),
    )
    return document(
        f"{client[:200]}: chatproof client", head, [*_body(result, client), element("script", script)]
    )


def _body(result: Result, client: str) -> Iterator[Element]:
    sentence, tone = verdict(result)
    told = [
        alike
        for outcome in _TOLD
        for alike in by_story(case for case in result.cases if case.outcome is outcome)
    ]
    named = [(f"rule-{number}", alike) for number, alike in enumerate(told, 1)]
    anchors = {case.id: anchor for anchor, alike in named for case in alike}
    yield element(
        "header",
        element("h1", f"chatproof client {client}"),
        element("p", sentence, class_=f"verdict {tone}"),
        element(
            "nav",
            element("ul", *(_link(alike, anchor) for anchor, alike in named)),
            aria_label="What is broken",
        )
        if told
        else None,
        _facts(result),
    )
    yield element(
        "main",
        element("h2", "Rules"),
        element("div", *_groups(result, anchors), class_="groups"),
        element("h2", "What is broken") if told else None,
        *(_article(alike, anchor) for anchor, alike in named),
    )
    yield element("p", class_="away", id="told", role="status")


def _link(alike: list[CaseResult], anchor: str) -> Element:
    case, *others = alike
    mark, _, tone = _OUTCOMES[case.outcome]
    return element(
        "li",
        element("span", mark, class_=tone, aria_hidden="true"),
        " ",
        element("a", case.id, class_="id", href=f"#{anchor}"),
        element("span", f" and {len(others)} in the same way", class_="quiet") if others else None,
    )


def _facts(result: Result) -> Element:
    notes = result.target.get("notes")
    tool, spent = result.tool, result.spent
    facts = [
        ("Declared", str(result.target.get("policy", ""))),
        ("Endpoint", str(result.target.get("url", ""))),
        ("Run", f"{spent.requests:,} requests, {spent.seconds:.1f} s"),
        ("By", f"chatproof {tool.get('version', '')}, seed {tool.get('seed', '')}"),
        *(("Note", str(note)) for note in (notes if isinstance(notes, list) else [])),
    ]
    return element("dl", *_definitions([(name, [text]) for name, text in facts if text]), class_="facts")


def _definitions(pairs: Iterable[tuple[str, list[Child]]]) -> Iterator[Element]:
    for title, text in pairs:
        yield element("dt", title)
        yield element("dd", *text)


def _words(case: CaseResult) -> Iterator[tuple[str, list[Child]]]:
    if case.sentence:
        yield "The rule", [case.sentence]
    if case.story is not None:
        yield from in_words(case.story)
    else:
        yield "What is wrong", [case.message]
    if case.known:
        yield "Listed as known", [case.known]


def _groups(result: Result, anchors: dict[str, str]) -> Iterator[Element]:
    groups: dict[str, list[CaseResult]] = {}
    for case in result.cases:
        groups.setdefault(case.group, []).append(case)
    for group, cases in groups.items():
        counts: dict[str, int] = {}
        for case in cases:
            word = _OUTCOMES[case.outcome][1]
            counts[word] = counts.get(word, 0) + 1
        marks = [
            element("span", mark, class_=tone)
            for mark, _, tone in (_OUTCOMES[case.outcome] for case in cases)
        ]
        yield element(
            "details",
            element(
                "summary",
                element("strong", group),
                element("span", *marks, class_="marks", aria_hidden="true"),
                element("span", ", ".join(f"{count} {word}" for word, count in counts.items())),
            ),
            element("ul", *(_rule(case, anchors.get(case.id)) for case in cases)),
        )


def _rule(case: CaseResult, anchor: str | None) -> Element:
    mark, word, tone = _OUTCOMES[case.outcome]
    why = case.message if case.outcome not in _TOLD and case.message else None
    return element(
        "li",
        element("span", f"{mark} {word}", class_=tone),
        element("a", case.id, class_="id", href=f"#{anchor}")
        if anchor
        else element("span", case.id, class_="id"),
        element("p", case.sentence, element("span", f" ({why})", class_="quiet") if why else None),
    )


def _article(alike: list[CaseResult], anchor: str) -> Element:
    case, *others = alike
    _, word, tone = _OUTCOMES[case.outcome]
    story = case.story
    return element(
        "article",
        element("h2", case.id, id=f"{anchor}-name"),
        element(
            "p",
            element("span", word, class_=f"chip {tone}"),
            element("span", case.level, class_="chip"),
        ),
        element("dl", *_definitions(_words(case)), class_="facts words"),
        picture(story) if story else None,
        *_evidence(case, anchor),
        element(
            "p", "Broken in the same way: ", element("span", ", ".join(one.id for one in others), class_="id")
        )
        if others
        else None,
        element(
            "p",
            "How it is tried, and what to do: ",
            element("code", f"chatproof explain {case.id}"),
            class_="quiet",
        )
        if case.sentence
        else None,
        id=anchor,
        aria_labelledby=f"{anchor}-name",
    )


def _evidence(case: CaseResult, anchor: str) -> Iterator[Element]:
    for number, evidence in enumerate(case.evidence, 1):
        if evidence.printed:
            yield element("h3", "Printed by the client")
            yield element("pre", evidence.printed, class_="printed")
        if evidence.again:
            line = f"{anchor}-again-{number}"
            yield element(
                "div",
                element("pre", evidence.again, id=line),
                element(
                    "button",
                    "Copy",
                    type="button",
                    hidden="",
                    data_copies=line,
                    aria_label=f"Copy the line that shows {case.id} again",
                ),
                class_="again",
            )


def _read(name: str) -> str:
    return files("chatproof.report.page").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
