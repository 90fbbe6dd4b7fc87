"""What is found about rulebooks, to read in a terminal; colour only repeats what words say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules.proof.lint import Finding
from rules.vocabulary import FIELD_BY_NAME, Choice

Json = Mapping[str, Any]
WELL = {True: Text("holds", "green"), False: Text("FAILS", "bold red")}


def _console() -> Console:
    return Console(highlight=False, markup=False, soft_wrap=True)


def print_findings(findings: list[Finding], path: Path) -> None:
    """One line a finding, as compilers write them."""
    console = _console()
    for finding in findings:
        where = f"{path}:{finding.line}" if finding.line else str(path)
        colour = "red" if finding.severity == "error" else "yellow"
        console.print(Text.assemble(f"{where}: ", (finding.severity, colour), f" {finding.code}: {finding.message}"))
    errors = sum(finding.severity == "error" for finding in findings)
    console.print(f"{path}: {_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}")


def print_certificate(certificate: Json) -> None:
    """The distribution, every verdict that fails and a summary of those that hold."""
    console, spread, book = _console(), certificate["distribution"], certificate["rulebook"]
    console.print(f"{book['name']} {book['version']}: {_grouped(certificate['cells'])} cells, each counted")
    console.print(_leans(spread))
    console.print(_verdicts(certificate["verdicts"]))
    for verdict in certificate["verdicts"]:
        if not verdict["holds"]:
            console.print(
                Text(f"FAILS {verdict['says']}" + (f" (line {verdict['line']})" if "line" in verdict else ""))
            )
            for witness in verdict["witnesses"]:
                console.print(Text(f"  net {witness['raw']:+d}: {said(witness['project'])}"))
    console.print(Text("Proved: every verdict holds." if certificate["holds"] else "Not proved.", "bold"))


def print_objections(found: list[str], certificate: Json) -> None:
    """What does not hold up, or that all does."""
    console = _console()
    for objection in found:
        console.print(Text(objection))
    witnesses = sum(len(verdict["witnesses"]) for verdict in certificate["verdicts"])
    console.print(
        f"{_count(len(certificate['verdicts']), 'verdict')}, {_count(witnesses, 'witness', 'witnesses')} scored"
    )
    console.print(Text("Not verified." if found else "Verified.", "bold"))


def print_difference(changes: Json, new: Path) -> None:
    """How much changes, how far, where and because of what."""
    console = _console()
    console.print(f"{_grouped(changes['cells'])} cells")
    table = Table("", "Cells", "Share", title="What changes", title_justify="left")
    names = {"ratio": "the ratio", "lean": "the lean", "required": "required roles", "any": "any of them"}
    for key, name in names.items():
        table.add_row(name, *_share(changes["changed"][key]))
    for step, share in changes["points"].items():
        table.add_row(f"net by {step}", *_share(share))
    for move in changes["leans"]:
        table.add_row(f"{_plain(move['from'])} to {_plain(move['to'])}", *_share(move))
    console.print(table)
    _print_edits(console, changes["edits"], new)
    if changes["where"]:
        console.print(Text("Where", "bold"))
    for region in changes["where"]:
        when = "; ".join(f"{field}: {_cells(field, cells)}" for field, cells in region["when"].items())
        console.print(Text(f"  - {region['changed']['pct']:g} % of the cells with {when or 'any answers'}"))
    for kind, witness in changes["witnesses"].items():
        console.print(Text(f"A project whose {kind} changes: {said(witness['project'])}"))
        console.print(Text(f"  {_scored(witness['old'])} becomes {_scored(witness['new'])}"))
    console.print(Text("Every answer stays the same." if changes["same"] else "The rulebooks differ.", "bold"))


def print_mutants(found: Json, examples: int) -> None:
    """How many mutants each kind of check notices, and every one that goes unnoticed."""
    console = _console()
    headings = ("Mutants", f"by {_count(examples, 'example')}", "by check", "by proof", "Missed")
    table = Table("", *headings, title="Faults noticed", title_justify="left")
    for kind, counts in found["kinds"].items():
        keys = ("mutants", "examples", "check", "proof", "missed")
        table.add_row(kind, *(str(counts[key]) for key in keys))
    console.print(table)
    for mutant in found["same"]:
        console.print(Text(f"changes no answer: {mutant['rule']} (line {mutant['line']}), {mutant['says']}"))
    for mutant in found["missed"]:
        console.print(Text(f"MISSED {mutant['rule']} (line {mutant['line']}), {mutant['kind']}: {mutant['says']}"))
    console.print(Text("Some faults go unnoticed." if found["missed"] else "Every fault is noticed.", "bold"))


def said(project: Json, prefix: str = "") -> str:
    """A project's answers in a line."""
    parts = []
    for key, value in project.items():
        name = f"{prefix}{key}"
        parts.append(said(value, f"{name}.") if isinstance(value, dict) else f"{name}={_plain(value)}")
    return " ".join(parts)


def _leans(spread: Json) -> Table:
    table = Table("", "Cells", "Share", title="How net spreads", title_justify="left")
    for lean, share in spread["lean"].items():
        table.add_row(_plain(lean), *_share(share))
    table.add_row("capped", *_share(spread["capped"]))
    lowest, *_, highest = spread["raw"]
    table.caption = f"Raw net from {lowest} to {highest}, mean {spread['mean_raw']:+.2f}"
    table.caption_justify = "left"
    return table


def _verdicts(verdicts: list[Json]) -> Table:
    table = Table("Verdict", "", "Statement", title="Verdicts", title_justify="left")
    for kind in dict.fromkeys(verdict["kind"] for verdict in verdicts):
        of_kind = [verdict for verdict in verdicts if verdict["kind"] == kind]
        holding = sum(verdict["holds"] for verdict in of_kind)
        if kind in ("reachable", "decisive"):
            table.add_row(kind, WELL[holding == len(of_kind)], f"{holding} of {len(of_kind)} rules")
            continue
        for verdict in of_kind:
            figures = {key: value for key, value in verdict["figures"].items() if isinstance(value, int | float)}
            shown = ", ".join(f"{key} {value:g}" for key, value in figures.items())
            table.add_row(kind, WELL[verdict["holds"]], Text(f"{verdict['says']} ({shown})"))
    return table


def _print_edits(console: Console, edits: list[Json], new: Path) -> None:
    if not edits:
        return
    table = Table("Edit", "Line", "Holds in", "Alone it changes", title=f"Edits that lead to {new.name}")
    table.title_justify = "left"
    for edit in edits:
        words = "words only" if edit["only_words"] else None
        alone = words or (f"{edit['alone']['pct']:g} %" if edit["alone"] else "not by itself")
        holds = f"{edit['holds']['pct']:g} %" if edit["holds"] else ""
        parts = f" ({', '.join(edit['parts'])})" if edit["parts"] else ""
        table.add_row(Text(f"{edit['subject']} {edit['edit']}{parts}"), str(edit["line"] or ""), holds, alone)
    console.print(table)


def _cells(field: str, cells: list[Any]) -> str:
    """The cells of a field in words; where fewer are left out, those."""
    known = FIELD_BY_NAME[field]
    if isinstance(known, Choice) and len(cells) > len(known.values) / 2 + 1:
        out = [value for value in known.values if value not in cells]
        return f"all but {', '.join(map(str, out))}" + ("" if None in cells or known.required else " and unanswered")
    return " or ".join("unanswered" if cell is None else _cell(cell) for cell in cells)


def _cell(cell: Any) -> str:
    if not isinstance(cell, dict):
        return _plain(cell)
    low, high = cell["min"], cell["max"]
    if low is None:
        return "any number" if high is None else f"under {high:g}"
    return f"{low:g} or more" if high is None else f"{low:g} to under {high:g}"


def _scored(score: Json) -> str:
    required = ", ".join(f"{fte:g} {role}" for role, fte in score["required"].items()) or "no role"
    return f"{score['ratio']} (net {score['raw']:+d}, {_plain(score['lean'])}, {required} required)"


def _share(share: Json) -> tuple[str, str]:
    return _grouped(share["cells"]), f"{share['pct']:.4g} %"


def _grouped(cells: str) -> str:
    return f"{int(cells):,}"


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value).lower().replace("_", " ")


def _count(number: int, noun: str, several: str | None = None) -> str:
    return f"{number} {noun if number == 1 else several or noun + 's'}"
