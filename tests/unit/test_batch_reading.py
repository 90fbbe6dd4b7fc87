"""Batches read and answered: the same as one by one, wherever the bytes were cut, each fault in its own place."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from functools import cache
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.batch_answer import COLUMNS
from schemas.contract import WIRE
from schemas.faults import InputError, UnreadableError
from schemas.flat import flatten, nest
from schemas.project import Request, load_project
from schemas.records import LONGEST
from service.batch import Batch, BatchCutError
from tests.article import engine
from tests.strategies import ENOUGH, projects

HEADER = ",".join(("name", "reference", "industry", "phase", "deployment.pattern"))
ROW = "Fraud,A-1,finance,modeling,batch"
PROJECT = {"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}


@cache
def batch() -> Batch:
    """The article's, made ready once."""
    return Batch(engine())


def answered(body: bytes | Sequence[bytes], source: str = "csv", target: str = "json") -> Any:
    """What a whole batch is answered with: objects, or the bytes of CSV and lines."""
    chunks = [body] if isinstance(body, bytes) else body
    said = b"".join(piece.body for piece in batch().answer(chunks, source, target))
    return json.loads(said) if target == "json" else said


def table(rows: Sequence[Sequence[str]]) -> bytes:
    """CSV as a spreadsheet saves it."""
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def read(body: bytes) -> list[dict[str, str]]:
    """Rows of CSV by a strict parser."""
    rows = list(csv.reader(StringIO(body.decode(), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def alone(request: Request) -> dict[str, Any]:
    """What the scalar engine says of a request, as far as a batch does."""
    body = engine().recommend(request.project)
    people = ("total", "data_scientist", "ml_engineer", "basis", "hire", "surplus")
    return {
        "name": request.name,
        "reference": request.reference,
        **{name: body[name] for name in ("lean", "ratio", "confidence", "both_required")},
        "headcount": {name: body["headcount"][name] for name in people},
        "score": {name: body["score"][name] for name in ("net", "raw")},
        "warnings": list(dict.fromkeys(warning["code"] for warning in [*request.remarks, *body["warnings"]])),
        "inferred": list(request.inferred),
    }


LABELS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
SAID = "A proof of concept for a bank with 4,000 users, maybe in real time."
RUBBISH = st.sampled_from(
    [SAID, "", " ", "fintec", "-1", "1e999", "NaN", "true", "7,5", "=1+1", "\x00", "0.3", "Batch"]
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, str]:
    """A row that says a project, now and then with something else in a cell."""
    request = Request(draw(projects()), draw(LABELS), draw(LABELS))
    row = dict(flatten(request))
    for name in draw(st.lists(st.sampled_from([*WIRE]), max_size=2)) if draw(st.booleans()) else ():
        row[name] = draw(RUBBISH)
    return row


def one_by_one(row: dict[str, str]) -> dict[str, Any]:
    """What the single request that a row is would be answered with."""
    try:
        return alone(load_project(nest(row.items())))
    except InputError as error:
        return {"errors": [fault.body() for fault in error.faults]}


@settings(max_examples=ENOUGH * 3)
@given(st.lists(rows(), min_size=1, max_size=8))
def test_a_row_is_answered_as_the_request_that_it_is(drawn: list[dict[str, str]]) -> None:
    """Answers and faults are those of a single request, whatever stands in the cells."""
    body = table([[*WIRE], *([row.get(name, "") for name in WIRE] for row in drawn)])
    for item, row in zip(answered(body), drawn, strict=True):
        expected = one_by_one(row)
        assert {name: item[name] for name in expected} == expected


@settings(max_examples=ENOUGH * 3)
@given(st.lists(rows(), min_size=1, max_size=5), st.lists(st.integers(0, 2_000), max_size=6))
def test_where_the_bytes_are_cut_never_shows(drawn: list[dict[str, str]], cuts: list[int]) -> None:
    """Any chunks of the same bytes give the same bytes."""
    body = "\ufeff".encode() + table([[*WIRE], *([row.get(name, "") for name in WIRE] for row in drawn)])
    edges = sorted({min(cut, len(body)) for cut in cuts} | {0, len(body)})
    chunks = [body[start:end] for start, end in pairwise(edges)]
    assert answered(chunks, target="csv") == answered(body, target="csv")


def test_bytes_may_come_one_by_one() -> None:
    """The byte order mark, a letter of several bytes and a quoted line end are cut through, too."""
    body = "\ufeff".encode() + table([HEADER.split(","), *[["Zoë\n,", '"', "finance", "modeling", "batch"]] * 3])
    assert answered([body[at : at + 1] for at in range(len(body))]) == answered(body)


def test_names_with_commas_quotes_and_line_ends_come_back_as_they_are() -> None:
    """And the lines that are told are those of the file."""
    names = ['Card, "fraud"', "two\nlines", "three\r\nlines\nof text", "plain"]
    body = table([HEADER.split(","), *([name, "", "finance", "modeling", "batch"] for name in names)])
    items = answered(body)
    assert [(item["line"], item["name"]) for item in items[:2]] == [(2, names[0]), (3, names[1])]
    assert items[2]["errors"][0]["code"] == "invalid_text"  # a name has no carriage return, in a batch or not
    assert [item["line"] for item in items] == [2, 3, 5, 8]
    assert [row["name"] for row in read(answered(body, target="csv"))] == [*names[:2], "", "plain"]


def test_a_fault_stands_in_its_own_place_and_the_rest_is_answered() -> None:
    """With its line, however many blank ones there are."""
    body = f"{HEADER}\n{ROW}\n\n\nBad,B-2,fintec,modeling,batch\nshort,row\n{ROW}".encode()
    items = answered(body)
    assert [item["line"] for item in items] == [2, 5, 6, 7]
    assert ["errors" in item for item in items] == [False, True, True, False]
    assert (items[1]["reference"], items[1]["errors"][0]["did_you_mean"]) == ("B-2", "fintech")
    assert items[2]["errors"][0]["code"] == "wrong_width"
    assert {**items[0], "line": 7} == items[3]
    said = read(answered(body, target="csv"))
    assert [row["errors"] for row in said[::3]] == ["", ""]
    assert said[1]["errors"] == "industry: 'fintec' is not an industry; did you mean 'fintech'?"
    assert said[1]["lean"] == ""


def test_lines_of_json_are_answered_like_rows() -> None:
    """One object a line; a line that is no JSON is a fault of that line."""
    good = {
        "name": "Fraud",
        "reference": "A-1",
        "industry": "finance",
        "phase": "modeling",
        "deployment": {"pattern": "batch"},
    }
    lines = [json.dumps(good), "", "{", '{"industry": "finance", "industry": "retail"}', "7", json.dumps(good)]
    items = [json.loads(line) for line in answered("\n".join(lines).encode(), "ndjson", "ndjson").splitlines()]
    assert [item["line"] for item in items] == [1, 3, 4, 5, 6]
    assert [item.get("errors", [{}])[0].get("code") for item in items] == [
        None, "unreadable", "duplicate_key", "wrong_type", None,
    ]  # fmt: skip
    (row,) = answered(f"{HEADER}\n{ROW}\n".encode())
    assert {**items[0], "line": 2} == row


def test_an_array_is_answered_by_place() -> None:
    """`item` counts from 1; what is no array is refused."""
    items = answered(json.dumps([PROJECT, {}, PROJECT]).encode(), "json")
    assert [(item["item"], "errors" in item) for item in items] == [(1, False), (2, True), (3, False)]
    assert answered(b"[]", "json") == []
    with pytest.raises(InputError, match="send an array"):
        answered(b"{}", "json")


@pytest.mark.parametrize("target", ["csv", "ndjson", "json"])
@pytest.mark.parametrize("source", ["csv", "ndjson"])
def test_blocks_join_to_what_one_block_gives(source: str, target: str) -> None:
    """In every format, and an array stays one."""
    line = ROW if source == "csv" else json.dumps(PROJECT)
    body = "".join(f"{one}\n" for one in [HEADER] * (source == "csv") + [line] * 9).encode()
    chunks = [part + b"\n" for part in body.split(b"\n")[:-1]]
    assert answered(chunks, source, target) == answered(body, source, target)


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("name,industry,phse,deployment.pattern", ["unknown_field", "required"]),
        ("industry,industry,phase,deployment.pattern", ["duplicate"]),
        ("industry,phase,deployment.pattern,", ["unnamed"]),
        ("industry;phase;deployment.pattern", ["wrong_separator"]),
        ("industry\tphase\tdeployment.pattern", ["wrong_separator"]),
        ("industry;phase", ["wrong_separator"]),
        ("industry|phase", ["unknown_field", "required", "required", "required"]),
        ("deployment,industry,phase", ["unknown_field", "required"]),
    ],
)
def test_a_wrong_header_is_refused_whole(header: str, codes: list[str]) -> None:
    """Every fault of it at once, before anything is answered."""
    with pytest.raises(InputError) as refused:
        answered(f"{header}\n{ROW}\n".encode())
    assert [fault.code for fault in refused.value.faults] == codes


def test_a_wrong_column_is_told_which_was_meant() -> None:
    """The nearest name of the contract."""
    with pytest.raises(InputError, match=r"did you mean 'deployment\.pattern'"):
        answered(b"industry,phase,deployment.patern\n")


def test_a_column_that_is_a_group_is_told_its_fields() -> None:
    """The group's own name would be no way out."""
    with pytest.raises(InputError, match=r"'team' has fields of its own: name one of them, such as 'team\.size'"):
        answered(b"industry,phase,deployment.pattern,team\n")


def test_a_description_may_stand_for_required_columns() -> None:
    """Then it is for each row to say what it must."""
    body = b"industry,description\nfinance,A proof of concept, scored in nightly batches\nfinance,Words\n".replace(
        b"t,", b"t;"
    )
    items = answered(body)
    assert [entry["field"] for entry in items[0]["inferred"]] == ["phase", "deployment.pattern"]
    assert {fault["code"] for fault in items[1]["errors"]} == {"required"}
    assert read(answered(body, target="csv"))[0]["inferred"] == "phase deployment.pattern"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "empty"),
        (f'{HEADER}\n{ROW}\n"open,{"x" * 50}'.encode(), "never closed"),
        (f'{HEADER}\n5" pipe,,finance,modeling,batch\n'.encode(), "quotes doubled"),
        (f'{HEADER}\n"5" pipe,,finance,modeling,batch\n'.encode(), "quotes doubled"),
        (f"{HEADER}\n{ROW}\n".encode() + b"\xe9,,finance,modeling,batch\n", "UTF-8"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), "UTF-8"),
        (f"{HEADER}\r{ROW}\r".encode(), "carriage return"),
        (f"{HEADER}\n".encode() + b'"' + b"x\n" * LONGEST, "longer than"),
        (b"x" * (LONGEST + 1), "longer than"),
    ],
    ids=[
        "nothing", "open quote", "stray quote", "stray text", "Latin-1", "UTF-16", "old Mac", "endless cell",
        "endless line",
    ],
)  # fmt: skip
def test_what_is_no_csv_ends_the_batch(body: bytes, problem: str) -> None:
    """With what is wrong; nothing after it is guessed at."""
    chunks = [body[at : at + 4_096] for at in range(0, len(body), 4_096)]
    with pytest.raises((UnreadableError, BatchCutError), match=problem):
        answered(chunks)


@pytest.mark.parametrize("target", ["csv", "ndjson", "json"])
def test_a_batch_that_breaks_off_says_so_in_its_own_format(target: str) -> None:
    """After the answers so far, with the line; and no reader can take it for whole."""
    body = [f"{HEADER}\n{ROW}\n".encode(), f'{ROW}\n5" pipe,,finance,modeling,batch\n{ROW}\n'.encode()]
    pieces: list[bytes] = []
    with pytest.raises(BatchCutError) as broken:
        pieces.extend(piece.body for piece in batch().answer(body, "csv", target))
    said = b"".join([*pieces, broken.value.last])
    assert said.count(b"Fraud") == 1
    if target == "csv":
        last = read(said)[-1]
        assert (last["line"], last["errors"][:27]) == ("4", "the batch breaks off here, ")
    elif target == "ndjson":
        last = json.loads(said.splitlines()[-1])
        assert (last["line"], last["cut"], last["errors"][0]["code"]) == (4, True, "cut")
    else:
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(said)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("=1+1", "'=1+1"), ("+SUM(A1)", "'+SUM(A1)"), ("-2+3", "'-2+3"), ("@x", "'@x"), ("＝1", "'＝1"),
     ("-42", "-42"), ("+1.5e3", "+1.5e3"), ("a=b", "a=b"), ("'=1", "'=1"), ('=1,"x"', "'=1,\"x\"")],
)  # fmt: skip
def test_no_cell_of_text_is_a_formula_and_a_number_stays_one(name: str, shown: str) -> None:
    """A guard of one apostrophe, where a spreadsheet would compute."""
    (row,) = read(answered(table([HEADER.split(","), [name, name, "finance", "modeling", "batch"]]), target="csv"))
    assert (row["name"], row["reference"]) == (shown, shown)


def test_faults_and_figures_are_no_formulas_either() -> None:
    """A fault that begins with what was sent is guarded; a negative net is a number."""
    body = f"{HEADER}\n,,finance,deployment,real_time\n,,finance,modeling,=1+1\n".encode()
    said = read(answered(body, target="csv"))
    assert int(said[0]["score.net"]) < 0
    assert said[1]["errors"].startswith("deployment.pattern: '=1+1'")


def test_columns_of_csv_are_the_dotted_names_of_a_single_answer() -> None:
    """But for the place, and the warnings and faults, which are told in one cell."""
    said = {"industry": "finance", "phase": "modeling", "deployment.pattern": "batch", "team.existing.ml_engineer": "1"}
    body = engine().recommend(load_project(nest(said.items())).project)

    def dotted(value: dict[str, Any], path: str = "") -> Iterator[str]:
        for key, inner in value.items():
            yield f"{path}{key}"
            if isinstance(inner, dict):
                yield from dotted(inner, f"{path}{key}.")

    assert set(COLUMNS) - set(dotted(body)) == {"name", "reference", "errors"}
    head = ",".join(["line", *COLUMNS]).encode() + b"\r\n"
    assert answered(f"{HEADER}\n{ROW}\n".encode(), target="csv").startswith(head)


def test_the_answers_of_a_file_can_be_gone_on_with_from_any_block() -> None:
    """From a piece's size and line on, the rest comes out as it would have."""
    rows = [f"Project {number},R,finance,modeling,batch" for number in range(40)]
    body = "\n".join([HEADER, *rows, ""]).encode()
    chunks = [body[at : at + 300] for at in range(0, len(body), 300)]
    pieces = list(batch().answer(chunks, "csv", "csv"))
    assert sum(piece.size for piece in pieces) == len(body)
    assert sum(piece.items for piece in pieces) == 40
    for place in range(2, len(pieces) - 1):
        done, line = sum(piece.size for piece in pieces[:place]), pieces[place - 1].line
        rest = batch().answer([body[done:]], "csv", "csv", header=HEADER.split(","), line=line)
        assert b"".join(piece.body for piece in rest) == b"".join(piece.body for piece in pieces[place:])
