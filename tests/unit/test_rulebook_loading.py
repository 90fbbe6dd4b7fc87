"""What a rulebook may say, and how its author is told what is wrong: file, line, fault, nearest right name."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rules.model import ALWAYS, All, Any, Basis, Consideration, Is, Not, ProfileEntry, Within
from rules.vocabulary import PHASES
from schemas import strict_yaml
from schemas.rulebook import RulebookError, load_rulebook

ARTICLE = Path(__file__).parents[2] / "rules" / "article.yaml"

HEAD = """\
name: small
version: 1.0.0
title: A small rulebook
source: "A source"
scale:
  points_to_double: 4
  strengths: {slight: 1, moderate: 2, strong: 3}
  bound: 8
  balanced: 2
  basis: {points_to_double: judgement, strengths: {kind: published, source: "A manual"}}
phase_effort:
  business_and_data_understanding: 15
  data_preparation: 25
  modeling: 20
  evaluation: 10
  deployment: 15
  monitoring_and_maintenance: 15
sizing:
  - {when: {model.status: none}, size: 2.5, because: Little is known., basis: article}
  - {size: 4, because: A team that can hold both roles.}
themes:
  - {id: phase, title: Phase, phases: all}
  - {id: operations, title: Operations, phases: [deployment, monitoring_and_maintenance]}
claims:
  - {id: A1, section: "Start", paragraph: 1, role: both, says: "They differ."}
  - {id: A18, section: "Roles", paragraph: 2, role: ml_engineer, says: "They deploy."}
rules:
"""
RULE = """\
  - id: real-time-serving
    theme: operations
    title: Answers are served while someone waits
    when: {deployment.pattern: [real_time, streaming]}
    raises: {ml_engineer: strong}
    because: It is engineers' work.
    claims: [A18, A1]
"""
FIRST = HEAD.count("\n") + 1  # the line of a rule put after the head


def load(text: str):
    """Return the rulebook of a text."""
    return load_rulebook(text, filename="small.yaml")


def rule(when: str = "{industry: finance}", **more: str):
    """Return the one rule of a rulebook whose rule has this condition and these lines."""
    lines = "".join(f"    {key}: {value}\n" for key, value in more.items())
    return load(HEAD + RULE.replace("{deployment.pattern: [real_time, streaming]}", when) + lines).rules[0]


def faults(text: str) -> list[tuple[int, str, str | None]]:
    """Return line, code and suggestion of every fault of a text."""
    with pytest.raises(RulebookError) as refused:
        load(text)
    return [(found.line, found.fault.code, found.fault.did_you_mean) for found in refused.value.faults]


def test_a_small_rulebook_is_read_whole():
    """Every section lands in the model, in the order of the file."""
    book = load(HEAD + RULE)
    assert (book.name, book.version, book.source) == ("small", "1.0.0", "A source")
    assert list(book.scale.strengths.items()) == [("slight", 1), ("moderate", 2), ("strong", 3)]
    assert book.scale.basis["strengths"] == Basis("published", "A manual")
    assert sum(book.phase_effort.values()) == 100
    assert [row.size for row in book.sizing] == [2.5, 4]
    assert (book.sizing[0].basis.kind, book.sizing[1].when) == ("article", ALWAYS)
    assert book.themes["phase"].phases == PHASES
    assert book.claims["A18"].role == "ml_engineer"
    (only,) = book.rules
    assert only.when == Is("deployment.pattern", ("real_time", "streaming"))
    assert only.raises == {"ml_engineer": "strong"}
    assert (only.claims, only.basis.kind, only.line) == (("A18", "A1"), "judgement", FIRST)


def test_the_digest_is_that_of_the_file():
    """Anyone can check which rulebook decided, with a common tool."""
    text = HEAD + RULE
    assert load(text).digest == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    assert load(text + "# a remark\n").digest != load(text).digest


def test_the_articles_rulebook_loads():
    """The rulebook that ships is a good one."""
    book = load_rulebook(ARTICLE.read_text(encoding="utf-8"), filename=ARTICLE.name)
    assert {f"A{number}" for number in range(1, 46)} <= set(book.claims)


def test_a_rule_may_carry_requirements_profiles_considerations_and_a_warning():
    """What a rule does beside points has its own place in the model."""
    found = rule(
        requires="{ml_engineer: 1, data_scientist: 0.25}",
        profiles="{ml_engineer: {skills: [Serving, Testing], education: [A degree]}}",
        considers='[{owner: both, note: "Mind the law.", as_of: 2026-11-23}, {owner: ml_engineer, note: Audit it.}]',
        warns='"These contradict each other."',
    )
    assert found.requires == {"ml_engineer": 1, "data_scientist": 0.25}
    assert found.profiles == (
        ProfileEntry("ml_engineer", "skills", "Serving"),
        ProfileEntry("ml_engineer", "skills", "Testing"),
        ProfileEntry("ml_engineer", "education", "A degree"),
    )
    assert found.considers == (
        Consideration("both", "Mind the law.", "2026-11-23"),
        Consideration("ml_engineer", "Audit it."),
    )
    assert found.warns == "These contradict each other."


def test_a_rule_without_condition_always_holds():
    """Leaving `when` out is saying always."""
    text = HEAD + RULE.replace("    when: {deployment.pattern: [real_time, streaming]}\n", "")
    assert load(text).rules[0].when == ALWAYS


@pytest.mark.parametrize(
    ("when", "condition"),
    [
        ("{industry: finance}", Is("industry", ("finance",))),
        ("{mlops_level: [0, 1]}", Is("mlops_level", (0, 1))),
        ("{governance.regulated: true}", Is("governance.regulated", (True,))),
        ("{languages: [r, julia]}", Is("languages", ("r", "julia"))),
        ("{deployment.peak_rps: {min: 500}}", Within("deployment.peak_rps", 500, None)),
        ("{deployment.peak_rps: {min: 10, max: 99.5}}", Within("deployment.peak_rps", 10, 99.5)),
        ("{not: {phase: modeling}}", Not(Is("phase", ("modeling",)))),
        (
            "{industry: retail, phase: modeling}",
            All((Is("industry", ("retail",)), Is("phase", ("modeling",)))),
        ),
        (
            "{any: [{industry: retail}, {all: [{phase: modeling}, {mlops_level: 2}]}]}",
            Any((Is("industry", ("retail",)), All((Is("phase", ("modeling",)), Is("mlops_level", (2,)))))),
        ),
        (
            "{industry: retail, any: [{phase: modeling}]}",
            All((Is("industry", ("retail",)), Any((Is("phase", ("modeling",)),)))),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_conditions_compose(when, condition):
    """A condition is data: fields with values or bounds, put together with any, all and not."""
    assert rule(when).when == condition


BAD_WHEN = [
    ("{}", "wrong_type", None, "an empty condition"),
    ("", "required", None, "a condition left empty"),
    ("finance", "wrong_type", None, "a word"),
    ("{industri: finance}", "unknown_field", "industry", "a misspelt field"),
    ("{pattern: batch}", "unknown_field", "deployment.pattern", "a field without its group"),
    ("{deployment.latency: {max: 9}}", "unknown_field", "deployment.latency_ms_p99", "a field cut short"),
    ("{team.size: {min: 2}}", "unknown_field", None, "what is no question of the vocabulary"),
    ("{industry: finence}", "invalid_choice", "finance", "a misspelt value"),
    ("{industry: fintech}", "invalid_choice", "finance", "an alias"),
    ("{industry: Finance}", "invalid_choice", "finance", "another case"),
    ("{industry: []}", "too_short", None, "no value"),
    ("{industry: [finance, finance]}", "duplicate", None, "a value twice"),
    ("{industry: {min: 1}}", "wrong_type", None, "bounds for a word"),
    ("{governance.regulated: yes}", "wrong_type", None, "yes"),
    ("{governance.regulated: 1}", "wrong_type", None, "a number for a flag"),
    ("{mlops_level: true}", "wrong_type", None, "a flag for a number"),
    ("{mlops_level: {min: 1}}", "wrong_type", None, "bounds for a level"),
    ("{deployment.peak_rps: 500}", "wrong_type", None, "a number without bounds"),
    ("{deployment.peak_rps: [500]}", "wrong_type", None, "a list for bounds"),
    ("{deployment.peak_rps: {}}", "wrong_type", None, "no bounds"),
    ("{deployment.peak_rps: {mim: 5}}", "unknown_field", None, "a misspelt bound"),
    ("{deployment.peak_rps: {min: 5, max: 5}}", "out_of_range", None, "bounds that nothing is within"),
    ("{deployment.peak_rps: {min: -1}}", "out_of_range", None, "a bound that no answer reaches"),
    ("{deployment.peak_rps: {min: 1:4}}", "wrong_type", None, "a ratio, which YAML 1.1 reads as 64"),
    ("{deployment.peak_rps: {min: 0x1F}}", "wrong_type", None, "a hexadecimal number"),
    ("{deployment.peak_rps: {min: 1_000}}", "wrong_type", None, "a number with an underscore"),
    ("{deployment.users: {min: 1.5}}", "not_an_integer", None, "half a user"),
    ("{any: {industry: finance}}", "wrong_type", None, "any of a mapping"),
    ("{any: []}", "wrong_type", None, "any of nothing"),
    ("{not: [{industry: finance}]}", "wrong_type", None, "not a list"),
    ("{all: [{industry: finance}, {industry: retial}]}", "invalid_choice", "retail", "deep inside"),
]


@pytest.mark.parametrize(("when", "code", "meant", "note"), BAD_WHEN, ids=[row[-1] for row in BAD_WHEN])
def test_a_wrong_condition_is_refused_on_its_line(when, code, meant, note):
    """Only the vocabulary's own words, in the types that they have, are conditions."""
    text = HEAD + RULE.replace("{deployment.pattern: [real_time, streaming]}", when)
    assert faults(text) == [(FIRST + 3, code, meant)], note


BAD_RULE = [
    ("id: real-time-serving", "id: Real_Time", "invalid_format", None, 0, "an id that is not kebab-case"),
    ("theme: operations", "theme: operation", "invalid_choice", "operations", 1, "an unknown theme"),
    ("theme: operations", "tehme: operations", "unknown_field", "theme", 1, "a misspelt key"),
    ("strong}", "strnog}", "invalid_choice", "strong", 4, "an unknown strength"),
    ("{ml_engineer: strong}", "{ml_enginer: strong}", "invalid_choice", "ml_engineer", 4, "an unknown role"),
    ("{ml_engineer: strong}", "{}", "wrong_type", None, 4, "raising nobody"),
    ("[A18, A1]", "[A18, A99]", "invalid_choice", None, 6, "an unknown claim"),
    ("[A18, A1]", "[A18, A18]", "duplicate", None, 6, "a claim twice"),
    ("[A18, A1]", "[]", "too_short", None, 6, "no claim"),
    ("[A18, A1]", "A18", "wrong_type", None, 6, "a claim without a list"),
    ("because: It is engineers' work.", "because: 42", "wrong_type", None, 5, "a number for a text"),
    ("because: It is engineers' work.", "because: ' '", "too_short", None, 5, "an empty text"),
    ("because: It is engineers' work.", "because:", "required", None, 5, "a text forgotten"),
]


@pytest.mark.parametrize(("old", "new", "code", "meant", "line", "note"), BAD_RULE, ids=[row[-1] for row in BAD_RULE])
def test_a_wrong_rule_is_refused_on_its_line(old, new, code, meant, line, note):
    """Names are looked up where they are defined, in the same file."""
    assert (FIRST + line, code, meant) in faults(HEAD + RULE.replace(old, new)), note


@pytest.mark.parametrize(
    ("lines", "code", "note"),
    [
        ("lowers: {ml_engineer: slight}", "contradiction", "a role pulled both ways"),
        ("requires: {ml_engineer: 0}", "out_of_range", "nobody required"),
        ("requires: {ml_engineer: 0.3}", "not_a_multiple", "a third of a person"),
        ("profiles: {ml_engineer: {skils: [Serving]}}", "invalid_choice", "a kind of profile that is none"),
        ("profiles: {ml_engineer: {skills: Serving}}", "wrong_type", "a profile without a list"),
        ("considers: [{owner: nobody, note: Mind it.}]", "invalid_choice", "a consideration that nobody owns"),
        ("considers: [{owner: both, note: Mind it., as_of: soon}]", "invalid_format", "a day that is none"),
        ("basis: published", "required", "published, but where"),
        ("basis: {kind: judgement, source: Me}", "required", "a source for a judgement"),
        ("basis: hunch", "invalid_choice", "a basis that is none"),
    ],
)
def test_a_wrong_addition_to_a_rule_is_refused(lines, code, note):
    """What a rule does beside points is checked as strictly."""
    assert [found[:2] for found in faults(HEAD + RULE + f"    {lines}\n")] == [(FIRST + 7, code)], note


def test_a_rule_that_does_nothing_is_refused():
    """A condition and a reason alone are no rule, and a theme is for points."""
    text = HEAD + RULE.replace("    raises: {ml_engineer: strong}\n", "")
    assert [code for _, code, _ in faults(text)] == ["no_effect", "not_wanted"]


def test_a_rule_with_points_needs_a_theme():
    """Points count within a theme."""
    assert faults(HEAD + RULE.replace("    theme: operations\n", "")) == [(FIRST, "required", None)]


BAD_HEAD = [
    ("version: 1.0.0", "version: 1.0", 2, "wrong_type", "a version that YAML reads as a number"),
    ("version: 1.0.0", "version: one", 2, "invalid_format", "a version that is none"),
    ("points_to_double: 4", "points_to_double: 0", 6, "out_of_range", "points that never double"),
    ("points_to_double: 4", "points_to_double: '4'", 6, "wrong_type", "a number in quotes"),
    ("points_to_double: 4", "points_to_double: 2", 8, "out_of_range", "a ratio of 16:1"),
    ("bound: 8", "bound: 13", 8, "out_of_range", "a ratio of more than 8:1"),
    ("balanced: 2", "balanced: 8", 9, "out_of_range", "a balanced band as wide as the bound"),
    ("moderate: 2", "moderate: 3", 7, "out_of_order", "two strengths of the same weight"),
    ("slight: 1", "slight: 0", 7, "out_of_range", "a strength without weight"),
    ("basis: {points_to_double:", "basis: {points_to_duble:", 10, "invalid_choice", "a magnitude that is none"),
    ("evaluation: 10", "evaluation: 11", 11, "out_of_range", "effort of 101 %"),
    ("  evaluation: 10\n", "", 11, "required", "a phase without effort"),
    ("  evaluation: 10", "  evaluaton: 10", 15, "invalid_choice", "a phase that is none"),
    ("{size: 4,", "{when: {phase: modeling}, size: 4,", 20, "incomplete", "sizes that may not hold"),
    ("when: {model.status: none}, ", "", 19, "unreachable", "a size after the one that always holds"),
    ("size: 4,", "size: 0,", 20, "out_of_range", "a team of nobody"),
    ("phases: all", "phases: every", 22, "wrong_type", "a word for phases that is not all"),
    ("phases: [deployment,", "phases: [deploymnt,", 23, "invalid_choice", "an unknown phase"),
    ("{id: operations,", "{id: phase,", 23, "duplicate", "a theme twice"),
    ("{id: A18,", "{id: A1,", 26, "duplicate", "a claim twice"),
    ("paragraph: 2", "paragraph: 0", 26, "out_of_range", "a paragraph before the first"),
    ("role: both", "role: nobody", 25, "invalid_choice", "a claim about nobody"),
    ("source: ", "sauce: ", 4, "unknown_field", "a misspelt name in the head"),
]


@pytest.mark.parametrize(("old", "new", "line", "code", "note"), BAD_HEAD, ids=[row[-1] for row in BAD_HEAD])
def test_a_wrong_head_is_refused_on_its_line(old, new, line, code, note):
    """The scale, the phases, the sizes, themes and claims make sense or stop the load."""
    assert old in HEAD
    assert (line, code) in [found[:2] for found in faults(HEAD.replace(old, new) + RULE)], note


def test_a_rule_twice_is_refused_at_the_second():
    """An id stands for one rule, since answers cite it."""
    assert faults(HEAD + RULE + RULE) == [(FIRST + 7, "duplicate", None)]


def test_every_fault_is_told_at_once_as_editors_read_them():
    """One line a fault, `FILE:LINE: fault`, in the order of the file."""
    text = (HEAD + RULE).replace("strong}", "strnog}").replace("real_time,", "realtime,").replace("A18, A1", "A18, A1x")
    with pytest.raises(RulebookError) as refused:
        load(text.replace("balanced: 2", "balanced: two"))
    assert [line.partition(": ")[0] for line in str(refused.value).splitlines()] == [
        "small.yaml:9",
        f"small.yaml:{FIRST + 3}",
        f"small.yaml:{FIRST + 4}",
        f"small.yaml:{FIRST + 6}",
    ]
    assert f"small.yaml:{FIRST + 4}: 'strnog' is not a strength; did you mean 'strong'?" in str(refused.value)


BAD_YAML = [
    ("a: [1", 2, "unreadable", "a bracket never closed"),
    ("a: 1\n b: 2", 2, "unreadable", "a key out of line"),
    ("a: \x07", 1, "unreadable", "a bell"),
    ("a: 1\nb: \ud800", 2, "unreadable", "a lone surrogate"),
    ("a: 1\na: 2", 2, "duplicate_key", "a key twice"),
    ("a: {b: 1, 'b': 2}", 1, "duplicate_key", "a key twice, once in quotes"),
    ("a: &x 1", 1, "anchor", "an anchor"),
    ("a: &x 1\nb: *x", 2, "alias", "an alias"),
    ("<<: {a: 1}", 1, "merge_key", "a merge key"),
    ("a: !!str 1", 1, "tag", "a tag"),
    ("a: !x 1", 1, "tag", "a tag of its own"),
    ("a: !!python/object/apply:os.getcwd []", 1, "tag", "a tag that would run code elsewhere"),
    ("? [a]\n: 1", 1, "invalid_key", "a list for a key"),
    ("a: 1\n---\nb: 1", 2, "several_documents", "two documents"),
    ("a: " + "[" * 30 + "]" * 30, 1, "unreadable", "thirty lists deep"),
    ("a: " + "[" * 100_000, 1, "unreadable", "a hundred thousand open lists"),
    ("- 1", 1, "wrong_type", "a list"),
    ("word", 1, "wrong_type", "a word"),
    ("", 1, "wrong_type", "nothing"),
    ("# only a remark", 1, "wrong_type", "nothing but a remark"),
]


@pytest.mark.parametrize(("text", "line", "code", "note"), BAD_YAML, ids=[row[-1] for row in BAD_YAML])
def test_yaml_that_could_be_read_in_two_ways_is_refused(text, line, code, note):
    """Whatever JSON could not say has no place in a rulebook."""
    assert (line, code) in [found[:2] for found in faults(text)], note


def test_a_file_too_large_is_refused_unread():
    """Two megabytes are a hundred rulebooks."""
    assert faults("#" * (strict_yaml.LARGEST + 1)) == [(1, "unreadable", None)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("-1.5e3", -1500.0),
        ("42", 42),
        ("no", "no"),
        ("True", "True"),
        ("~", "~"),
        ("1:4", "1:4"),
        ("0x1F", "0x1F"),
        ("0o7", "0o7"),
        ("007", "007"),
        ("1_000", "1_000"),
        (".5", ".5"),
        ("+1", "+1"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("2026-11-23", "2026-11-23"),
        ("'42'", "42"),
        ('"true"', "true"),
    ],
)
def test_plain_scalars_mean_what_json_would_say(text, value):
    """Everything else is text, and a field that wants no text says so."""
    read = strict_yaml.read_yaml(f"a: {text}").value
    assert read == {"a": value}
    assert type(read["a"]) is type(value)  # type: ignore[index]


def test_the_reader_without_the_c_parser_reads_the_same(monkeypatch):
    """PyYAML comes with and without libyaml, and a rulebook is the same in both."""
    with_c = load(HEAD + RULE)
    monkeypatch.setattr(strict_yaml, "_Loader", yaml.SafeLoader)
    assert load(HEAD + RULE) == with_c


LINES = st.sampled_from([*(HEAD + RULE).splitlines(), "- a: 1", "  x: [", "? b", "&a *a", "{", "'", "---", "\t"])


@given(st.text() | st.lists(LINES, max_size=40).map("\n".join))
def test_any_text_is_a_rulebook_or_an_error_that_can_be_printed(text):
    """Nothing that an author types ends in a stack trace."""
    try:
        load(text)
    except RulebookError as refused:
        lines = str(refused).encode().decode().splitlines()
        wrong = [line for line in lines if not line.startswith("small.yaml:")]
    else:
        wrong = []
    assert not wrong


def test_a_large_wrong_rulebook_is_refused_within_seconds():
    """The check of a rulebook grows with its size, not with its square."""
    text = HEAD + "".join(RULE.replace("real-time-serving", f"rule-{at}").replace("A1]", "A3]") for at in range(1000))
    start = time.perf_counter()
    assert len(faults(text)) == 1000
    assert time.perf_counter() - start < 10
