"""What rules/README.md teaches is true: its rules load, its sum is the engine's, and no key is left untold."""

import re
from pathlib import Path

from rules.project import Project, Team
from schemas.rule_section import RuleBase
from schemas.rulebook import load_rulebook
from tests.article import PATH, article, engine

README = Path(PATH).with_name("README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def test_what_it_shows_is_part_of_a_rulebook() -> None:
    """Put in the article's rulebook, its rules and its expectation load."""
    *rules, expectation = EXAMPLES
    text = PATH.read_text(encoding="utf-8")
    for section, entries in (("rules", rules), ("expect", [expectation])):
        text = text.replace(f"\n{section}:\n", f"\n{section}:\n{''.join(entries)}")
    read = load_rulebook(text, filename="readme.yaml")

    assert [rule.id for rule in read.rules[:2]] == ["streaming-from-devices", "audited-service"]
    assert len(read.expectations) == len(article().expectations) + 1


def test_every_key_of_a_rule_is_shown() -> None:
    """What an author can write, the page tells."""
    shown = set(re.findall(r"^ +(?:- )?([a-z]+):", "\n".join(EXAMPLES), re.MULTILINE))

    assert {*RuleBase._declared_fields, "theme", "raises", "lowers", "claims"} <= shown
    assert {"any", "all", "not"} <= shown


def test_its_worked_sum_is_the_engines() -> None:
    """Factor by factor, down to the people."""
    answers = {
        "industry": "retail",
        "phase": "modeling",
        "deployment.pattern": "real_time",
        "model.origin": "fine_tuned",
        "data.quality": "poor",
    }
    body = engine().recommend(Project(answers, Team(8)))
    told = re.findall(r"^\| `(.*)` \| (.*) \| (.*) \| (\d+) \|$", README, re.MULTILINE)
    factors = body["score"]["factors"]

    assert told == [(one["rule"], one["theme"], one["role"], str(one["points"])) for one in factors if one["counted"]]
    assert (body["score"]["net"], body["ratio"]["value"], body["ratio"]["text"]) == (2, 1.414, "7:5")
    assert (body["headcount"]["data_scientist"], body["headcount"]["ml_engineer"]) == (5, 3)
