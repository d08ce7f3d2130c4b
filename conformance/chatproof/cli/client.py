"""`chatproof client`: judge a client that keeps a conversation, against a fake endpoint of our own."""

import shlex
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any

import click

from chatproof.cli.behind import Behind, Opened, behind_options
from chatproof.cli.command import Command, Seconds, interruptible, scratch
from chatproof.cli.declared import declared
from chatproof.cli.driven import driven, driven_options
from chatproof.cli.inferring import Inferring, infer_options
from chatproof.cli.known_failures import KnownFailures, known_failure_options
from chatproof.findings.version import __version__
from chatproof.gate.escaping import json_text
from chatproof.history.model.endpoint import CannotBuildError, EndpointLostError
from chatproof.history.model.policy import Policy
from chatproof.history.rules import RULES, Rule
from chatproof.history.running.crew import Crew
from chatproof.history.running.opening import driven_session
from chatproof.history.running.run import run_client
from chatproof.history.running.selection import SelectionError, selected
from chatproof.history.running.session import SYSTEM_PROMPT, Session
from chatproof.history.running.terminal import header, summary
from chatproof.history.running.trial import BEFORE_A_MODEL, Search
from chatproof.probe import Json, carries_key
from chatproof.report import CaseResult, Result
from chatproof.report.console import STANDARD_OUTPUT, cannot, check_writable, flash, say, write_file
from chatproof.report.junit import junit
from chatproof.report.page import html
from chatproof.report.terminal import row

__all__ = ["client_command"]


@click.command(
    "client",
    cls=Command,
    epilog="""\b
Examples:
  chatproof client my_bot.py:make                   a client that sends everything
  chatproof client my_package.bots:Bot --window 10  at most 10 messages before the new one
  chatproof client my_bot.py:make --policy bot.toml what else it declares: tools, a store, branches
  chatproof client my_bot.py:make --infer --write-policy bot.toml     find that out, keep it, and judge by it
  chatproof client my_bot.py:make -k truncate --window 10 --examples 200
  chatproof client my_bot.py:make --url http://localhost:8000/v1    plain answers are a real endpoint's
  chatproof client --argv './my-bot ask -- {text}' --window 10   a command for each message
  chatproof client --argv './my-bot ask'                        the message on its standard input
  chatproof client --repl './my-bot chat' --can clear=/clear    a chat loop
  chatproof client --jsonl 'node driver.mjs' --policy bot.toml  a client in any language (docs/client-protocol.md)
  chatproof client my_bot.py:make --level should                a broken should fails, too
  chatproof client my_bot.py:make --write-baseline known.toml   once, then:
  chatproof client my_bot.py:make --baseline known.toml         only what is new fails
  chatproof client my_bot.py:make --html report.html            each broken rule as a conversation to look at

\b
A factory, in a file of yours:
  def make(endpoint):
      return Bot(endpoint.base_url, endpoint.api_key, endpoint.model, system=endpoint.system_prompt)

\b
A policy, as a file:
  window = {messages = 10}       # or rounds, turns, tokens, "unknown"
  persistent = true
  fates = {stream-cut = "keep-arrived"}

\b
Exit code: 0 nothing failed, 1 something did, 2 the run could not be made, 130 interrupted.""",
)
@click.argument("target", required=False)
@driven_options
@click.option("--policy", "policy_file", metavar="FILE", help="What the client declares, as TOML.")
@click.option(
    "--window",
    type=click.IntRange(min=0),
    metavar="N",
    help="The client sends at most N messages of history.",
)
@click.option(
    "--system",
    type=click.Choice(["kept", "counted", "in-user", "none"]),
    help="Where the client has its system prompt: first in every request (kept, the default), counted in the window, in"
    " the first user message, or nowhere.",
)
@infer_options
@click.option("--system-prompt", metavar="TEXT", help=f"Its text. [default: {SYSTEM_PROMPT}]")
@click.option(
    "-k",
    "expression",
    metavar="EXPRESSION",
    help="Check only the rules whose id matches, as pytest's -k does.",
)
@click.option("--list", "list_only", is_flag=True, help="List the rules that would be checked, and exit.")
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    help="Number of random conversations after the fixed ones.",
)
@click.option(
    "--seconds",
    type=Seconds(min=0),
    default=60.0,
    show_default=True,
    help="Limit for the random conversations.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Seed of the random conversations.",
)
@click.option(
    "--timeout",
    type=Seconds(min=0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Limit for one message, with all its requests.",
)
@behind_options
@known_failure_options
@click.option("--json", "json_file", metavar="FILE", help="Write the results as JSON; - is standard output.")
@click.option("--junit", "junit_file", metavar="FILE", help="Write the results as JUnit XML.")
@click.option(
    "--html",
    "html_file",
    metavar="FILE",
    help="Write the results as a page: each broken rule's shortest conversation as a picture.",
)
@click.pass_context
def client_command(
    ctx: click.Context,
    /,
    target: str | None,
    policy_file: str | None,
    window: int | None,
    system: str | None,
    system_prompt: str | None,
    expression: str | None,
    list_only: bool,  # noqa: FBT001  click hands flags over so
    examples: int,
    seconds: float,
    seed: int,
    timeout: float,
    level: str,
    baseline: str | None,
    write_baseline: str | None,
    json_file: str | None,
    junit_file: str | None,
    html_file: str | None,
    **others: Any,
) -> None:
    """Judge the history client that TARGET builds: module:Factory, or path/to/file.py:Factory.

    Or a program, by --argv or --repl: docs/clients.md says how it finds its endpoint.

    The factory is called with an endpoint (base_url, api_key, model, system_prompt, policy, home, tools), once for each
    conversation, in a process of its own. What it gives back needs a method say(text), which gives the reply back;
    where a round fails it may raise, or give None. Other methods are used where they are there: again(), clear(),
    fork(rounds), conversation(key), window(n), stream(text), cancel(), restart(), from_messages(list), close(). The
    policy declares how the client is set up, it sets nothing in it.
    """
    rules = _selected(expression)
    if list_only:
        _list(rules)
        return
    client = driven(target, others)
    said = declared(policy_file, window, system, system_prompt).over(client.policy)
    if said.policy.system == "none" and system_prompt is not None:
        cannot("a client without a system prompt and --system-prompt exclude each other.")
    known = KnownFailures.of(level, baseline, write_baseline, ids=RULES, noun="rule")
    applied = known.expectation.applied
    inferring = Inferring.taken_from(others)
    check_writable(json_file, junit_file, html_file)
    on_output = [json_file, junit_file, html_file].count(STANDARD_OUTPUT)
    if on_output > 1:
        cannot("only one of --json, --junit and --html can go to standard output.")
    told = partial(say, err=on_output > 0)
    options = Behind(**others)
    gate = options.gate()
    with interruptible():
        opened = options.open(said.policy, timeout)

    def session_by(policy: Policy, jobs: int = 1) -> AbstractContextManager[Session | Crew]:
        return driven_session(
            partial(client.driver, timeout, opened.hidden),
            policy,
            system_prompt=SYSTEM_PROMPT if system_prompt is None else system_prompt,
            upstream=opened.upstream,
            jobs=jobs,
        )

    progress = _Progress(rules, told)
    with scratch(), interruptible():
        try:
            policy = inferring.policy(opened.policy, said.names, session_by(opened.policy), told, gate)
            told(f"{header(__version__, gate.line(client.name), str(policy), opened.told)}\n")
            with session_by(policy, client.jobs) as session:
                result = run_client(
                    session,
                    rules=rules,
                    legs=client.legs,
                    search=Search(
                        examples=examples,
                        seed=seed,
                        seconds=seconds,
                        without=BEFORE_A_MODEL if opened.upstream is not None else frozenset(),
                    ),
                    target=client.name,
                    again=lambda rule: _again(ctx, rule),
                    on_play=progress.play,
                    on_result=lambda case: progress.result(applied(case)),
                )
        except (CannotBuildError, EndpointLostError) as error:
            cannot(f"{gate.line(str(error)).rstrip('.')}. Nothing was judged.")
    result = replace(result, cases=tuple(map(applied, result.cases)), target=_target(result, opened))
    result = Result.from_json(gate.value(result.to_json()))
    if json_file:
        write_file(json_file, json_text(result.to_json(), indent=2) + "\n")
    if junit_file:
        write_file(junit_file, junit(result))
    if html_file:
        write_file(html_file, html(result))
    told(f"\n{summary(result)}")
    sys.exit(known.end(result))


def _target(result: Result, opened: Opened) -> dict[str, Json]:
    """What was judged, and before which endpoint."""
    if opened.upstream is None:
        return dict(result.target)
    notes = result.target.get("notes")
    own: list[Json] = [*opened.notes, *(notes if isinstance(notes, list) else [])]
    return {**result.target, "url": opened.upstream.base_url, "model": opened.policy.models[0], "notes": own}


class _Progress:
    """Shows a run while it goes on: what is played, where somebody watches, and a row a group at the end."""

    def __init__(self, rules: tuple[Rule, ...], told: Callable[[str], None]) -> None:
        self._told = told
        self._begun = time.monotonic()
        self._left = [rule.id for rule in rules]
        self._group: list[CaseResult] = []

    def play(self, name: str, played: int) -> None:
        """One more conversation is played."""
        flash(f"{name}  {played} conversations, {time.monotonic() - self._begun:.0f} s …", sys.stderr)

    def result(self, case: CaseResult) -> None:
        """A rule is judged; with the last one of a group, show the group."""
        self._group.append(case)
        self._left.remove(case.id)
        if not any(id_.rpartition(".")[0] == case.group for id_ in self._left):
            flash("", sys.stderr)
            self._told(row(case.group, self._group))
            self._group = []


def _selected(expression: str | None) -> tuple[Rule, ...]:
    try:
        rules = selected(expression, RULES.values()) if expression else tuple(RULES.values())
    except SelectionError as error:
        cannot(f"{error}.")
    if not rules:
        cannot(f"-k {expression!r} fits none of {len(RULES)} rules. `chatproof client --list` shows them.")
    return rules


def _list(rules: tuple[Rule, ...]) -> None:
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        say(f"{rule.id:<{width}}  {rule.level:<6}  {rule.sentence}")


def _again(ctx: click.Context, rule: Rule) -> str:
    """The same command for one rule, with what was set to something else than the default."""
    left_out = {
        "target",
        "expression",
        "json_file",
        "junit_file",
        "html_file",
        "list_only",
        "level",
        "baseline",
        "write_baseline",
        "write_policy",
    }
    words = ["chatproof", "client", *filter(None, (ctx.params["target"],))]
    for parameter in ctx.command.params:
        value = ctx.params.get(parameter.name or "")
        if parameter.multiple:
            words += [word for text in value or () for word in (parameter.opts[0], _shown(text))]
        elif isinstance(parameter, click.Option) and parameter.is_flag:
            words += [parameter.opts[-1]] if value and parameter.name not in left_out else []
        elif parameter.name not in left_out and value not in (None, parameter.default):
            words += [parameter.opts[-1], f"{value:g}" if isinstance(value, float) else str(value)]
    return shlex.join([*words, "-k", rule.id])


def _shown(header: str) -> str:
    return f"{header.partition(':')[0]}: ***" if carries_key(header) else header
