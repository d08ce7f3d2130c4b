"""The pytest plugin: `pytest --pyargs chatproof --chatproof-url URL` judges an endpoint, with xdist too.

It is imported at every start of pytest wherever chatproof is installed, so nothing heavy is imported here
until one of its cases runs.
"""

import math
import os
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from chatproof.judging.replaying import CaseJudge
    from chatproof.testing.endpoint import ChatEndpoint
    from chatproof.testing.suite import ClassRun

__all__: list[str] = []

_SMALLEST = 1e-6
_LEAST = {
    "timeout": _SMALLEST,
    "wait": 0,
    "delay": 0,
    "max_requests": 1,
    "max_tokens": 1,
    "max_seconds": _SMALLEST,
}
"""Options that are numbers, and what they are at the least."""

_ASKED = pytest.StashKey[bool]()
"""Whether the user's own tests ask the endpoint."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the endpoint suite."""
    group = parser.getgroup("chatproof", "chatproof: judge a chat endpoint (pytest --pyargs chatproof)")
    add = group.addoption
    add(
        "--chatproof-url",
        metavar="URL",
        help="base URL, e.g. http://localhost:8000/v1; default: the embedded fake",
    )
    add(
        "--chatproof-profile",
        action="append",
        metavar="NAMES",
        help="what to judge it as: openai, responses (Open Responses), lorax (LoRAX's own routes), or several, with"
        " commas between; default: what is found",
    )
    add("--chatproof-model", metavar="NAME", help="the model to ask; default: the first one listed")
    add(
        "--chatproof-api-key-env",
        metavar="NAME",
        default="OPENAI_API_KEY",
        help="the environment variable that holds the key; default: OPENAI_API_KEY",
    )
    add(
        "--chatproof-header",
        action="append",
        metavar="'NAME: VALUE'",
        help="a header for every request; several are possible; the value may be a variable, '$NAME'",
    )
    add("--chatproof-cacert", metavar="FILE", help="the certificates to trust, in place of the system's")
    add("--chatproof-insecure", action="store_true", help="check no certificates")
    for name, what in (
        ("wait", "wait so long for a server that is still loading"),
        ("delay", "at least so long between two requests, of each worker"),
    ):
        add(f"--chatproof-{name}", metavar="SECONDS", type=float, default=0.0, help=what)
    add(
        "--chatproof-timeout", metavar="SECONDS", type=float, default=60.0, help="for one answer; default: 60"
    )
    for name, kind, default in (
        ("requests", int, "175, times the workers"),
        ("tokens", int, "30000, times the workers"),
        ("seconds", float, "1800"),
    ):
        add(
            f"--chatproof-max-{name}",
            metavar="N",
            type=kind,
            help=f"for the whole run; default: {default}. A run that a default ends is not whole, and exits with 2",
        )
    add(
        "--chatproof-seed",
        metavar="N",
        type=int,
        default=0,
        help="of the random requests that the property cases draw; default: 0",
    )
    add(
        "--chatproof-level",
        choices=("must", "should"),
        default="must",
        help="the lowest level that fails; default: must, a broken should is then told below",
    )
    add(
        "--chatproof-expect",
        action="append",
        metavar="NAMES",
        help="capabilities that have to be there, with commas between: where one is unsupported, that fails",
    )
    add("--chatproof-fast", action="store_true", help="only the musts that find most, in about 30 requests")
    add("--chatproof-baseline", metavar="FILE", help="known failures: they are xfailed, with their reasons")
    for name, what, metavar in (
        ("behind", "the endpoint is a gateway, and this its backend: both are asked alike", "URL"),
        (
            "behind-api-key-env",
            "the environment variable that holds the backend's key; default: no key",
            "NAME",
        ),
        (
            "behind-model",
            "the backend's name for the model; default: the same, or the only one listed",
            "NAME",
        ),
    ):
        add(f"--chatproof-{name}", metavar=metavar, help=what)
    add("--chatproof-save", metavar="DIR", help="keep every exchange of the run there, as HAR, without keys")
    add(
        "--chatproof-from",
        metavar="DIR",
        help="judge a run again that was saved there: by its exchanges, and nobody is asked",
    )
    add("--chatproof-json", metavar="FILE", help="write the result document")
    add("--chatproof-junit", metavar="FILE", help="write JUnit XML, rendered from the result document")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what would stand for a default without being meant so, and reports that cannot be written."""
    if hasattr(config, "workerinput"):
        _take_saved(config)  # the controller has looked at the rest
        return
    given = {name: value for name, value in vars(config.option).items() if name.startswith("chatproof_")}
    for name, value in given.items():
        if value == "" or (isinstance(value, list) and "" in value):
            option = "--" + name.replace("_", "-")
            pytest.exit(f"chatproof: {option} is empty (is a variable not set?)", returncode=2)
    for name, least in _LEAST.items():
        value = given.get(f"chatproof_{name}")
        if value is not None and not least <= value < math.inf:  # nan is neither
            pytest.exit(f"chatproof: --chatproof-{name.replace('_', '-')} cannot be {value}", returncode=2)
    if headers := given.get("chatproof_header"):
        from chatproof.probe import HeaderError, headers_of  # noqa: PLC0415  heavy: see above

        try:
            headers_of(headers, os.environ)
        except HeaderError as error:
            pytest.exit(f"chatproof: {error}", returncode=2)
    if any(given.get(f"chatproof_{name}") for name in ("baseline", "expect", "profile")):
        from chatproof.judging.session import expectation_of, profiles_of  # noqa: PLC0415  heavy: see above
        from chatproof.report.baseline import BaselineError  # noqa: PLC0415  heavy: see above

        try:
            profiles_of(config)
            expectation_of(config)
        except (BaselineError, ValueError) as error:
            pytest.exit(f"chatproof: {error}", returncode=2)
    for path in filter(None, (given.get("chatproof_json"), given.get("chatproof_junit"))):
        from chatproof.gate.escaping import line  # noqa: PLC0415  heavy: see above
        from chatproof.report.files import refuse_unwritable  # noqa: PLC0415  heavy: see above

        if path == "-":
            pytest.exit(
                "chatproof: standard output is pytest's own: name a file for the report", returncode=2
            )
        try:
            refuse_unwritable(path)
        except OSError as error:
            pytest.exit(f"chatproof: cannot write {line(path)}: {error.strerror}", returncode=2)
    if given.get("chatproof_behind") or given.get("chatproof_behind_api_key_env"):
        from chatproof.judging.backend import misplaced  # noqa: PLC0415  heavy: see above

        names = ("behind", "behind_api_key_env", "from")
        profiles = ",".join(given["chatproof_profile"] or ()).split(",")
        rest = (given[f"chatproof_{name}"] for name in names)
        if sentence := misplaced(given["chatproof_url"], [name for name in profiles if name], *rest):
            pytest.exit(f"chatproof: {sentence}", returncode=2)
    if given.get("chatproof_save") or given.get("chatproof_from"):
        from chatproof.judging.saving import Saving, refuse_both  # noqa: PLC0415  heavy: see above
        from chatproof.saved_run.error import SavedRunError  # noqa: PLC0415  heavy: see above

        try:
            refuse_both(given["chatproof_url"], given["chatproof_save"], given["chatproof_from"])
            _take_saved(config)
            if given["chatproof_save"] and not config.option.collectonly:
                config.pluginmanager.register(Saving(config, given["chatproof_save"]), Saving.NAME)
        except SavedRunError as error:
            pytest.exit(f"chatproof: {error}", returncode=2)


def _take_saved(config: pytest.Config) -> None:
    """Take the run that is to be judged again: what it was about, and which of its cases. Raises `SavedRunError`."""
    if not config.option.chatproof_from:
        return
    from chatproof.judging.saving import saved_run  # noqa: PLC0415  heavy: see above
    from chatproof.judging.session import SAVED  # noqa: PLC0415  heavy: see above

    run = saved_run(config.option.chatproof_from)
    config.stash[SAVED] = run
    config.option.chatproof_profile = list(run.facts.profile) or None
    config.option.chatproof_seed = run.facts.seed
    config.option.chatproof_behind = run.facts.behind or None
    if not (config.option.keyword or config.option.markexpr or config.option.chatproof_fast):
        config.option.chatproof_fast = run.facts.fast
        config.option.keyword = run.facts.expression
        config.option.markexpr = run.facts.marks


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it could not save."""
    if session.config.option.chatproof_save:
        from chatproof.judging.saving import hand_over  # noqa: PLC0415  heavy: see above

        hand_over(session.config)


@pytest.fixture(scope="session")
def chatproof_judge(pytestconfig: pytest.Config) -> "Iterator[CaseJudge]":
    """The endpoint under test, ready to be judged: the one at --chatproof-url, or the embedded fake."""
    from chatproof.judging.session import judging  # noqa: PLC0415  heavy: see above

    with judging(pytestconfig) as judge:
        yield judge


@pytest.fixture(scope="session")
def chat_endpoint(pytestconfig: pytest.Config) -> "Iterator[ChatEndpoint]":
    """The endpoint at --chatproof-url, or the embedded fake, to be asked in tests of your own.

    `base_url`, `model`, `api_key`; `client`, an httpx.Client; `openai`, the arguments of the SDK; `supports("tools")`.
    """
    from chatproof.judging.session import open_endpoint  # noqa: PLC0415  heavy: see above
    from chatproof.testing.endpoint import ChatEndpoint  # noqa: PLC0415  heavy: see above

    with open_endpoint(pytestconfig) as (opened, target), closing(ChatEndpoint(opened, target)) as endpoint:
        yield endpoint


@pytest.fixture(scope="class")
def endpoint_judge(endpoint_url: str, request: pytest.FixtureRequest) -> "Iterator[ClassRun]":
    """Of an `EndpointSuite`: its endpoint, which is opened once a class."""
    from chatproof.testing.suite import ClassRun  # noqa: PLC0415  heavy: see above

    run = ClassRun(cast("Any", request).cls, endpoint_url)
    yield run
    run.close(alone=not hasattr(request.config, "workerinput"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put a case's result into its report: xdist carries it to the controller from there."""
    report = yield
    if "chatproof_judge" in getattr(item, "fixturenames", ()):
        from chatproof.judging.collector import store_result  # noqa: PLC0415  heavy: see above

        store_result(item, report)
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where cases were collected, watch them: gather their results and write the reports."""
    if any("chatproof_judge" in getattr(item, "fixturenames", ()) for item in items):
        register_collector(config)
    config.stash[_ASKED] = any("chat_endpoint" in getattr(item, "fixturenames", ()) for item in items)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say that an endpoint was named and not looked at: the session may be green all the same."""
    if not config.option.chatproof_url or config.stash.get(_ASKED, False):
        return
    from chatproof.judging.collector import ResultCollector  # noqa: PLC0415  heavy: see above

    if not config.pluginmanager.hasplugin(ResultCollector.NAME):
        terminalreporter.write_line(
            "chatproof: nothing was judged at --chatproof-url, for no case was collected (pytest --pyargs chatproof)"
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """A controller collects nothing itself: watch whenever workers are used."""
    del specs
    register_collector(config)


def register_collector(config: pytest.Config) -> None:
    """Register the session's plugin, once."""
    from chatproof.judging.collector import ResultCollector  # noqa: PLC0415  heavy: see above

    if not config.pluginmanager.hasplugin(ResultCollector.NAME):
        config.pluginmanager.register(ResultCollector(config), ResultCollector.NAME)
