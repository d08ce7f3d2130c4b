"""One known way in which servers differ from OpenAI."""

from dataclasses import dataclass

from chatschema.core.kind import Kind

__all__ = ["RECORDED", "Deviation"]

#: A source: exchanges recorded with the vendor have it. `docs/deviations.md` says how many of how many.
RECORDED = "recorded exchanges"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """What somebody does differently, or adds. It names a likely origin and never changes a verdict."""

    id: str  #: stable, `azure.preamble`; the first part is the vendor, or the subject where there are several
    vendors: tuple[str, ...]  #: who does it, the likeliest first
    kinds: tuple[Kind, ...]
    #: What it looks like in a judgement: `rule path` for a violation, the path alone for a member that the contract
    #: does not know. `[*]` is any index, and a stream's events are left out: `$[3].choices[0]` is `$.choices[*]`.
    signs: tuple[str, ...]
    sentence: str  #: one plain sentence: who does what
    #: A regular expression that `Violation.seen` must hold, where the sign alone does not tell.
    seen: str = ""
    says: str = ""  #: the same for `Violation.message`: what a case says may rule a cause out
    breaks: str = ""  #: what breaks for clients, and which of them are known to have
    sources: tuple[str, ...]  #: addresses, files of a server's source, or `RECORDED`
