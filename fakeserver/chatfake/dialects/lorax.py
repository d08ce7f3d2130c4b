"""LoRAX: its OpenAI routes have rooms of their own (`chatfake.lorax`), for what they answer is generated natively and
written in a likeness of OpenAI's form. Here is what is left: errors of the paths, and the list of deviations.
"""

from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.requests.lorax_errors import CORS, lorax_error, lorax_event

LORAX = register(
    Dialect(
        name="lorax",
        source="predibase/lorax a7394ba (after v0.12.1), read in its router's source",
        heads=Heads(sse_type="text/event-stream", json=CORS, sse=CORS, error=CORS),
        errors=lorax_error,
        error_event=lorax_event,
        deviations=deviations(
            {
                "Every answer has the id `null`, and the object of a chat answer is `text_completion`.": (
                    "chat.json.id chat.json.shape http.concurrent shape.value"
                ),
                "Embeddings are a list of numbered vectors alone.": ("shape.kind embeddings.shape"),
                "Every fragment of a call says its id and its name.": ("chat.tools.sse-fragments"),
                "An error is flat: a text, and its type beside it.": ("shape.type"),
                "A body of another shape is refused in plain text.": (
                    "chat.errors.content-type chat.errors.max-tokens-negative "
                    "chat.errors.messages-not-a-list chat.errors.missing-messages "
                    "chat.errors.missing-model chat.errors.missing-role chat.errors.shape "
                    "chat.errors.stream-type chat.errors.temperature-type chat.errors.tools-type "
                    "chat.sse.error-before chat.format.bad-schema http.malformed-json shape.json"
                ),
                "An unknown path and a wrong method have no body.": ("http.unknown-route http.wrong-method"),
                "There is no list of models.": ("models.list models.retrieve models.serves"),
                "Messages have no member refusal.": ("chat.json.spec-complete"),
                "There is max_tokens alone.": ("chat.json.max-completion-tokens"),
                "With several choices the usage counts the best one.": ("chat.json.n"),
                "`stop` is a list, and neither a text nor null.": ("chat.json.null-options chat.json.stop"),
                "Usage comes with the finish_reason, asked for or not.": ("chat.sse.usage-asked"),
                "A tool is chosen by its name as a text, and `required` is such a name.": (
                    "chat.tools.arguments chat.tools.content-null chat.tools.finish-reason "
                    "chat.tools.named chat.tools.required chat.tools.none chat.tools.shape "
                    "chat.tools.unknown-choice chat.tools.equals-json"
                ),
                "Where tools are offered the text is JSON, which a limit cuts, and is refused then.": (
                    "chat.tools.round-trip history.tool-round-counts history.tool-results-count"
                ),
                "`id` is the text null in each answer.": ("history.ids-differ"),
                "The chat template takes any messages, and the router a temperature above 2 and no answers.": (
                    "chat.errors.empty-messages chat.errors.n-zero chat.errors.temperature-range "
                    "chat.errors.unknown-role"
                ),
                "`created` is 0 in streams and in texts.": (
                    "chat.json.created completions.json.shape completions.sse.shape"
                ),
                "A limit that is refused is an error inside a stream under 200.": (
                    "chat.errors.max-tokens-zero chat.errors.max-tokens-huge"
                ),
                "A prompt is one text.": ("completions.prompt-list"),
            }
        ),
    )
)
