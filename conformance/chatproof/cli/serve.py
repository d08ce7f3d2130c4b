"""`chatproof serve`: run the fake server, for clients in any language."""

from pathlib import Path

import click

from chatfake import Fake, ServerError
from chatfake import serve as serve_fake
from chatproof.cli.command import Command
from chatproof.cli.recordings import check_together, recorder_of, replay_of
from chatproof.report.console import cannot, say

__all__ = ["serve"]


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  chatproof serve
  chatproof serve --port 0 --models my-model,other
  chatproof serve --script script.yaml --latency first=lognormal:0.4:0.5,next=constant:0.02
  chatproof serve --scenario tool-call-only+stream-cut
  chatproof serve --record recordings/ --upstream https://api.example.com/v1
  chatproof serve --replay recordings/
  curl http://127.0.0.1:8080/v1/chat/completions \\
    -d '{"model": "fake/tool-call-only", "messages": [{"role": "user", "content": "hi"}]}'""",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8080,
    show_default=True,
    help="The port; 0 picks a free one, which the ready line names.",
)
@click.option("--models", metavar="A,B", default="", help="Serve only these models and the scenarios.")
@click.option(
    "--scenario",
    metavar="PLAN",
    help="Default behaviour: a scenario, faults, or both; a model fake/NAME keeps its own.",
)
@click.option("--script", metavar="FILE", help="A script in YAML or JSON.")
@click.option("--dialect", metavar="NAME", default="openai", show_default=True, help="Server to imitate.")
@click.option("--latency", metavar="MODEL", default="", help="Latency of answers, e.g. normal:0.3:0.1.")
@click.option("--lenient", is_flag=True, help="Answer requests that the real server refuses.")
@click.option(
    "--context-length",
    type=click.IntRange(1),
    default=8192,
    show_default=True,
    help="Context length in tokens.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Number of server processes."
)
@click.option("--tls-cert", metavar="FILE", help="Certificate in PEM; serves HTTPS.")
@click.option("--tls-key", metavar="FILE", help="Private key of the certificate.")
@click.option(
    "--record", metavar="DIR", help="Forward requests to --upstream, and record the answers in DIR."
)
@click.option("--upstream", metavar="URL", help="Endpoint to record, such as https://api.example.com/v1.")
@click.option("--replay", metavar="DIR", help="Answer only from the recordings in DIR.")
@click.option(
    "--replay-speed",
    metavar="N",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="Speed relative to the recording; inf does not wait.",
)
@click.pass_context
def serve(
    context: click.Context,
    host: str,
    port: int,
    models: str,
    scenario: str | None,
    script: str | None,
    dialect: str,
    latency: str,
    lenient: bool,  # noqa: FBT001  what click hands over
    context_length: int,
    workers: int,
    tls_cert: str | None,
    tls_key: str | None,
    record: str | None,
    upstream: str | None,
    replay: str | None,
    replay_speed: float,
) -> None:
    """Run the fake chat server until it is told to stop.

    It keeps no conversation: the answer is a function of the request, and says what was in it. Every
    scenario is a model, e.g. fake/empty-choices; GET /v1/models lists them. One line on standard output says
    that it is ready; SIGTERM ends it. /_fake/ is a page that shows what reached it.

    With --record it passes requests on to a real endpoint and writes down what comes back, without keys; with
    --replay it answers from there: the same bytes, the same pauses.
    """
    from chatfake.dialects import UnknownDialectError  # noqa: PLC0415  `--help` need not wait for it
    from chatfake.faults.latency import LatencyError  # noqa: PLC0415
    from chatfake.serving.tls import Tls, TlsError  # noqa: PLC0415
    from chatfake.serving.workers import serve_workers  # noqa: PLC0415

    check_together(context)
    if (tls_cert is None) != (tls_key is None):
        cannot("--tls-cert and --tls-key belong together")
    try:
        fake = Fake(
            models=tuple(name.strip() for name in models.split(",") if name.strip()),
            dialect=dialect,
            latency=latency,
            lenient=lenient,
            context_length=context_length,
            workers=workers,
            replay=replay_of(replay, replay_speed),
        )
        tls = None if tls_cert is None or tls_key is None else Tls(cert=tls_cert, key=tls_key)
        _prepare(fake, scenario, script)
        if workers == 1:
            recorder = recorder_of(record, upstream)
            serve_fake(fake, host, port, ready=say, tls=tls, recorder=recorder)
        else:
            serve_workers(fake, host, port, workers, tls=tls, ready=say)
    except (ServerError, LatencyError, TlsError, UnknownDialectError) as error:
        cannot(str(error))


def _prepare(fake: Fake, scenario: str | None, script: str | None) -> None:
    from chatfake.scripting.plan import UnknownNameError, parse_plan  # noqa: PLC0415
    from chatfake.scripting.script_file import ScriptError  # noqa: PLC0415

    if script is not None:
        try:
            fake.script(Path(script).read_bytes(), script)
        except OSError as error:
            cannot(f"cannot read {script}: {error.strerror}")
        except ScriptError as error:
            cannot(str(error))
    if fake.settings.workers > 1 and any(session.queued for session in fake.sessions.all):
        cannot("a queue of answers lives in one process; use turns and rules with several workers")
    if scenario is not None:
        try:
            fake.sessions.anyone.default_plan = parse_plan(scenario)
        except UnknownNameError as unknown:
            cannot(f"{unknown}")
