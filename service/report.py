"""A recommendation to read in a terminal: the answer, its reasons, and what would change it."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules.vocabulary import ROLE_TITLES

Json = dict[str, Any]
LEANS = {role: f"leans to {title}s" for role, title in ROLE_TITLES.items()} | {"balanced": "is balanced"}


def print_report(answer: Json, console: Console | None = None) -> None:
    """Print the whole answer; colour only repeats what words say."""
    console = console or Console(highlight=False)
    _print_headline(answer, console)
    console.print(_factors(answer))
    console.print(_phases(answer))
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
    console.print(
        f"[bold]{ratio['text']}[/] data scientists to ML engineers: the work {LEANS[answer['lean']]} "
        f"(confidence {answer['confidence']:.0%}, range {ratio['low']:g} to {ratio['high']:g})"
    )
    size = "suggested" if people["suggested"] else f"from {people['basis']}"
    console.print(
        f"[bold]{people['total']:g} FTE[/] ({size}): {people['data_scientist']:g} data scientist, "
        f"{people['ml_engineer']:g} ML engineer"
    )
    if people["hire"]:
        for verb in ("hire", "surplus"):
            ours, theirs = people[verb]["data_scientist"], people[verb]["ml_engineer"]
            console.print(f"  {verb}: {ours:g} data scientist, {theirs:g} ML engineer")


def _factors(answer: Json) -> Table:
    score = answer["score"]
    capped = f", held to {score['net']:+d}" if score["capped"] else ""
    table = Table(
        title=f"Points: {score['data_scientist']} data scientist - {score['ml_engineer']} ML engineer "
        f"= {score['raw']:+d}{capped}; {score['points_to_double']} double the ratio",
        title_justify="left",
        caption="Points in brackets are beaten in their theme and not in the sum.",
        caption_justify="left",
    )
    for heading in ("Role", "Points", "Because", "Input", "Claims"):
        table.add_column(heading, justify="right" if heading == "Points" else "left")
    for factor in score["factors"]:
        points = f"{factor['points']:+d}"
        table.add_row(
            ROLE_TITLES[factor["role"]],
            points if factor["counted"] else f"({points})",
            Text(f"{factor['title']}"),
            Text("\n".join(f"{field}: {said(value)}" for field, value in factor["matched"].items())),
            " ".join(claim["id"] for claim in factor["claims"]),
            style=None if factor["counted"] else "dim",
        )
    return table


def _phases(answer: Json) -> Table:
    overall = answer["overall"]
    table = Table(title=f"Phases; the whole project: {overall['text']}", title_justify="left")
    for heading in ("Phase", "Effort", "Ratio", "Data scientists", "ML engineers"):
        table.add_column(heading, justify="left" if heading == "Phase" else "right")
    for row in answer["phases"]:
        people = f"{row['data_scientist']:g}", f"{row['ml_engineer']:g}"
        table.add_row(said(row["phase"]), f"{row['effort_pct']} %", row["ratio"], *people)
    return table


def _requirement(item: Json) -> str:
    least = ", ".join(f"{fte:g} {ROLE_TITLES[role]}" for role, fte in item["minimum"].items())
    return f"at least {least}: {item['because']}"


def _print_list(console: Console, title: str, lines: list[str]) -> None:
    if lines:
        console.print(f"\n[bold]{title}[/]")
    for line in lines:
        console.print(Text(f"  - {line}"))


def said(value: object) -> str:
    """A value of the contract in a sentence."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).replace("_", " ")
