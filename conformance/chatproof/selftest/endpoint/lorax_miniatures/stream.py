"""Miniatures that are broken in the stream of `/generate_stream`."""

from collections.abc import Callable

from chatproof.selftest.endpoint.lorax_miniatures.registry import at, broken, each_event, events
from chatproof.selftest.endpoint.wrapping import CRASH, Object, Wrapper, with_body, with_type


def _at_last(change: Callable[[Object], object]) -> Wrapper:
    """Change the last event in place."""
    return each_event(lambda _, event: None if event["generated_text"] is None else change(event))


broken(
    "stream-crash", "stream.framing", at("/generate_stream", lambda _, __: CRASH), along=("errors.stream",)
)
broken(
    "stream-as-text",
    "stream.framing",
    at("/generate_stream", lambda _, answer: with_type(answer, "text/plain")),
    along=("errors.stream",),
)
broken("done", "stream.framing", events(lambda found: found, also="data: [DONE]\n\n"))
broken(
    "no-blank-lines",
    "stream.framing",
    at("/generate_stream", lambda _, answer: with_body(answer, answer.body.replace(b"\n\n", b"\n"))),
)
broken("token-without-id", "stream.shape", each_event(lambda _, event: event["token"].pop("id")))
broken(
    "no-details-member", "stream.shape", each_event(lambda n, event: event.pop("details") if n == 0 else 0)
)
broken(
    "text-in-each-event",
    "stream.last-event",
    each_event(lambda _, event: event.update(generated_text="a")),
    along=("stream.equals-json", "stream.text-adds-up"),
)
broken("cut", "stream.last-event", events(lambda found: found[:-1]))
broken("more-after-the-end", "stream.last-event", events(lambda found: [*found, found[0]]))
broken("no-last-details", "stream.last-event", _at_last(lambda event: event.update(details=None)))
broken(
    "another-text",
    "stream.text-adds-up",
    _at_last(lambda event: event.update(generated_text="Something else.")),
    along=("stream.equals-json",),
)
broken("lost-token", "stream.text-adds-up", events(lambda found: [*found[:2], *found[3:]]))
broken(
    "miscounted",
    "stream.text-adds-up",
    _at_last(
        lambda event: event["details"].update(generated_tokens=event["details"]["generated_tokens"] + 1)
    ),
    along=("stream.equals-json",),
)


def _other_word(found: list[Object]) -> list[Object]:
    text = found[-1]["generated_text"]
    word = found[1]["token"]["text"]
    found[1]["token"]["text"] = word.upper() + "x"
    found[-1]["generated_text"] = text.replace(word, found[1]["token"]["text"], 1)
    return found


broken("another-word", "stream.equals-json", events(_other_word))
broken(
    "another-prompt-count",
    "stream.equals-json",
    _at_last(lambda event: event["details"].update(prompt_tokens=event["details"]["prompt_tokens"] + 5)),
)
