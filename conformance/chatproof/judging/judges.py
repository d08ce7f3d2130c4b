"""The judges of a run: LoRAX's own routes are elsewhere than those of OpenAI's protocol, and asked by another probe."""

from collections.abc import Mapping

from chatproof.cases import Case, Endpoint, profile_of
from chatproof.judging.backend import Backend
from chatproof.judging.everywhere import Ledger
from chatproof.judging.judge import Judge
from chatproof.judging.opening import Opened, Target
from chatproof.probe import Access, Budget, Probe, RunEnd
from chatproof.report import CaseResult

__all__ = ["Judges", "Probes", "judges_of"]


class Judges:
    """A judge for each profile of a run."""

    def __init__(self, judges: Mapping[str, Judge]) -> None:
        self._judges = dict(judges)

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint of the first profile."""
        return next(iter(self._judges.values())).endpoint

    def is_for(self, id_: str) -> bool:
        """Is the case of that id one of this run's profiles?"""
        return profile_of(id_) in self._judges

    def judge(self, case: Case) -> CaseResult:
        """The result of one case as this run takes it, held against what its profile is about."""
        return self._judges[profile_of(case.id)].judge(case)

    def raw(self, case: Case) -> CaseResult:
        """The result of one case before the answers of later ones, and what is known to be broken, are looked at."""
        return self._judges[profile_of(case.id)].raw(case)


class Probes:
    """All probes of a run as one: they share a budget, and the first that ends ends it."""

    def __init__(self, *probes: Probe) -> None:
        self._probes = tuple(dict.fromkeys(probes))

    @property
    def budget(self) -> Budget:
        """What they spend together."""
        return self._probes[0].budget

    @property
    def ended(self) -> RunEnd | None:
        """Why the run ended before its end."""
        return next((probe.ended for probe in self._probes if probe.ended), None)

    def stop(self) -> None:
        """Let go of the endpoint at once."""
        for probe in self._probes:
            probe.stop()

    def close(self) -> None:
        """Give the connections back."""
        for probe in self._probes:
            probe.close()


def judges_of(
    opened: Opened,
    target: Target,
    ledger: Ledger,
    *,
    access: Access | None = None,
    seed: int = 0,
    backend: Backend | None = None,
) -> tuple[Judges, Probes]:
    """The judges of all that was opened, and the probes with which they ask. `access` is how that is told of."""
    endpoints = {name: opened.endpoint_of(name) for name in opened.profiles}
    for endpoint in endpoints.values():
        endpoint.seed = seed
    judges = {
        endpoint: Judge(
            endpoint,
            api_key=target.sent_key,
            key_variable=target.key_variable,
            access=access or target.access,
            profile="lorax" if name == "lorax" else "openai",
            ledger=ledger,
            backend=backend,
        )
        for name, endpoint in endpoints.items()
    }
    probes = Probes(*(endpoint.probe for endpoint in endpoints.values()))
    return Judges({name: judges[endpoint] for name, endpoint in endpoints.items()}), probes
