"""Two rulebooks compared over every cell: nothing invented, nothing missed, and what is responsible named."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.model import ALWAYS, Consideration, Is, Rule, Rulebook, Within
from rules.proof.baseline import joint_space
from rules.proof.diff import diff
from rules.proof.where import MOST
from rules.proof.witness import Json
from rules.ratio import RatioTable
from schemas.project import load_project
from tests import reference, small, strategies, walk
from tests.article import article

BUSY = Within("deployment.peak_rps", 1000)
STRONG, MODERATE = {"ml_engineer": "strong"}, {"ml_engineer": "moderate"}


def cells(report: Json) -> dict[str, int]:
    return {kind: int(share["cells"]) for kind, share in report["changed"].items()}


def changed(book: Rulebook, name: str, **to: object) -> Rulebook:
    """The rulebook with one rule changed."""
    return replace(book, rules=tuple(replace(rule, **to) if rule.id == name else rule for rule in book.rules))


def test_a_rulebook_does_not_differ_from_itself():
    """No cell, no edit, no region."""
    report = diff(article(), article())
    assert report["same"]
    assert cells(report) == {"ratio": 0, "lean": 0, "required": 0, "any": 0}
    assert (report["points"], report["leans"], report["where"], report["edits"], report["witnesses"]) == (
        {},
        [],
        [],
        [],
        {},
    )


def test_one_strength_changes_the_cells_that_its_themes_fields_say():
    """In a rulebook of one theme, exactly the cells where the rule counts and nothing stronger does."""
    rules = [
        small.rule("busy", BUSY, MODERATE),
        small.rule("live", Is("deployment.pattern", ("real_time",)), STRONG),
        small.requiring("both", {"data_scientist": 1}, Is("industry", ("finance",))),
    ]
    old = small.rulebook(rules)
    new = changed(old, "busy", raises={"ml_engineer": "slight"})
    report, space = diff(old, new), joint_space(old, new)
    walked = sum(n for (before, after), n in walk.counted(space, old, new).items() if before.raw != after.raw)
    assert cells(report) == {"ratio": walked, "lean": 0, "required": 0, "any": walked}
    assert report["points"] == {"+1": report["changed"]["ratio"]}
    assert report["where"][0]["when"] == {
        "deployment.pattern": ["none", "batch", "streaming", "edge", "undecided"],
        "deployment.peak_rps": [{"min": 1000, "max": None}],
    }
    assert report["where"][0]["changed"] == {"cells": str(walked), "pct": 100.0}


@settings(max_examples=30)
@given(strategies.rulebooks(), strategies.rulebooks())
def test_changes_are_those_of_walking_every_cell(old, new):
    """Ratios, leans, minimums and the size of changes, over cells that divide the fields for both."""
    old, new = walk.small_enough(old, new)
    tables = RatioTable(old.scale), RatioTable(new.scale)
    walked: Counter[str] = Counter()
    points: Counter[int] = Counter()
    for said, n in walk.counted(joint_space(old, new), old, new).items():
        before, after = (table.of(one.raw) for table, one in zip(tables, said, strict=True))
        kinds = {
            "ratio": (before.text, before.value) != (after.text, after.value),
            "lean": before.lean != after.lean,
            "required": said[0].minimums != said[1].minimums,
        }
        walked.update({kind: n for kind, differs in kinds.items() if differs})
        walked["any"] += n if any(kinds.values()) else 0
        points[after.net - before.net] += n
    report = diff(old, new)
    assert cells(report) == {kind: walked[kind] for kind in ("ratio", "lean", "required", "any")}
    assert {int(step): int(share["cells"]) for step, share in report["points"].items()} == {
        step: n for step, n in points.items() if step and n
    }
    assert sum(int(move["cells"]) for move in report["leans"]) == walked["lean"]


@settings(max_examples=20)
@given(strategies.rulebooks(), st.data())
def test_regions_cover_what_changes(book, data):
    """As long as there are few of them, every changed cell lies in a region, each counted where it is first covered."""
    dropped = data.draw(st.lists(st.sampled_from(book.rules), max_size=2, unique_by=lambda rule: rule.id))
    new = replace(book, rules=tuple(rule for rule in book.rules if rule not in dropped))
    report = diff(book, new)
    covered = sum(int(region["first_covers"]) for region in report["where"])
    assert covered == cells(report)["any"] or len(report["where"]) == MOST
    assert all(int(region["changed"]["cells"]) >= int(region["first_covers"]) for region in report["where"])


@settings(max_examples=20)
@given(strategies.rulebooks(), strategies.rulebooks())
def test_witnesses_show_their_change_by_the_slow_reading(old, new):
    """A witness is a project on which the two rulebooks say what the report says they do."""
    report = diff(old, new)
    shown = [*report["witnesses"].values(), *(move["witness"] for move in report["leans"])]
    for witness in shown:
        answers = load_project(witness["project"]).project.answers
        for side, book in (("old", old), ("new", new)):
            assert reference.raw(book, answers) == witness[side]["raw"]
            assert reference.minimums(book, answers) == witness[side]["required"]
    for move in report["leans"]:
        assert (move["witness"]["old"]["lean"], move["witness"]["new"]["lean"]) == (move["from"], move["to"])


def test_each_edit_says_what_it_alone_changes():
    """Of three edits one moves points, one adds a minimum and one only words."""
    old = small.rulebook([small.rule("busy", BUSY, MODERATE), small.rule("insight", Is("goal", ("insights",)), STRONG)])
    new = changed(changed(old, "busy", raises=STRONG), "insight", because="Other words.")
    new = replace(new, rules=(*new.rules, replace(small.requiring("two", {"ml_engineer": 2}), line=9)))
    edits = {edit["subject"]: edit for edit in diff(old, new)["edits"]}
    assert {name: (edit["edit"], edit["parts"], edit["only_words"]) for name, edit in edits.items()} == {
        "busy": ("changed", ["raises"], False),
        "insight": ("changed", ["because"], True),
        "two": ("added", [], False),
    }
    assert edits["two"]["alone"]["pct"] == 100.0
    assert edits["two"]["line"] == 9
    assert edits["insight"]["alone"]["cells"] == "0"
    assert 0 < edits["busy"]["alone"]["pct"] <= edits["busy"]["holds"]["pct"] < 100


def test_new_words_alone_leave_every_answer_the_same():
    """Titles and reasons are quoted, and decide nothing."""
    old = small.rulebook([small.rule("busy", BUSY, MODERATE)])
    assert diff(old, changed(old, "busy", title="Busier"))["same"]


def test_a_consideration_that_goes_is_a_difference_though_no_ratio_moves():
    """An answer says less without it."""
    note = Rule("note", "Note", "It is.", ("C1",), ALWAYS, considers=(Consideration("both", "Talk."),))
    old = small.rulebook([note])
    report = diff(old, replace(old, rules=()))
    assert not report["same"]
    assert cells(report)["any"] == 0
    assert report["edits"][0]["holds"]["pct"] == 100.0


def test_another_scale_is_an_edit_like_any():
    """Fewer points to double the ratio move every ratio but 1:1 and those at the bound."""
    old = small.rulebook([small.rule("busy", BUSY, MODERATE)])
    new = replace(old, scale=replace(old.scale, points_to_double=2))
    report = diff(old, new)
    assert [edit["subject"] for edit in report["edits"]] == ["scale"]
    assert report["edits"][0]["alone"] == report["changed"]["any"]
    assert report["points"] == {}


def test_a_rule_in_a_theme_of_its_own_can_be_compared():
    """A theme that only the new rulebook has is one where the old gives no points."""
    old = small.rulebook([small.rule("busy", BUSY, MODERATE)], seasons={"one": ("deployment",)})
    new = small.rulebook([*old.rules, small.rule("new", Is("goal", ("insights",)), STRONG, theme="two")])
    report = diff(old, replace(new, themes={**old.themes, "two": new.themes["two"]}))
    assert {edit["subject"] for edit in report["edits"]} == {"new", "themes"}
    assert cells(report)["ratio"] > 0
