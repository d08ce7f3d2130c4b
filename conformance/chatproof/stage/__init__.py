"""Where plays are performed: an endpoint that answers as it is told, and remembers every request."""

from chatproof.stage.fake_stage import FakeStage
from chatproof.stage.stage import Script, Stage, Visit, Words

__all__ = ["FakeStage", "Script", "Stage", "Visit", "Words"]
