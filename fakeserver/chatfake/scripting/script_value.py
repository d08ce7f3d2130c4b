"""What a script says, read from a file or not, before it is applied to a key's session."""

from dataclasses import dataclass, field

from chatfake.scripting.key_session import KeySession
from chatfake.scripting.plan import Plan
from chatfake.scripting.script import Dry, Script

__all__ = ["Scripted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """What a file says for one key, or for requests without one."""

    script: Script = field(default_factory=Script)
    answers: tuple[Plan, ...] = ()
    dry: Dry = Dry.DEFAULT

    def apply_to(self, session: KeySession) -> None:
        """Adds it to a session, behind what is there."""
        session.extend(self.script)
        session.put(self.answers)
        session.dry = self.dry
