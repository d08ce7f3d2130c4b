"""Writes what is said in a manner: one JSON body, or the chunks of a stream. Two renderings of the same `Spoken`."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import TypeVar

from chatfake.dialects.beat import Beat, Kind, in_rhythm
from chatfake.dialects.ground import Ground
from chatfake.dialects.manner import Body, Stream, UsageIn
from chatfake.dialects.shape import Moment, Part, as_is
from chatfake.dialects.spoken import Spoken
from chatfake.jsontext import JsonObject, JsonValue

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
    choice = _with(moment, "logprobs", body.logprobs)
    return body.choice(replace(moment, ground=_with(replace(moment, ground=choice), "message", body.message)))


def chunks(ground: Ground[S], stream: Stream, spoken: S) -> Iterator[JsonObject]:
    """The chunks of a stream in order: those ahead of all, the choices in turn, the usage."""
    yield from stream.before(spoken)
    usage = stream.usage_asked if spoken.chat.include_usage else stream.usage_unasked
    beats = list(_beats(ground, stream, spoken, usage))
    head = ground.chunk(spoken)
    for place, beat in enumerate(beats, start=1):
        last = place == len(beats)
        moment = Moment(ground={}, spoken=spoken, beat=beat, last=last)
        choices: list[JsonValue] = (
            [] if beat.kind in (Kind.USAGE, Kind.EMPTY) else [_piece(ground, stream, moment)]
        )
        filled: JsonObject = {**head, "choices": choices}
        carries = usage is UsageIn.EVERY_CHUNK or (last and usage is UsageIn.LAST_CHUNK)
        if carries or beat.kind is Kind.USAGE:
            filled["usage"] = stream.usage(replace(moment, ground=ground.usage(spoken)))
        yield stream.chunk(replace(moment, ground=filled))


def _beats(ground: Ground[S], stream: Stream, spoken: S, usage: UsageIn) -> Iterator[Beat]:
    columns = [
        in_rhythm(ground.beats(spoken, index, stream.calls), stream.rhythm)
        for index in range(len(spoken.replies))
    ]
    for row in zip_longest(*columns):
        yield from (beat for beat in row if beat is not None)
    if not columns:
        yield Beat(kind=Kind.EMPTY)
    if usage is UsageIn.OWN_CHUNK:
        yield Beat(kind=Kind.USAGE)


def _piece(ground: Ground[S], stream: Stream, moment: Moment) -> JsonObject:
    beat = moment.beat
    if beat is None:
        return {}
    moment = replace(moment, ground=ground.piece(beat), reply=moment.spoken.replies[beat.index])
    choice = _with(moment, "logprobs", stream.logprobs)
    return stream.choice(replace(moment, ground=_with(replace(moment, ground=choice), "delta", stream.delta)))


def _with(moment: Moment, name: str, part: Part) -> JsonObject:
    """The object of the moment, with an object in it written by the part."""
    inner = moment.ground.get(name)
    if part is as_is or not isinstance(inner, dict):
        return moment.ground
    return {**moment.ground, name: part(replace(moment, ground=inner))}
