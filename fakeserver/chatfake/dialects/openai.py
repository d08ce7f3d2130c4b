"""OpenAI itself."""

from chatfake.dialects.dialect import Dialect, register

OPENAI = register(
    Dialect(name="openai", source="openai/openai-openapi f85dbe2 and recorded answers of api.openai.com")
)
