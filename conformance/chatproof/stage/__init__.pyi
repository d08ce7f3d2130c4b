from .fake_stage import FakeStage as FakeStage
from .relay import Relay as Relay
from .stage import Script as Script
from .stage import Stage as Stage
from .stage import Visit as Visit
from .stage import Words as Words
from .upstream import Upstream as Upstream
