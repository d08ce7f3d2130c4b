"""The manners of servers, by name. A new one is a file here and its recorded exchange in the tests."""

from collections.abc import Mapping
from types import MappingProxyType

from chatfake.dialects.dialect import Dialect

__all__ = ["DIALECTS", "OPENAI", "Dialect"]

OPENAI = Dialect(name="openai", source="openai/openai-openapi f85dbe2 and recorded answers of api.openai.com")

#: Every dialect by name.
DIALECTS: Mapping[str, Dialect] = MappingProxyType({dialect.name: dialect for dialect in (OPENAI,)})
