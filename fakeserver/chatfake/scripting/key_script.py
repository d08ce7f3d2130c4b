"""What a script file says for one key, before it is applied to the key's session."""

from dataclasses import dataclass, field

from chatfake.scripting.key_session import KeySession
from chatfake.scripting.plan import Plan
from chatfake.scripting.script import Dry, Script


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyScript:
    """Rules, turns and a queue for one key, or for requests without one."""

    script: Script = field(default_factory=Script)
    answers: tuple[Plan, ...] = ()
    when_dry: Dry = Dry.DEFAULT

    def apply_to(self, session: KeySession) -> None:
        """Adds it to a session, behind what is there."""
        session.extend(self.script)
        session.enqueue(self.answers)
        session.when_dry = self.when_dry
