"""The cache as the service sees it: one fetch over all tiers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

from service.cache.flight import SingleFlight
from service.cache.status import Outcome, Step, Trail, cache_status
from service.cache.tier import Corrupt, Health, Tier, Unavailable


class Fetched(NamedTuple):
    """A value, and what each tier did on the way to it, nearest first."""

    value: bytes
    trail: Trail

    @property
    def cache_status(self) -> str:
        """The `Cache-Status` header that tells the trail."""
        return cache_status(self.trail)


class TierReport(Health):
    """A tier's health with its look-ups so far; a corrupt or collapsed look-up is a miss too."""

    hits: int
    misses: int
    corrupt: int


class TieredCache:
    """Looks in each tier, nearest first, computes what none has, and never fails for a tier's sake."""

    def __init__(self, tiers: Sequence[Tier]) -> None:
        self._tiers = tuple(tiers)
        self._flights: SingleFlight[Fetched] = SingleFlight()
        self._trails: Counter[Trail] = Counter()
        self._counting = Lock()

    def fetch(self, key: str, compute: Callable[[], bytes], *, refresh: bool = False) -> Fetched:
        """Return the value for the key, from the nearest tier that has it or else computed and stored.

        `refresh` computes and stores without looking. Raises only what `compute` raises;
        `compute` must not fetch the same key.
        """
        if refresh:
            fetched = self._fill(key, compute(), [Step(t.name, Outcome.REFRESHED) for t in self._tiers])
        else:
            fetched = self._near(key) or self._far(key, compute)
        with self._counting:
            self._trails[fetched.trail] += 1
        return fetched

    def health(self) -> Mapping[str, TierReport]:
        """Ask every tier whether it can be reached now; by the tier's name."""
        outcomes = self.outcomes()
        return {tier.name: _report(tier, outcomes) for tier in self._tiers}

    @property
    def names(self) -> list[str]:
        """The tiers' names, nearest first."""
        return [tier.name for tier in self._tiers]

    def breakers(self) -> dict[str, str]:
        """The state of each circuit breaker, by its tier's name; nothing is asked of the tier."""
        return {tier.name: tier.breaker for tier in self._tiers if tier.breaker is not None}

    def outcomes(self) -> Counter[tuple[str, Outcome]]:
        """Count what each tier did, by its name and the outcome, since the start."""
        with self._counting:
            trails = self._trails.copy()
        counts: Counter[tuple[str, Outcome]] = Counter()
        for trail, times in trails.items():
            for step in trail:
                counts[step.tier, step.outcome] += times
        return counts

    def _near(self, key: str) -> Fetched | None:
        value, step = _look(self._tiers[0], key)
        return None if value is None else Fetched(value, (step,))

    def _far(self, key: str, compute: Callable[[], bytes]) -> Fetched:
        fetched, led = self._flights.run(key, lambda: self._walk(key, compute))
        return fetched if led else Fetched(fetched.value, (Step(self._tiers[0].name, Outcome.COLLAPSED),))

    def _walk(self, key: str, compute: Callable[[], bytes]) -> Fetched:
        # Begins with the nearest tier again: another flight may have landed since it was asked.
        steps = []
        for tier in self._tiers:
            value, step = _look(tier, key)
            steps.append(step)
            if value is not None:
                break
        return self._fill(key, compute() if value is None else value, steps)

    def _fill(self, key: str, value: bytes, steps: Sequence[Step]) -> Fetched:
        # Tiers beyond the one that had it were not asked: there may be fewer steps than tiers.
        asked = zip(self._tiers, steps, strict=False)
        return Fetched(value, tuple(_offer(tier, step, key, value) for tier, step in asked))


def _look(tier: Tier, key: str) -> tuple[bytes | None, Step]:
    try:
        value = tier.get(key)
    except Unavailable:
        return None, Step(tier.name, Outcome.UNAVAILABLE)
    except Corrupt:
        return None, Step(tier.name, Outcome.CORRUPT)
    return value, Step(tier.name, Outcome.MISS if value is None else Outcome.HIT)


def _offer(tier: Tier, step: Step, key: str, value: bytes) -> Step:
    """Store the value in a tier that answered and lacked it."""
    if step.outcome in (Outcome.HIT, Outcome.UNAVAILABLE):
        return step
    try:
        tier.put(key, value)
    except Unavailable:
        return step
    return step._replace(stored=True)


def _report(tier: Tier, outcomes: Mapping[tuple[str, Outcome], int]) -> TierReport:
    count = {outcome: outcomes[tier.name, outcome] for outcome in Outcome}
    return {
        **tier.health(),
        "hits": count[Outcome.HIT],
        "misses": count[Outcome.MISS] + count[Outcome.CORRUPT] + count[Outcome.COLLAPSED],
        "corrupt": count[Outcome.CORRUPT],
    }
