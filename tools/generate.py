"""Writes the tables of the docs that are made from the code: `python tools/generate.py`.

A test fails where a table and the code differ.
"""

import json
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import get_args

from pydantic import BaseModel

from chatfake import FAULTS, SCENARIOS, Fault, Scenario
from chatfake.dialects import DIALECTS
from chatfake.responses.scenarios import RESHAPES
from chatproof.cases import CASES, GATEWAY_CASES, LORAX_CASES, RESPONSES_CASES, Case
from chatproof.drivers.jsonl.answers import SAYS
from chatproof.drivers.jsonl.requests import Open, Request
from chatproof.drivers.jsonl.schema import protocol_schema
from chatproof.history.rules import RULES, Rule
from chatproof.selftest.endpoint.matrix import ENDPOINTS
from chatproof.selftest.legal import LEGAL
from chatproof.selftest.mutants import MUTANTS
from chatproof.strategies import NEAR_MISSES
from chatproof.strategies.bodies import BODIES
from chatschema.judging.catalogue import CONTRACTS
from chatschema.schema_export import DIFFERENCES, file_name

DOCS = Path(__file__).parents[1] / "docs"
HEAD = "| id | level | asked for | what breaks without it | reference |"


def cases() -> str:
    """docs/cases.md: what an endpoint is held to."""
    lines = [
        "# The cases that an endpoint is held to",
        "",
        "Written by `python tools/generate.py` from the cases themselves. **must**: official SDKs break, text is lost",
        "or invented, or a conversation goes wrong. **should**: promised by the specification or by OpenAI's own",
        "behaviour. **may**: an optional capability, held to its own musts once it is there. Ids are never renamed.",
    ]
    lines += _groups(CASES.values())
    lines += [
        "",
        "The next are asked of Open Responses; `chatproof check URL --profile responses` asks nothing else.",
    ]
    lines += _groups(RESPONSES_CASES.values())
    lines += [
        "",
        "With `--behind BACKEND` a gateway is compared with what is behind it, too ([gateways.md](gateways.md)).",
    ]
    lines += _groups(GATEWAY_CASES.values())
    lines += ["", "The rest is asked of LoRAX's own routes, with `chatproof check URL --profile lorax`."]
    lines += _groups(LORAX_CASES.values())
    return "\n".join(lines) + "\n"


def _groups(cases: Iterable[Case | Rule]) -> list[str]:
    lines: list[str] = []
    for group, members in groupby(cases, key=lambda case: case.group):
        lines += ["", f"## {group}", "", HEAD, "| --- " * 5 + "|"]
        lines += [row(c.id, c.level.value, c.sentence, c.breaks, c.reference) for c in members]
    return lines


def rules() -> str:
    """docs/rules.md: what a history client is held to."""
    lines = [
        "# The rules that a history client is held to",
        "",
        "Written by `python tools/generate.py` from the rules themselves. **must**: a conversation is lost or",
        "corrupted, or real servers reject the request. **should**: it costs money, latency or trust. **may**: a",
        "feature that a client can declare. Ids are never renamed. A rule that a client does not claim, by what it",
        "declares and can do, is not judged, and one whose trigger was not reached says so. `chatproof explain ID`",
        "tells how a rule is tried, and what to do about it.",
    ]
    return "\n".join(lines + _groups(RULES.values())) + "\n"


def scenarios() -> str:
    """docs/scenarios.md: what the fake can be made to do."""
    lines = [
        "# What the fake can be made to do",
        "",
        "Written by `python tools/generate.py` from the registries. Each name is a model, `fake/NAME`, too; faults can",
        "be laid over a scenario: `fake/unicode+stream-cut`. In a script a name alone would be a text, and is",
        'refused: write `handle.plan("unicode+stream-cut")`, in a file `{plan: unicode+stream-cut}`.',
    ]
    tables: tuple[tuple[str, Iterable[Scenario | Fault]], ...] = (
        ("Scenarios: what the model says", SCENARIOS.values()),
        ("Faults: what happens to it on the way", FAULTS.values()),
    )
    for title, entries in tables:
        lines += ["", f"## {title}", "", "| name | what it does |", "| --- | --- |"]
        lines += [row(entry.name, entry.description) for entry in entries]
    return "\n".join(lines) + "\n"


def responses() -> str:
    """docs/fake-responses.md, whose words are written by hand and whose table of scenarios is made here."""
    lines = [
        "| name | what it is |",
        "| --- | --- |",
        *(row(n, shape.meaning) for n, shape in RESHAPES.items()),
    ]
    return filled((DOCS / "fake-responses.md").read_text(encoding="utf-8"), "scenarios", lines)


def dialects() -> str:
    """docs/dialects.md, whose words are written by hand and whose two tables are made here."""
    rows = ["| name | read in | deviations |", "| --- " * 3 + "|"]
    known = ["| dialect | what it does | who finds it |", "| --- " * 3 + "|"]
    for dialect in DIALECTS.values():
        rows.append(row(f"`{dialect.name}`", dialect.source, str(len(dialect.deviations) or "")))
        sentences = dict.fromkeys(deviation.sentence for deviation in dialect.deviations)
        for sentence in sentences:
            rules = [f"`{one.rule}`" for one in dialect.deviations if one.sentence == sentence]
            known.append(row(dialect.name, sentence, ", ".join(rules)))
    page = (DOCS / "dialects.md").read_text(encoding="utf-8")
    return filled(filled(page, "dialects", rows), "deviations", known)


def schemas() -> str:
    """docs/schemas.md, whose words are written by hand and whose two tables are made here."""
    kinds = ["| name | what it is | file |", "| --- " * 3 + "|"]
    for kind, contract in CONTRACTS.items():
        link = f"[{file_name(kind)}](../schemas/chatschema/json/{file_name(kind)})"
        kinds.append(row(f"`{kind}`", contract.summary, link))
    differences = ["| what the schema accepts | why it is refused |", "| --- | --- |"]
    differences += [row(difference.value, difference.reason) for difference in DIFFERENCES]
    page = (DOCS / "schemas.md").read_text(encoding="utf-8")
    return filled(filled(page, "names", kinds), "differences", differences)


def filled(page: str, name: str, lines: Iterable[str]) -> str:
    """The page with the lines between its marks of that name."""
    before, begin, rest = page.partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- end of {name} -->")
    if not end:
        raise ValueError(f"the page has no marks for {name}")
    return before + begin + "".join(f"{line}\n" for line in lines) + end + after


def near_misses() -> str:
    """docs/near-misses.md: what can be drawn of each kind, right and broken."""
    kinds = {kind: [near for near in NEAR_MISSES.values() if near.kind is kind] for kind in BODIES}
    lines = [
        "# Near misses",
        "",
        f"Written by `python tools/generate.py` from the {len(NEAR_MISSES)} near misses themselves. Each is a strategy",
        "of values that are right but for one thing. [strategies.md](strategies.md) says how to use them.",
        "",
        "| kind | what is right, `bodies(kind)` | near misses |",
        "| --- | --- | --- |",
    ]
    for kind, make in BODIES.items():
        link = f"[{kind}](#{kind.replace('.', '')})" if kinds[kind] else kind
        lines.append(row(link, f"`{make.__name__}`", str(len(kinds[kind]))))
    for kind, members in kinds.items():
        if members:
            lines += ["", f"## {kind}", "", "| name | what is wrong | rule | level |", "| --- " * 4 + "|"]
            lines += [row(n.name.removeprefix(f"{kind}/"), n.sentence, n.rule, n.level) for n in members]
    return "\n".join(lines) + "\n"


def row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def selftest() -> str:
    """docs/selftest.md: what the judge itself is held to."""
    broken = [one for one in ENDPOINTS.values() if one.breaks]
    right = [one for one in ENDPOINTS.values() if not one.breaks]
    lines = [
        "# The judge judged",
        "",
        "Written by `python tools/generate.py`. A verdict is worth what the judge is held to. `chatproof selftest`",
        "runs it on endpoints and clients with one known mistake each, which it must see and name rightly, and on",
        "right ones that are unusual, in which it must find nothing. `chatproof selftest endpoint` and",
        "`chatproof selftest client` print a row for each, and end with 1 where one row is wrong. What other tools see",
        "of the same endpoints is in [side-by-side.md](side-by-side.md).",
        "",
        f"## {len(broken)} broken endpoints",
        "",
        "The fake server, each time with one thing broken. The first case is the one that it was made for, those after",
        "it cannot but see the same from their side; every other case must find nothing.",
        "",
        "| endpoint | found by |",
        "| --- | --- |",
        *(row(one.name, ", ".join((one.breaks, *sorted(one.along)))) for one in broken),
        "",
        f"## {len(right)} right endpoints",
        "",
        ", ".join(one.name.removeprefix("right/") for one in right) + ".",
        "",
        f"## {len(MUTANTS)} clients with one mistake",
        "",
        "At least one of the rules names it, and no other.",
        "",
        "| client | mistake | named by |",
        "| --- | --- | --- |",
        *(row(one.name, one.mistake, ", ".join(sorted(one.caught_by))) for one in MUTANTS.values()),
        "",
        f"## {len(LEGAL)} right clients",
        "",
        "| client | what is unusual |",
        "| --- | --- |",
        *(row(one.name, one.what) for one in LEGAL.values()),
    ]
    return "\n".join(lines) + "\n"


def client_protocol() -> str:
    """docs/client-protocol.md, whose words are written by hand and whose two tables are made here."""
    asked = ["| `op` | other members | what it asks for |", "| --- " * 3 + "|"]
    for model in get_args(get_args(Request)[0]):
        (op,) = get_args(model.model_fields["op"].annotation)
        members = [f"`{name}`" for name in model.model_fields if name not in ("id", "op")]
        asked.append(row(f"`{op}`", ", ".join(members), _sentence(model)))
    answered = ["| member | value | what it says |", "| --- " * 3 + "|"]
    for name, model in SAYS.items():
        value = {"ok": "true", "reply": "a text, or null"}.get(name, "a text")
        answered.append(row(f"`{name}`", value, _sentence(model)))
    members = ["", "| member of `open` | what it is |", "| --- | --- |"]
    members += [
        row(f"`{name}`", field.description or "")
        for name, field in Open.model_fields.items()
        if name not in ("id", "op")
    ]
    page = (DOCS / "client-protocol.md").read_text(encoding="utf-8")
    return filled(filled(page, "requests", [*asked, *members]), "answers", answered)


def _sentence(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def client_protocol_schema() -> str:
    """docs/client-protocol.schema.json: the same for programs."""
    return json.dumps(protocol_schema(), indent=2, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "cases.md": cases,
    "client-protocol.md": client_protocol,
    "client-protocol.schema.json": client_protocol_schema,
    "dialects.md": dialects,
    "fake-responses.md": responses,
    "near-misses.md": near_misses,
    "rules.md": rules,
    "scenarios.md": scenarios,
    "schemas.md": schemas,
    "selftest.md": selftest,
}

if __name__ == "__main__":
    for name, render in PAGES.items():
        (DOCS / name).write_text(render(), encoding="utf-8")
