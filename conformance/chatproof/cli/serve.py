"""`chatproof serve`: run the fake server, for clients in any language."""

import click

from chatfake import Fake, ServerError
from chatfake import serve as serve_fake
from chatproof.cli.output import cannot, say

__all__ = ["serve"]


@click.command(
    epilog="""\b
Examples:
  chatproof serve
  chatproof serve --port 0 --models my-model,other
  curl http://127.0.0.1:8080/v1/chat/completions \\
    -d '{"model": "fake/tool-call-only", "messages": [{"role": "user", "content": "hi"}]}'"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8080,
    show_default=True,
    help="The port; 0 takes a free one, which the ready line names.",
)
@click.option("--models", metavar="A,B", default="", help="Serve just these models and the scenarios.")
def serve(host: str, port: int, models: str) -> None:
    """Run the fake chat server until it is told to stop.

    It keeps no conversation: the answer is a function of the request, and says what was in it. Every
    scenario is a model, e.g. fake/empty-choices; GET /v1/models lists them.
    """
    names = tuple(name.strip() for name in models.split(",") if name.strip())
    try:
        serve_fake(Fake(models=names), host, port, ready=say)
    except ServerError as error:
        cannot(str(error))
