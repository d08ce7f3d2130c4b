"""Each near miss is refused for its one defect, and each rule of the two families is seen failing."""

from chatproof.strategies.near.text.text import NEAR_TEXT
from chatschema.completions.rule_notes import COMPLETION_NOTES
from chatschema.embeddings.rule_notes import EMBEDDINGS_NOTES


def test_every_rule_of_the_families_has_a_near_miss() -> None:
    broken = {near.rule for near in NEAR_TEXT.values()}
    own = {rule for rule in (*COMPLETION_NOTES, *EMBEDDINGS_NOTES) if ".request." not in rule}
    assert own <= broken
    assert "chat.errors.shape" in broken


def test_there_are_near_misses_of_all_kinds() -> None:
    kinds = {near.kind for near in NEAR_TEXT.values()}
    text = {"completion", "completion.chunk", "completion.sse"}
    assert kinds == text | {"embeddings", "model", "models", "error"}
    assert len(NEAR_TEXT) > 100
