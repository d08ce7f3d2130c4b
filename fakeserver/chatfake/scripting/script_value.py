"""What a script says, read from a file or not, before it lies on a desk."""

from dataclasses import dataclass, field

from chatfake.scripting.key_session import Desk
from chatfake.scripting.plan import Plan
from chatfake.scripting.script import Dry, Script

__all__ = ["Scripted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """What a file says for one key, or for requests without one."""

    script: Script = field(default_factory=Script)
    answers: tuple[Plan, ...] = ()
    dry: Dry = Dry.DEFAULT

    def lay_on(self, desk: Desk) -> None:
        """Puts it onto a desk, behind what is there."""
        desk.extend(self.script)
        desk.put(self.answers)
        desk.dry = self.dry
