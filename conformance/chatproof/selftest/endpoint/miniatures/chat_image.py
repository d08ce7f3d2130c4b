"""Miniatures that are broken in images."""

from chatfake import Request
from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.wrapping import CRASH, Object, as_html, requests, where


def _shows(request: Request) -> bool:
    return b'"image_url"' in request.body


def _without_image(body: Object) -> None:
    for message in body["messages"]:
        parts: list[Object] | str | None = message.get("content")
        if isinstance(parts, list):
            message["content"] = [part for part in parts if "image_url" not in part]


broken("image-dropped", "chat.image", requests(_without_image))
broken("image-500", "chat.image", where(_shows, CRASH))
broken("image-refused-with-a-page", "chat.errors.shape", where(_shows, as_html(415)))
