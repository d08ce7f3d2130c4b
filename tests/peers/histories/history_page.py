"""Writes docs/clients-tried.md from results/: `python -m tests.peers.histories.history_page`."""

from collections.abc import Iterator

from tests.peers.histories.history_client import ROOT
from tests.peers.histories.history_results import BROKEN, Remark, Tried, on_record, remark_on, remarks

PAGE = ROOT / "docs" / "clients-tried.md"

MARKS = {"passed": "■", "not-claimed": "-", "not-reached": "?", "not-run": "·"}

HEAD = """# Real clients, judged by the rules of histories

Written by `.ci/peers --histories` from runs: each client, unchanged and in an environment of its own, is
driven by a program of some thirty lines that keeps a conversation as the client's documentation has it, and judged by
[all rules](rules.md) that its policy covers. The programs are in `tests/peers/histories/programs/`, the policies beside
them; what came of each run is in `tests/peers/results/`. Of what is found in a loop over a list, part is the loop's: the SDK
does not touch the list. It is what its documentation shows, and so what programs do.

■ kept, ✗ broken, - not claimed, ? not reached, · not run. A ✗ leads to the shortest conversation that shows it.
A rule that no client here claims is left out.
"""


def anchor(tried: Tried, rule: str) -> str:
    """Where the page tells of a breach."""
    return f"{tried.client.name}-{rule.replace('.', '-')}"


def _name(tried: Tried) -> str:
    return f"[{tried.client.name}](#{tried.client.name})"


def _cell(tried: Tried, rule: str) -> str:
    outcome = tried.rules.get(rule, "not-run")
    return f"[✗](#{anchor(tried, rule)})" if outcome in BROKEN else MARKS[outcome]


def _table(results: list[Tried]) -> Iterator[str]:
    rules = {rule: None for one in results for rule in one.rules}
    yield f"| rule | {' | '.join(map(_name, results))} |"
    yield "| --- " * (len(results) + 1) + "|"
    for rule in rules:
        cells = [_cell(one, rule) for one in results]
        if set(cells) - {"-", "·"}:
            yield f"| {rule} | {' | '.join(cells)} |"
    yield f"| **broken** | {' | '.join(str(len(one.broken)) for one in results)} |"


def _clients(results: list[Tried]) -> Iterator[str]:
    yield "| client | version | how it keeps a conversation | what is declared |"
    yield "| --- | --- | --- | --- |"
    for one in results:
        language = " (Node)" if one.client.is_node else ""
        package = f"{one.client.package}{language} {one.version}"
        yield f"| {_name(one)} | {package} | {one.client.keeps} | `policies/{one.client.policy}.toml` |"


def _breaches(tried: Tried, said: list[Remark]) -> Iterator[str]:
    yield f"\n## {tried.client.name}\n"
    yield f"{tried.client.package} {tried.version}: {tried.client.keeps}."
    if not tried.broken:
        yield "\nIt breaks no rule."
    for rule, breach in tried.broken.items():
        yield f'\n### <a id="{anchor(tried, rule)}"></a>{rule}\n'
        remark = remark_on(tried.client.name, rule, said)
        report = f" Reported as {remark.report}." if remark and remark.report else ""
        yield f"{breach['wrong']} {remark.says if remark else ''}{report}".rstrip()
        yield f"\n```text\n{breach['conversation']}\n```"


def page() -> str:
    """docs/clients-tried.md."""
    results, said = on_record(), remarks()
    lines = [
        "\n## Rules and clients\n",
        *_table(results),
        "\n## The clients\n",
        *_clients(results),
        *(line for one in results for line in _breaches(one, said)),
    ]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
