"""Re-does the sum of an answer from its body alone: python tests/recheck.py < body.json"""

import json
import sys
from math import ceil
from typing import Any


def recheck(body: dict[str, Any]) -> None:
    """Raise AssertionError where the body's parts do not follow from its own factors."""
    score, ratio, people = body["score"], body["ratio"], body["headcount"]
    roles, counted = ("data_scientist", "ml_engineer"), [f for f in score["factors"] if f["counted"]]
    for role in roles:
        assert score[role] == sum(f["points"] for f in counted if f["role"] == role), f"the points of {role}"
    for group in {(f["theme"], f["role"], f["points"] > 0) for f in score["factors"] if f["points"]}:
        same = [f for f in score["factors"] if f["points"] and (f["theme"], f["role"], f["points"] > 0) == group]
        kept = [abs(f["points"]) for f in same if f["counted"]]
        assert kept == [max(abs(f["points"]) for f in same)], f"one strongest counts, not {kept} in {group}"

    raw, bound, double = score["data_scientist"] - score["ml_engineer"], score["bound"], score["points_to_double"]
    net = max(-bound, min(bound, raw))
    assert (raw, net, net != raw) == (score["raw"], score["net"], score["capped"]), "the net"
    assert round(2 ** (net / double), 3) == ratio["value"], "the ratio"

    step = people["increment"]
    total = round(people["total"] / step)
    seats = [ceil(max((r["minimum"].get(role, 0) for r in body["requirements"]), default=0) / step) for role in roles]
    seats = seats if sum(seats) <= total else [0, 0]
    while sum(seats) < total:  # Sainte-Laguë: the next seat to the larger quotient, compared in whole numbers
        ours, theirs = ((2 * seat + 1) ** double * 2 ** max(0, by) for seat, by in zip(seats, (-net, net), strict=True))
        seats[0 if ours < theirs or (ours == theirs and net >= 0) else 1] += 1
    assert [seat * step for seat in seats] == [people[role] for role in roles], "the headcount"


if __name__ == "__main__":
    recheck(json.load(sys.stdin))
    print("The sum holds.")
