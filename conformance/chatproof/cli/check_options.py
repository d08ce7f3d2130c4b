"""The options of `chatproof check`. What makes the run is in `cli/check.py`: `--help` waits for none of it."""

from dataclasses import dataclass
from typing import Any

import click

from chatproof.cli.access_options import access_options
from chatproof.cli.command import Command, Seconds
from chatproof.cli.known_failures import known_failure_options
from chatproof.probe import Budget

__all__ = ["PROFILES", "CheckOptions", "check"]

PROFILES = ("openai", "responses", "lorax")
"""The names of `chatproof.cases.PROFILES`, which cost a second to import; a test holds them together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What was asked for; the help texts below say what each is. No URL stands for the embedded fake."""

    url: str | None
    profile: tuple[str, ...]
    model: str | None
    api_key_env: str
    headers: tuple[str, ...]
    cacert: str | None
    insecure: bool
    expression: str | None
    list_only: bool
    dry_run: bool
    fast: bool
    level: str
    expect: tuple[str, ...]
    baseline: str | None
    write_baseline: str | None
    behind: str | None
    behind_api_key_env: str | None
    behind_model: str | None
    save: str | None
    from_: str | None
    json_file: str | None
    junit_file: str | None
    timeout: float
    wait: float
    delay: float
    max_requests: int | None
    max_tokens: int | None
    max_seconds: float | None
    seed: int


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  chatproof check                                   the embedded fake
  chatproof check http://localhost:8000/v1
  chatproof check http://localhost:8000/v1 -k 'chat.sse and not usage'
  chatproof check http://localhost:8000/v1 --fast                        a gate before a deployment
  chatproof check http://localhost:8000/v1 --dry-run                     what would be sent
  chatproof check http://localhost:8080 --profile lorax
  chatproof check http://localhost:8000/v1 --expect tools,embeddings
  chatproof check https://gateway/v1 -H 'api-key: $GATEWAY_KEY' --cacert ca.pem --wait 300
  MY_KEY=sk-… chatproof check https://host/v1 --api-key-env MY_KEY --junit report.xml
  chatproof check http://localhost:8000/v1 --save run/                   and, without the endpoint:
  chatproof check --from run/
  chatproof check http://gateway/v1 --behind http://localhost:8000/v1    what the gateway changes
  chatproof check http://localhost:8000/v1 --level should                a broken should fails, too
  chatproof check http://localhost:8000/v1 --write-baseline known.toml   once, then:
  chatproof check http://localhost:8000/v1 --baseline known.toml         only what is new fails

\b
Exit code: 0 all was judged and nothing failed, 1 something did, 2 the run could not be made or is not whole,
130 interrupted. Where a limit that you set ends the run, what is left is left by choice: 0, and the last
line says so.""",
)
@click.argument("url", required=False)
@click.option(
    "--profile",
    multiple=True,
    metavar="NAMES",
    help="What to judge it by: openai, responses (Open Responses), lorax (LoRAX's own routes: URL is the root),"
    " or several, with commas between or given several times. [default: what is found]",
)
@click.option("--model", metavar="NAME", help="The model to ask. [default: the first one listed]")
@access_options
@click.option(
    "-k", "expression", metavar="EXPRESSION", help="Run only the cases whose id matches, as pytest's -k does."
)
@click.option("--list", "list_only", is_flag=True, help="List the cases that would run, and exit.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and what it costs; send nothing.")
@click.option("--fast", is_flag=True, help="Run the musts that find most, in about 30 requests.")
@click.option(
    "--expect",
    multiple=True,
    metavar="NAMES",
    help="Capabilities that have to be there, such as tools,n: one that is unsupported is then a failure.",
)
@known_failure_options
@click.option(
    "--behind",
    metavar="URL",
    help="URL is a gateway, and this is its backend: ask both alike, and tell what the gateway changes.",
)
@click.option(
    "--behind-api-key-env",
    metavar="NAME",
    help="The environment variable that holds the backend's key. [default: no key]",
)
@click.option(
    "--behind-model",
    metavar="NAME",
    help="The backend's name for the model. [default: the same, or the only one listed]",
)
@click.option("--save", metavar="DIR", help="Keep every exchange of the run there, as HAR, without keys.")
@click.option(
    "--from", "from_", metavar="DIR", help="Judge a run again that was saved there; nobody is asked."
)
@click.option("--json", "json_file", metavar="FILE", help="Write the results as JSON; - is standard output.")
@click.option(
    "--junit", "junit_file", metavar="FILE", help="Write the results as JUnit XML; - is standard output."
)
@click.option(
    "--timeout",
    type=Seconds(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Limit for one whole answer.",
)
@click.option(
    "--wait",
    type=Seconds(min=0),
    default=0.0,
    metavar="SECONDS",
    help="Wait so long for a server that is still loading: nobody listens, or HTTP 502 to 504.",
)
@click.option(
    "--delay",
    type=Seconds(min=0),
    default=0.0,
    metavar="SECONDS",
    help="At least so long between two requests.",
)
@click.option(
    "--max-requests",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"Limit for the whole run. [default: {Budget.MAX_REQUESTS}]",
)
@click.option(
    "--max-tokens",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"Limit for the whole run. [default: {Budget.MAX_TOKENS}]",
)
@click.option(
    "--max-seconds",
    type=Seconds(min=0, min_open=True),
    metavar="SECONDS",
    help=f"Limit for the whole run. [default: {Budget.MAX_SECONDS:g}]",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Of the random requests that the property cases draw.",
)
def check(**given: Any) -> None:
    """Judge the chat endpoint at URL; without a URL, the embedded fake.

    URL is the base of the API, as SDKs take it: http://localhost:8000/v1. It is asked at most
    --max-requests times, for short replies.
    """
    from chatproof.cli.check import judge  # noqa: PLC0415  it imports pytest and all cases

    judge(CheckOptions(**given))
