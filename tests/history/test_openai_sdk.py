"""A list kept around the real SDK: done right it keeps every rule, as the LoRAX page has it it does not."""

from openai import OpenAI
from openai.types.chat import ChatCompletionMessageParam

from chatproof.history import Endpoint, Policy, Search, run_client
from chatproof.report import Outcome


class Careful:
    """Adds a round when its reply is there."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.openai = OpenAI(base_url=endpoint.base_url, api_key=endpoint.api_key)
        self.model = endpoint.model
        self.messages: list[ChatCompletionMessageParam] = [
            {"role": "system", "content": endpoint.system_prompt}
        ]

    def say(self, text: str) -> str | None:
        new: ChatCompletionMessageParam = {"role": "user", "content": text}
        answer = self.openai.chat.completions.create(model=self.model, messages=[*self.messages, new])
        if not answer.choices or not (reply := answer.choices[0].message.content):
            return None
        self.messages.append(new)
        self.messages.append({"role": "assistant", "content": reply})
        return reply

    def close(self) -> None:
        self.openai.close()


class AsDocumented(Careful):
    """The usage example of LoRAX, word for word: the user message is added before the request."""

    def say(self, text: str) -> str | None:
        self.messages.append({"role": "user", "content": text})
        response = self.openai.chat.completions.create(model=self.model, messages=self.messages)
        assistant_reply = response.choices[0].message.content
        self.messages.append({"role": "assistant", "content": assistant_reply})
        return assistant_reply


def outcomes(client: type[Careful]) -> dict[str, Outcome]:
    result = run_client(client, Policy(), search=Search(examples=3))
    return {case.id: case.outcome for case in result.cases if case.outcome is not Outcome.UNSUPPORTED}


def test_careful_list_on_the_sdk_keeps_every_rule() -> None:
    assert set(outcomes(Careful).values()) == {Outcome.PASSED}


def test_documented_list_on_the_sdk_keeps_the_question_of_a_failed_round() -> None:
    broken = {id_ for id_, outcome in outcomes(AsDocumented).items() if outcome is Outcome.FAILED}
    assert broken == {"record.empty-choices"}
