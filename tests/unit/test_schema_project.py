"""What a request may say, how it may say it, and how it is told what is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.vocabulary import FIELDS, INDUSTRIES, PHASES
from schemas.contract import WIRE
from schemas.faults import Fault, InputError
from schemas.project import canonical, load_project, values_of

LEAST = {"industry": "retail", "phase": "modeling", "deployment": {"pattern": "batch"}}
WHOLE = {
    "name": "Card fraud",
    "reference": "PLAN-142",
    "description": "Stop fraud\nbefore it is paid.",
    "industry": "finance",
    "phase": "modeling",
    "goal": "decision_automation",
    "deployment": {
        "pattern": "real_time",
        "latency_ms_p99": 50,
        "peak_rps": 900,
        "availability_pct": 99.9,
        "users": 40000,
        "models_in_production": 3,
        "retraining": "manual",
        "serving_platform": "existing",
        "integrations": 4,
    },
    "model": {"status": "none", "origin": "custom", "family": "deep_learning"},
    "data": {"volume": "tb", "quality": "poor", "sensitivity": "personal"},
    "governance": {"regulated": True, "affects_people": False},
    "mlops_level": 0,
    "audience": "executives",
    "languages": ["python", "c++"],
    "team": {"size": 8, "increment": 0.5, "existing": {"data_scientist": 2, "ml_engineer": 0.5}},
    "budget": {
        "amount": 1800000,
        "currency": "EUR",
        "annual_cost": {"data_scientist": 95000, "ml_engineer": 105000.5},
    },
    "schedule": {"start": "2027-01-04", "weeks": 26},
}


def with_(path: str, value: object) -> dict[str, object]:
    """Return the least document with one field more, given by its dotted path."""
    *groups, last = path.split(".")
    document: dict[str, object] = {**LEAST, "deployment": dict(LEAST["deployment"])}
    branch = document
    for group in groups:
        branch = branch.setdefault(group, {})  # type: ignore[assignment]
    branch[last] = value
    return document


def faults(document: object) -> dict[str, Fault]:
    """Return the faults of a document by field."""
    with pytest.raises(InputError) as refused:
        load_project(document)
    found = {fault.field: fault for fault in refused.value.faults}
    assert len(found) == len(refused.value.faults), "a field was blamed twice"
    return found


def answer(path: str, value: object) -> object:
    """Return what the project holds for a field given so."""
    return values_of(load_project(with_(path, value)).project)[path]


def test_a_whole_project_is_read_into_the_words_of_the_decision():
    """Every group of the contract lands in its part of the project."""
    request = load_project(WHOLE)
    project = request.project
    assert (request.name, request.reference) == ("Card fraud", "PLAN-142")
    assert set(project.answers) == {field.name for field in FIELDS}
    assert project.answers["languages"] == ("c++", "python")
    assert project.answers["governance.affects_people"] is False
    assert project.team.size == 8
    assert project.team.existing == {"data_scientist": 2, "ml_engineer": 0.5}
    assert project.budget is not None
    assert project.budget.annual_cost == {"data_scientist": Decimal("95000"), "ml_engineer": Decimal("105000.5")}
    assert project.schedule is not None
    assert (project.schedule.start, project.schedule.weeks) == (date(2027, 1, 4), 26)


def test_three_answers_are_enough_and_the_rest_stays_unanswered():
    """Nothing is made up for what was not said."""
    project = load_project(LEAST).project
    assert project.answers == {"industry": "retail", "phase": "modeling", "deployment.pattern": "batch"}
    assert (project.team.size, project.team.increment, project.team.existing) == (None, 1, None)
    assert project.budget is None
    assert project.schedule is None


def test_the_table_of_fields_holds_the_whole_vocabulary_in_its_order():
    """The wire lists no decision field of its own and forgets none."""
    assert [name for name in WIRE if name in {field.name for field in FIELDS}] == [field.name for field in FIELDS]


@pytest.mark.parametrize(
    ("path", "said", "held", "note"),
    [
        ("industry", "Finance", "finance", "capital letters"),
        ("industry", " real estate ", "real_estate", "spaces"),
        ("industry", "Real-Estate", "real_estate", "a hyphen"),
        ("industry", "Accommodation & Food", "accommodation_and_food", "an ampersand"),
        ("industry", "FinTech", "finance", "an alias"),
        ("industry", "Oil & Gas", "mining", "an alias with an ampersand"),
        ("industry", "52", "finance", "a code of two digits"),
        ("industry", "44-45", "retail", "a code that is a range"),
        ("industry", "44–45", "retail", "the range with a dash"),
        ("industry", "48", "transportation", "half a range"),
        ("phase", "Proof of Concept", "modeling", "an alias of a phase"),
        ("deployment.pattern", "Real-Time", "real_time", "a value that is no alias"),
        ("languages", ["JS", "c#", "Python", "py"], ("c#", "javascript", "python"), "aliases, twice the same"),
        ("mlops_level", 1.0, 1, "a whole number with a point"),
        ("deployment.peak_rps", 50.0, 50, "a whole number with a point"),
        ("deployment.users", 4e4, 40000, "an integer in scientific notation"),
        ("deployment.availability_pct", 99.95, 99.95, "a fraction"),
        ("team.existing.data_scientist", 0.1 + 0.2, 0.3, "the noise of binary fractions"),
        ("team.existing.ml_engineer", 1 / 3, 0.33, "a part of a person, to the hundredth"),
        ("budget.amount", 1.00001, 1, "money finer than any currency has it"),
        ("budget.currency", "eur", "EUR", "a currency in small letters"),
        ("budget.amount", 0, 0, "no money"),
    ],
)
def test_spellings_that_mean_the_same_are_read_the_same(path, said, held, note):
    """Case, gaps, aliases, codes and number formats are settled on the way in."""
    held_now = answer(path, said)
    assert held_now == held, note
    assert type(held_now) is type(held), note


@pytest.mark.parametrize("document", [None, [], "x", 1, True], ids=repr)
def test_what_is_no_object_is_refused_as_a_whole(document):
    """A request is a JSON object."""
    assert faults(document)[""].code == "wrong_type"


def test_what_is_required_is_asked_for_by_its_question():
    """A missing answer is named together with the others, and with the question it answers."""
    found = faults({})
    assert {name: fault.code for name, fault in found.items()} == {
        "industry": "required",
        "phase": "required",
        "deployment.pattern": "required",
    }
    assert found["industry"].message == "industry is required: Which industry is the project for?"


def test_a_description_may_have_lines_as_any_form_sends_them():
    """Browsers end lines with a carriage return and a line feed."""
    assert load_project({**LEAST, "description": "One.\r\n\tTwo."}).description == "One.\r\n\tTwo."


def test_null_is_the_same_as_absent():
    """A client that sends every key with null where it has nothing is served."""
    document = {**LEAST, "goal": None, "model": None, "team": {"size": None, "existing": None}, "name": None}
    assert load_project(document) == load_project(LEAST)
    assert faults({**LEAST, "industry": None})["industry"].code == "required"


BAD = [
    ("industry", "fintec", "invalid_choice", "fintech", "a misspelt alias"),
    ("industry", "helthcare", "invalid_choice", "healthcare", "a misspelt value"),
    ("industry", "xyzzy", "invalid_choice", None, "nothing like it"),
    ("industry", "99", "invalid_choice", None, "a code that no sector has"),
    ("industry", 52, "wrong_type", None, "a code as a number"),
    ("industry", ["finance"], "wrong_type", None, "a list for one"),
    ("industry", "\ud800", "invalid_choice", None, "a lone surrogate"),
    ("industry", "x" * 10_000_000, "invalid_choice", None, "ten megabytes of text"),
    ("deployment.pattern", "realtim", "invalid_choice", "real_time", "a misspelt value of a group"),
    ("deployment.pattern", {}, "wrong_type", None, "an object for a text"),
    ("deployment.peak_rps", "900", "wrong_type", None, "a number in quotes"),
    ("deployment.peak_rps", True, "wrong_type", None, "a boolean for a number"),
    ("deployment.peak_rps", float("nan"), "out_of_range", None, "NaN"),
    ("deployment.peak_rps", float("inf"), "out_of_range", None, "infinity"),
    ("deployment.peak_rps", 10**5000, "out_of_range", None, "an integer of 5001 digits"),
    ("deployment.peak_rps", -1, "out_of_range", None, "below the least"),
    ("deployment.availability_pct", 100.5, "out_of_range", None, "over a hundred percent"),
    ("deployment.users", 2.5, "not_an_integer", None, "half a user"),
    ("governance.regulated", 1, "wrong_type", None, "a number for a boolean"),
    ("governance.regulated", "no", "wrong_type", None, "a word for a boolean"),
    ("mlops_level", True, "wrong_type", None, "a boolean for a level"),
    ("mlops_level", "1", "wrong_type", None, "a level in quotes"),
    ("mlops_level", 3, "invalid_choice", None, "a level that Google has not"),
    ("languages", "python", "wrong_type", None, "a text for a list"),
    ("languages", ["r"] * 21, "too_long", None, "more languages than a team speaks"),
    ("name", "n" * 201, "too_long", None, "a long name"),
    ("name", "a\x07", "invalid_text", None, "a bell"),
    ("reference", "r" * 101, "too_long", None, "a long reference"),
    ("description", "d" * 5001, "too_long", None, "a long description"),
    ("reference", "a\r\nSet-Cookie: b", "invalid_text", None, "a carriage return in a reference"),
    ("description", "\udfff", "invalid_text", None, "a lone surrogate in free text"),
    ("name", 7, "wrong_type", None, "a number for a name"),
    ("team", 8, "wrong_type", None, "a number for a group"),
    ("team.size", 0, "out_of_range", None, "nobody"),
    ("team.size", 100_001, "out_of_range", None, "a city"),
    ("team.size", 7.5, "not_a_multiple", None, "half a person where none was agreed"),
    ("team.increment", 0.3, "invalid_choice", None, "a third of a person"),
    ("team.existing.ml_engineer", -1, "out_of_range", None, "fewer than nobody"),
    ("budget.amount", -0.01, "out_of_range", None, "a debt"),
    ("budget.currency", "EURO", "too_long", None, "four letters"),
    ("budget.currency", "E1R", "invalid_format", None, "a digit in a currency"),
    ("schedule.start", "2027-02-30", "invalid_date", None, "a day that never comes"),
    ("schedule.start", "04/01/2027", "invalid_format", None, "another country's date"),
    ("schedule.start", "9999-12-31", "out_of_range", None, "a plan past the calendar's end"),
    ("schedule.weeks", 521, "out_of_range", None, "more than ten years"),
    ("schedule.weeks", 1.5, "not_an_integer", None, "a week and a half"),
]


@pytest.mark.parametrize(("path", "value", "code", "meant", "note"), BAD, ids=[row[-1] for row in BAD])
def test_a_wrong_value_is_refused_where_it_stands(path, value, code, meant, note):
    """One fault, at the field's dotted path, with a stable code and what was likely meant."""
    fault = faults(with_(path, value)).pop(path)
    assert (fault.code, fault.did_you_mean) == (code, meant), note
    assert len(fault.message) < 400, "a message is read by a person"
    fault.message.encode()
    if code == "invalid_choice":
        assert fault.allowed, "a choice says what may be chosen"


def test_the_message_of_a_choice_names_what_was_meant():
    """The message can be shown as it is."""
    fault = faults(with_("industry", "fintec"))["industry"]
    assert fault.message == "'fintec' is not an industry; did you mean 'fintech'?"
    assert fault.allowed == INDUSTRIES
    assert fault.body()["allowed"] == list(INDUSTRIES)


def test_a_phase_lists_only_values_never_aliases():
    """`allowed` is the contract's list, not every spelling that is understood."""
    assert faults(with_("phase", "nonsense"))["phase"].allowed == PHASES


@pytest.mark.parametrize(
    ("path", "meant", "note"),
    [
        ("industy", "industry", "a misspelt name"),
        ("Industry ", "industry", "a name in another case"),
        ("pattern", "deployment.pattern", "the right name at the wrong level"),
        ("patern", "deployment.pattern", "a misspelt name at the wrong level"),
        ("deployment.patern", "deployment.pattern", "a misspelt name in a group"),
        ("model.quality", "data.quality", "the right name in the wrong group"),
        ("team.existing.data_scientists", "team.existing.data_scientist", "a plural, three levels down"),
        ("xyzzy", None, "nothing like it"),
        ("x" * 100_000, None, "a name that is no name"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(path, meant, note):
    """Names are suggested by their full path."""
    unknown = [fault for fault in faults(with_(path, 1)).values() if fault.code == "unknown_field"]
    assert [fault.did_you_mean for fault in unknown] == [meant], note
    assert len(unknown[0].field) < 100


def test_a_dotted_name_in_a_document_is_told_how_to_nest():
    """Only queries, rows and flags say `deployment.pattern`; JSON nests."""
    fault = faults({**LEAST, "model.status": "none"})["model.status"]
    assert fault.code == "unknown_field"
    assert fault.message == """'model.status' is written nested in a document: {"model": {"status": …"""


def test_every_fault_is_told_at_once():
    """A form can mark all of its fields in one round."""
    document = {
        "industry": "fintec",
        "phse": "modeling",
        "deployment": {"pattern": "batch", "users": "many"},
        "languages": ["python", "pyton", 3],
        "team": {"size": 7.3, "existing": {"ml_engineer": -1}},
        "budget": {"annual_cost": {"data_scientist": 0}},
    }
    assert {name: fault.code for name, fault in faults(document).items()} == {
        "industry": "invalid_choice",
        "phse": "unknown_field",
        "phase": "required",
        "deployment.users": "wrong_type",
        "languages.1": "invalid_choice",
        "languages.2": "wrong_type",
        "team.size": "not_a_multiple",
        "team.existing.ml_engineer": "out_of_range",
        "budget.annual_cost.data_scientist": "out_of_range",
        "budget.annual_cost.ml_engineer": "required",
    }


def test_a_hundred_thousand_unknown_names_are_not_answered_one_by_one():
    """A body made of faults does not make a body of a hundred thousand faults."""
    assert len(faults({f"k{i}": i for i in range(100_000)} | LEAST)) <= 100


@pytest.mark.parametrize(
    ("size", "increment", "fits", "note"),
    [
        (7.5, 0.5, True, "halves of halves"),
        (7.25, 0.25, True, "quarters of quarters"),
        (0.25, 0.25, True, "a quarter of one person"),
        (8.0, 1, True, "a whole number with a point"),
        (7.25, 0.5, False, "a quarter where halves were agreed"),
        (0.5, 1, False, "half a person where whole ones were agreed"),
        (7.3, 0.25, False, "a size that no binary fraction is"),
    ],
)
def test_a_team_is_made_of_whole_increments(size, increment, fits, note):
    """A size between two increments is refused with the sizes beside it."""
    document = {**LEAST, "team": {"size": size, "increment": increment}}
    if fits:
        assert load_project(document).project.team.size == size, note
    else:
        assert faults(document)["team.size"].code == "not_a_multiple", note


def test_a_size_that_does_not_fit_is_told_the_sizes_beside_it():
    """The way out is in the message."""
    message = faults({**LEAST, "team": {"size": 7.3, "increment": 0.5}})["team.size"].message
    assert message == "7.3 is not made of whole increments of 0.5; the nearest sizes: 7 and 7.5"


@pytest.mark.parametrize(
    "costs", [{}, {"data_scientist": 1}, {"data_scientist": 1, "ml_engineer": None}], ids=["none", "one", "null"]
)
def test_yearly_costs_are_given_for_both_roles_or_not_at_all(costs):
    """One cost alone would price only half of a team."""
    assert faults({**LEAST, "budget": {"annual_cost": costs}})["budget.annual_cost.ml_engineer"].code == "required"


def test_yearly_costs_are_rounded_as_all_money_is():
    """To 0.0001, finer than any currency has it."""
    costs = {"data_scientist": 90_000.00004, "ml_engineer": 90_000.00006}
    budget = load_project({**LEAST, "budget": {"annual_cost": costs}}).project.budget
    assert budget.annual_cost == {"data_scientist": Decimal("90000"), "ml_engineer": Decimal("90000.0001")}


def test_whoever_is_not_mentioned_among_the_existing_is_not_there():
    """Naming the people of one role says that there are none of the other."""
    team = load_project({**LEAST, "team": {"existing": {"data_scientist": 2}}}).project.team
    assert team.existing == {"data_scientist": 2, "ml_engineer": 0}


@pytest.mark.parametrize(
    ("document", "note"),
    [
        ({**LEAST, "industry": "e-commerce"}, "an alias"),
        ({**LEAST, "industry": "44-45"}, "a code"),
        (dict(reversed(LEAST.items())), "another order of keys"),
        ({**LEAST, "team": {"increment": 1.0}}, "a default said aloud"),
        ({**LEAST, "team": {}, "model": {}, "budget": {}, "schedule": {}}, "empty groups"),
        ({**LEAST, "languages": []}, "an empty list"),
        ({**LEAST, "name": "Shelf", "reference": "R-1", "description": "…"}, "what is only echoed"),
    ],
)
def test_equal_projects_have_one_canonical_form(document, note):
    """However a project is written, its bytes are the same."""
    assert canonical(load_project(document).project) == canonical(load_project(LEAST).project), note


def test_the_canonical_form_is_these_very_bytes():
    """Keys of caches and identifiers hang on it: a change here is a change of every id."""
    assert canonical(load_project(LEAST).project) == (
        b'{"deployment.pattern":"batch","industry":"retail","phase":"modeling"}'
    )
