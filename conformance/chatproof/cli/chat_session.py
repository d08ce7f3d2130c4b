"""A run of `chatproof chat`: from what was asked for to a conversation."""

import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import httpx

from chatproof.chat.address import Address, models_of
from chatproof.chat.advice import advice, without_model
from chatproof.chat.lines import NotTextError, from_lines, whole
from chatproof.chat.loop import Loop
from chatproof.chat.names import Name
from chatproof.chat.screen import Screen
from chatproof.chat.talk import Talk
from chatproof.cli.access_options import access_of
from chatproof.cli.history_options import history_path
from chatproof.clients import AnswerError, HistoryStore
from chatproof.clients.memory_store import MemoryStore
from chatproof.gate.escaping import name
from chatproof.judging.obstacles import CannotJudgeError
from chatproof.judging.preflight import (
    checked_url,
    refuse_unnamed_variable,
    refuse_unsendable,
    refuse_untrustable,
    refuse_unwritable,
)
from chatproof.report.console import cannot, say

__all__ = ["ChatOptions", "run"]

_KEPT = 1000
"""Messages of one conversation that are kept: the whole file is written after each round."""

_FAILED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOptions:
    """What was asked for; the help texts say what each is."""

    url: str
    text: str | None
    models: tuple[str, ...]
    system_prompt: str
    conversation: str
    history_limit: int | None
    no_history: bool
    history_file: str | None
    no_stream: bool
    repl: bool
    api_key_env: str
    headers: tuple[str, ...]
    cacert: str | None
    insecure: bool
    timeout: float


def run(options: ChatOptions) -> None:
    """Say one message, or begin a conversation."""
    if options.repl and options.text is not None:
        cannot("--repl reads its messages from standard input: leave TEXT out.")
    address = _address(options)
    text = _text(options)
    screen = Screen(address.hidden())
    with closing(address.http()) as http, closing(_talk(options, address, http)) as talk:
        if text is not None:
            _once(talk, address, screen, text)
        else:
            Loop(talk, address, screen, _reader(options, talk, screen)).run()


def _address(options: ChatOptions) -> Address:
    """The endpoint, once all that was given can be sent."""
    key = os.environ.get(options.api_key_env, "")
    access = access_of(options.headers, options.cacert, insecure=options.insecure)
    try:
        url = checked_url(options.url)
        refuse_unnamed_variable(key or None, options.api_key_env)
        refuse_unsendable("" if access.key_header else key, options.api_key_env)
        refuse_untrustable(access)
        for model in options.models:
            refuse_unwritable(model)
    except CannotJudgeError as obstacle:
        cannot(str(obstacle))
    return Address(url=url, key=key, key_variable=options.api_key_env, access=access, timeout=options.timeout)


def _text(options: ChatOptions) -> str | None:
    """The one message; None where a conversation begins."""
    try:
        if options.text == "-" or (options.text is None and not options.repl and not sys.stdin.isatty()):
            return whole(sys.stdin.buffer)
    except NotTextError as error:
        cannot(f"{error}. (TEXT, or --repl for a conversation)")
    for text in (options.text or "", options.system_prompt):
        try:
            text.encode()
        except UnicodeEncodeError:
            cannot("the message is no UTF-8 text.")
    return options.text


def _talk(options: ChatOptions, address: Address, http: httpx.Client) -> Talk:
    try:
        called = Name(address.url, "").sibling(options.conversation)
    except ValueError as error:
        cannot(f"--conversation: {error}.")
    path = history_path(options.history_file)
    store = MemoryStore() if options.no_history else HistoryStore(path, cap=_KEPT, warn=_warn)
    models = options.models or (_first_model(address),)
    return Talk(
        [address.model(one, http) for one in models],
        store,
        called,
        system_prompt=options.system_prompt,
        limit=options.history_limit,
        streams=not options.no_stream,
        hidden=address.hidden() or str,
    )


def _first_model(address: Address) -> str:
    listing = address.listing()
    names = models_of(listing)
    if not names:
        cannot(without_model(address, listing), _FAILED)
    return names[0]


def _once(talk: Talk, address: Address, screen: Screen, text: str) -> None:
    try:
        with closing(talk.say(text)) as pieces:
            screen.reply(pieces)
    except AnswerError as error:
        cannot(advice(error, address), _FAILED)
    if talk.answered_by != talk.models[0].model:
        say(
            f"chatproof: {name(talk.answered_by)} answered in the place of {name(talk.models[0].model)}",
            err=True,
        )


def _reader(options: ChatOptions, talk: Talk, screen: Screen) -> Callable[[], str]:
    if options.repl:
        return from_lines(sys.stdin.buffer, screen.prompt)
    if not sys.stdout.isatty():
        return from_lines(sys.stdin.buffer, lambda text: print(text, end="", file=sys.stderr, flush=True))  # noqa: T201
    from chatproof.chat.terminal import at_terminal  # noqa: PLC0415  it is of no use to a program

    rounds = talk.rounds
    host = talk.name.url.partition("://")[2].removesuffix("/v1")
    remembered = f"{talk.messages_sent} messages remembered" if rounds else "a new conversation"
    say(f"{name(talk.models[0].model)} @ {host} · {remembered} · /help", err=True)
    return at_terminal(one.user for one in rounds)


def _warn(text: str) -> None:
    say(f"chatproof: {name(text)}", err=True)
