"""LoRAX: its own routes, and its OpenAI routes as they really are.

Everything here is read from the router's source (predibase/lorax, commit a7394ba3). A must is what all releases do;
what only later ones send is a should.
"""

from chatschema.core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(__name__)
