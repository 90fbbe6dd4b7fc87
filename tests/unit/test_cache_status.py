"""`Cache-Status` as RFC 9211 writes it."""

import pytest

from service.cache import Outcome, Step, cache_status

CASES = {
    "process; hit": [Step("process", Outcome.HIT)],
    "redis; hit, process; fwd=miss; stored": [Step("process", Outcome.MISS, True), Step("redis", Outcome.HIT)],
    "redis; fwd=miss; stored, process; fwd=miss; stored": [
        Step("process", Outcome.MISS, True),
        Step("redis", Outcome.MISS, True),
    ],
    "redis; fwd=miss": [Step("redis", Outcome.MISS)],
    "redis; fwd=bypass; detail=unavailable": [Step("redis", Outcome.UNAVAILABLE)],
    "redis; fwd=request; stored": [Step("redis", Outcome.REFRESHED, True)],
    "process; fwd=miss; collapsed": [Step("process", Outcome.COLLAPSED)],
    "redis; fwd=miss; detail=corrupt; stored": [Step("redis", Outcome.CORRUPT, True)],
}


@pytest.mark.parametrize(("header", "trail"), CASES.items(), ids=CASES.keys())
def test_a_trail_is_told_from_the_origin_to_the_client(header: str, trail: list[Step]) -> None:
    """The tier closest to the origin comes first; parameters are the registered ones."""
    assert cache_status(tuple(trail)) == header
