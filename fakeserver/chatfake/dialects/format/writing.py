"""Writes what is said in a manner: one JSON body, or the chunks of a stream. Two renderings of the same `Spoken`."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import TypeVar

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.dialects.format.chunk import Beat, Kind, in_rhythm
from chatfake.dialects.format.completion import Spoken
from chatfake.dialects.format.format import Body, Stream, UsageIn
from chatfake.dialects.format.openai_base import Ground
from chatfake.dialects.format.render_context import Moment, Part, as_is

__all__ = ["chunks", "whole"]

S = TypeVar("S", bound=Spoken)


def whole(ground: Ground[S], body: Body, spoken: S) -> JsonObject:
    """The body of a JSON answer."""
    choices: list[JsonValue] = [_choice(ground, body, spoken, index) for index in range(len(spoken.replies))]
    usage = body.usage(Moment(ground=ground.usage(spoken), spoken=spoken))
    filled: JsonObject = {**ground.whole(spoken), "choices": choices, "usage": usage}
    return body.whole(Moment(ground=filled, spoken=spoken))


def _choice(ground: Ground[S], body: Body, spoken: S, index: int) -> JsonObject:
    moment = Moment(ground=ground.choice(spoken, index), spoken=spoken, reply=spoken.replies[index])
    counted = _with(_thinking(moment, body.reasoning), "logprobs", body.logprobs)
    return _written(body.choice, _with(counted, "message", body.message))


def _thinking(moment: Moment, name: str) -> Moment:
    """With what the model thought in the message, under the name that it has there."""
    message = moment.ground.get("message")
    thought = None if moment.reply is None else moment.reply.reasoning
    if not name or thought is None or not isinstance(message, dict):
        return moment
    return moment.on({**moment.ground, "message": {**message, name: thought}})


def chunks(ground: Ground[S], stream: Stream, spoken: S) -> Iterator[JsonObject]:
    """The chunks of a stream in order: those ahead of all, the choices in turn, the usage."""
    yield from stream.before(spoken)
    usage = stream.usage_asked if spoken.chat.include_usage else stream.usage_unasked
    beats = list(_beats(ground, stream, spoken, usage))
    head = ground.chunk(spoken)
    for place, beat in enumerate(beats, start=1):
        last = place == len(beats)
        choices: list[JsonValue] = (
            [] if beat.kind in (Kind.USAGE, Kind.EMPTY) else [_piece(ground, stream, spoken, beat, last=last)]
        )
        filled: JsonObject = {**head, "choices": choices}
        carries = usage is UsageIn.EVERY_CHUNK or (last and usage is UsageIn.LAST_CHUNK)
        if carries or beat.kind is Kind.USAGE:
            counted = ground.usage(spoken)
            filled["usage"] = stream.usage(Moment(ground=counted, spoken=spoken, beat=beat, last=last))
        yield stream.chunk(Moment(ground=filled, spoken=spoken, beat=beat, last=last))


def _beats(ground: Ground[S], stream: Stream, spoken: S, usage: UsageIn) -> Iterator[Beat]:
    columns = [
        in_rhythm(_thought(ground.beats(spoken, index, stream.calls), stream.reasoning), stream.rhythm)
        for index in range(len(spoken.replies))
    ]
    for row in zip_longest(*columns):
        yield from (beat for beat in row if beat is not None)
    if not columns:
        yield Beat(kind=Kind.EMPTY)
    if usage is UsageIn.OWN_CHUNK:
        yield Beat(kind=Kind.USAGE)


def _thought(beats: tuple[Beat, ...], name: str) -> tuple[Beat, ...]:
    """The beats with reasoning under the name that it has there, or without any."""
    return tuple(
        beat if beat.kind is not Kind.REASONING else replace(beat, delta={name: beat.delta["reasoning"]})
        for beat in beats
        if name or beat.kind is not Kind.REASONING
    )


def _piece(ground: Ground[S], stream: Stream, spoken: S, beat: Beat, *, last: bool) -> JsonObject:
    piece = ground.piece(beat)
    if stream.choice is stream.delta is stream.logprobs is as_is:
        return piece
    reply = spoken.replies[beat.index]
    moment = Moment(ground=piece, spoken=spoken, reply=reply, beat=beat, last=last)
    return _written(stream.choice, _with(_with(moment, "logprobs", stream.logprobs), "delta", stream.delta))


def _written(part: Part, moment: Moment) -> JsonObject:
    return moment.ground if part is as_is else part(moment)


def _with(moment: Moment, name: str, part: Part) -> Moment:
    """The moment with an object in its object written by the part."""
    inner = moment.ground.get(name)
    if part is as_is or not isinstance(inner, dict):
        return moment
    return moment.on({**moment.ground, name: part(moment.on(inner))})
