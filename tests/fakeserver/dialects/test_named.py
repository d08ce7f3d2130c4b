"""A dialect is asked for by name: on the house, by header, by path; a name that there is not is refused."""

import json

import httpx2
import openai
import pytest

from chatfake import Fake
from chatfake.dialects import DIALECTS, UnknownDialectError
from tests.fakeserver.asking import chat, get, post


def completion_id(fake: Fake, path: str = "/v1/chat/completions", header: str = "") -> str:
    headers = (("x-fake-dialect", header),) if header else ()
    answer = post(fake, chat(), path, headers)
    assert answer.status == 200, answer.body
    return str(json.loads(answer.body)["id"])


def test_path_header_and_house_choose_the_same_dialect() -> None:
    by_house = completion_id(Fake(dialect="vllm"))
    assert completion_id(Fake(), header="vllm") == by_house
    assert completion_id(Fake(), "/dialect/vllm/v1/chat/completions") == by_house
    assert completion_id(Fake()) != by_house


def test_path_speaks_before_the_header_and_the_header_before_the_house() -> None:
    fake = Fake(dialect="vllm")
    assert completion_id(fake, header="openai") == completion_id(Fake())
    assert completion_id(fake, "/dialect/openai/v1/chat/completions", "vllm") == completion_id(Fake())


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/models", "/v1/nowhere", "/_fake/requests"])
def test_unknown_name_is_refused_with_the_near_ones(path: str) -> None:
    for answer in (
        get(Fake(), f"/dialect/vlm{path}"),
        post(Fake(), chat(), path, (("x-fake-dialect", "vlm"),)),
    ):
        assert answer.status == 404
        error = json.loads(answer.body)["error"]
        assert error["code"] == "dialect_not_found"
        assert error["message"].startswith("no dialect is called 'vlm'; did you mean vllm")


def test_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(
        UnknownDialectError, match=r"no dialect is called 'klingon'; there are .*openai"
    ) as told:
        Fake(dialect="klingon")
    assert all(name in str(told.value) for name in DIALECTS)


def test_unknown_name_is_refused_in_the_dialect_of_the_house() -> None:
    answer = get(Fake(dialect="vllm"), "/dialect/klingon/v1/models")
    assert json.loads(answer.body)["error"]["code"] == 404


def test_azure_client_finds_its_deployment() -> None:
    fake = Fake()
    client = openai.AzureOpenAI(
        azure_endpoint="http://fake",
        api_version="2024-10-21",
        api_key="k",
        http_client=httpx2.Client(transport=fake.httpx2_transport()),
    )
    said = client.chat.completions.create(model="my-deployment", messages=[{"role": "user", "content": "hi"}])
    assert said.model == "my-deployment"
    assert "prompt_filter_results" in said.to_dict()
    chunks = list(
        client.chat.completions.create(
            model="my-deployment", messages=[{"role": "user", "content": "hi"}], stream=True
        )
    )
    assert chunks[0].choices == []


def test_deployment_speaks_where_no_model_is_named() -> None:
    body = {"messages": [{"role": "user", "content": "hi"}]}
    fake = Fake(models=("tiny",))
    for name, status in (("tiny", 200), ("huge", 404)):
        path = f"/openai/deployments/{name}/chat/completions"
        answer = post(fake, body, path)
        assert answer.status == status, answer.body
        assert ("DeploymentNotFound" in answer.body.decode()) == (status == 404)
        assert post(fake, body, f"/dialect/openai{path}").status == status
    assert post(fake, chat(), "/openai/v1/chat/completions").status == 200
