"""A recommendation to read in a terminal: the answer, its reasons, and what would change it."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules.vocabulary import ROLE_TITLES

Json = dict[str, Any]
LEANS = {role: f"leans to {title}s" for role, title in ROLE_TITLES.items()} | {"balanced": "is balanced"}


def print_report(answer: Json, console: Console, *, everything: bool = False) -> None:
    """Print the answer, with `everything` also what is not in the sum; colour only repeats what words say."""
    _print_headline(answer, console)
    console.print(_factors(answer, everything))
    console.print(_phases(answer))
    read = [f"{item['field']}: {said(item['value'])} ({item['words']!r})" for item in answer["inferred"]]
    _print_list(console, "Read from the words", read)
    _print_list(console, "Required", [_requirement(item) for item in answer["requirements"]])
    owners = ROLE_TITLES | {"both": "both roles"}
    _print_list(console, "Consider", [f"{item['note']} ({owners[item['owner']]})" for item in answer["considerations"]])
    _print_list(console, "Beware", [item["message"] for item in answer["warnings"]])
    _print_list(console, "What would change it", [answer["what_would_change_it"]["smallest_flip"]["statement"]])
    if question := answer["next_question"]:
        low, high = question["could_move"]
        _print_list(console, "Answer next", [f"{question['question']} ({question['field']}: {low} to {high})"])
    stamp = answer["rulebook"]
    console.print(
        f"\n{stamp['note']}\nRulebook {stamp['name']} {stamp['version']}, {stamp['digest'][:19]}", style="dim"
    )


def _print_headline(answer: Json, console: Console) -> None:
    ratio, people = answer["ratio"], answer["headcount"]
    if answer["name"]:
        console.print(Text(answer["name"], style="bold"))
    console.print(f"[bold]{ratio['text']}[/] data scientists to ML engineers: the work {LEANS[answer['lean']]}")
    console.print(
        f"  range {ratio['low']:g} to {ratio['high']:g}, were judgement off by a step and open questions answered; "
        f"{answer['confidence']:.0%} that the lean stays"
    )
    size = "suggested" if people["suggested"] else f"from {people['basis']}"
    console.print(f"[bold]{people['total']:g} FTE[/] ({size}): {_people(people)}")
    if people["hire"]:
        for verb in ("hire", "surplus"):
            console.print(f"  {verb}: {_people(people[verb])}")


def _people(people: Json) -> str:
    return ", ".join(f"{people[role]:g} {title}" for role, title in ROLE_TITLES.items())


def _factors(answer: Json, everything: bool) -> Table:
    score = answer["score"]
    capped = f", held to {score['net']:+d}" if score["capped"] else ""
    table = _table(
        f"Points: data scientist {score['data_scientist']}, ML engineer {score['ml_engineer']}; "
        f"net {score['raw']:+d}{capped} ({score['points_to_double']} double the ratio)"
    )
    for heading in ("Role", "Points", "Because", "Input", "Claims"):
        table.add_column(heading, justify="right" if heading == "Points" else "left")
    rest = [factor for factor in score["factors"] if not factor["counted"]]
    for factor in score["factors"] if everything else (f for f in score["factors"] if f["counted"]):
        points = f"{factor['points']:+d}"
        table.add_row(
            ROLE_TITLES[factor["role"]],
            points if factor["counted"] else f"({points})",
            factor["title"],
            ", ".join(f"{field.rpartition('.')[2]} {said(value)}" for field, value in factor["matched"].items()),
            " ".join(claim["id"] for claim in factor["claims"]),
        )
    if rest and everything:
        table.caption = "In brackets: beaten in its theme, or without points in this phase; not in the sum."
    elif rest:
        table.caption = f"{len(rest)} more hold but are not in the sum; --all shows them."
    return table


def _phases(answer: Json) -> Table:
    table = _table(f"Phases; the whole project is {answer['overall']['text']}")
    for heading in ("Phase", "Effort", "Ratio", "Data scientists", "ML engineers"):
        table.add_column(heading, justify="left" if heading == "Phase" else "right")
    for row in answer["phases"]:
        people = f"{row['data_scientist']:g}", f"{row['ml_engineer']:g}"
        table.add_row(said(row["phase"]), f"{row['effort_pct']} %", row["ratio"], *people)
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", caption_justify="left", title_style="bold", box=box.SIMPLE_HEAD)


def _requirement(item: Json) -> str:
    least = ", ".join(f"{fte:g} {ROLE_TITLES[role]}" for role, fte in item["minimum"].items())
    return f"at least {least}: {item['because']}"


def _print_list(console: Console, title: str, lines: list[str]) -> None:
    if lines:
        console.print(f"\n[bold]{title}[/]")
    for line in lines:
        bullet = Table.grid()
        bullet.add_row("  - ", Text(line))
        console.print(bullet)


def said(value: object) -> str:
    """A value of the contract in a sentence."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).replace("_", " ")
