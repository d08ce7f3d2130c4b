"""When the texts of tokens make the text that was answered, and how sure that is."""

import pytest

from chatschema import JsonObject, JsonValue, Level, check
from tests.schemas.lorax.samples import answer, end, token

MUST, SHOULD = Level.MUST, Level.SHOULD


def levels(value: JsonObject) -> list[tuple[str, str, Level]]:
    return [(item.rule, item.path, item.level) for item in check(value).violations]


@pytest.mark.parametrize(
    ("tokens", "text", "reason", "level"),
    [
        ((token(" Hi"),), " Hi", "length", None),
        ((token(" Hi"), end()), " Hi", "eos_token", None),
        ((token(" Hi"), end()), " Hi", "length", None),  # the end at the limit
        ((token(" Hi"),), "Who? Hi", "length", None),  # the prompt before the text
        ((token(""), token("é")), "é", "length", None),  # half a character by itself is nothing
        ((end(),), "", "eos_token", None),
        ((token(" Hi"), token(" you")), " Hi", "length", MUST),
        ((token(" Hi"),), " Hi you", "length", MUST),
        ((token(" Hi"),), "", "length", MUST),
        # a tokenizer that drops the first space
        ((token(" Hi"),), "Hi", "length", SHOULD),
        # one whose own mark the router does not call special
        ((token(" Hi"), token("<|end|>")), " Hi", "eos_token", None),
        ((token("<|im|>"), token(" Hi")), " Hi", "length", SHOULD),
        ((token(" Hi"), token("[PAD]"), token("!")), " Hi!", "length", SHOULD),
        # a special token in the middle may bring the rest of a character
        ((token("a"), token("\ufffd<s>", special=True), token("b")), "a\ufffdb", "length", SHOULD),
        # a text that ends inside a character comes out empty
        ((token(" Hi"), token("")), "", "length", SHOULD),
        ((token(" Hi"), token("\ufffd</s>", special=True)), "", "eos_token", SHOULD),
    ],
)
def test_text_that_its_tokens_do_not_make_is_reported_as_far_as_it_is_certain(
    tokens: tuple[JsonObject, ...], text: str, reason: str, level: Level | None
) -> None:
    found = levels(answer(*tokens, text=text, reason=reason))
    assert found == ([] if level is None else [("lorax.generate.details", "$.generated_text", level)])


def test_tokens_of_the_wrong_shape_are_not_joined() -> None:
    found = levels(answer(token(None), text="else"))
    assert found == [("shape.type", "$.details.tokens[0].text", MUST)]


def test_mean_log_probability_decides_which_sequence_is_the_best() -> None:
    def best_of(best: JsonValue, other: JsonValue) -> list[tuple[str, str, Level]]:
        value = answer(token(logprob=best))
        details = value["details"]
        assert isinstance(details, dict)
        sequence: JsonObject = {
            "generated_text": " Hi",
            "finish_reason": "length",
            "generated_tokens": 1,
            "seed": 1,
            "prefill": [],
            "tokens": [token(logprob=other)],
        }
        details["best_of_sequences"] = [sequence]
        return levels(value)

    worse = [("lorax.generate.best-of", "$.details.best_of_sequences[0]", SHOULD)]
    assert best_of(-1.0, -2.0) == []
    assert best_of(-1.0, -1.0005) == best_of(-1.0005, -1.0) == []  # f32 is no finer over a sum
    assert best_of(-2, -1) == worse
    assert best_of(None, -1.0) == best_of(-1.0, None) == []
    assert ("shape.type", "$.details.tokens[0].logprob", MUST) in best_of(10**400, -1.0)
