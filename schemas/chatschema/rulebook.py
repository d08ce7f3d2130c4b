"""Every rule that a judgement can name, with the sentence that stands in documents and reports."""

from collections.abc import Mapping

from chatschema.chat.rule_notes import CHAT_RULES
from chatschema.common.model_list_rules import MODEL_LIST_NOTES
from chatschema.completions.rule_notes import COMPLETION_NOTES
from chatschema.embeddings.rule_notes import EMBEDDINGS_NOTES
from chatschema.lorax.rule_notes import LORAX_RULES
from chatschema.responses.rule_notes import RESPONSE_NOTES

__all__ = ["RULEBOOK"]

_SHAPE: Mapping[str, str] = {
    "shape.error": "An error object stands where an answer belongs.",
    "shape.forbidden": "A member that belongs to the other form of the answer is there.",
    "shape.json": "The body is no JSON that a reader can follow: no UTF-8, no syntax, or nested too deep.",
    "shape.kind": "The body has next to nothing of what it should be.",
    "shape.missing": "A member is missing that clients cannot do without.",
    "shape.type": "A member is of another JSON type.",
    "shape.value": "A member has the right type and a value that it cannot have.",
    "http.no-junk": "Something that does not belong there: a byte-order mark, a member twice in one object.",
    "http.bounds": "The body is larger than what is judged of one; it says what was not looked at.",
    "http.utf8": "A stream is not UTF-8.",
    "http.json-content-type": "The recorded content type of JSON is another.",
    "http.sse-content-type": "The recorded content type of an event stream is another.",
}

#: Rule id -> what it says is wrong. A judge that names a rule which is not in here fails a test.
RULEBOOK: Mapping[str, str] = {
    **_SHAPE,
    **CHAT_RULES,
    **COMPLETION_NOTES,
    **EMBEDDINGS_NOTES,
    **MODEL_LIST_NOTES,
    **LORAX_RULES,
    **RESPONSE_NOTES,
}
