"""A portfolio's programme solved by HiGHS, on one thread and from a fixed seed: the answer is always the same.

HiGHS lets go of Python's lock while it searches. In a gevent worker that is of use only to a thread of the system's,
which here are few: searches that share a processor find less in their time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple

import highspy
from gevent.monkey import is_module_patched  # type: ignore[import-untyped]
from gevent.threadpool import ThreadPool  # type: ignore[import-untyped]

from rules.portfolio import Programme, assigned, programme
from rules.portfolio_start import first_answer
from schemas.portfolio import Portfolio, demands_of, members_of
from schemas.portfolio_body import portfolio_body

Json = dict[str, Any]

SECONDS = 5.0
_AT_ONCE = 2  # searches a worker


class Solution(NamedTuple):
    """A whole number a column; `optimal` unless the time ran out before that was proved."""

    values: list[int]
    optimal: bool


def shared(asked: Portfolio, answers: Sequence[Json]) -> Json:
    """The body of a portfolio whose projects were answered so; others are answered while it is made."""
    members, demands = members_of(asked), demands_of(answers)
    model = programme(members, demands, asked.pool)
    solution = solve_beside(model)
    placed = assigned(members, demands, asked.pool, model, solution.values)
    return portfolio_body(placed, answers, optimal=solution.optimal)


@cache
def _threads() -> ThreadPool:
    return ThreadPool(_AT_ONCE)


def solve_beside(programme: Programme) -> Solution:
    """What `solve` finds, while other requests are answered."""
    if not is_module_patched("threading"):
        return solve(programme)
    solution: Solution = _threads().apply(solve, (programme,))
    return solution


def solve(programme: Programme, seconds: float = SECONDS) -> Solution:
    """The best values that are found within so many seconds; no worse than the first ones, which take none."""
    solver = _Quiet()  # type: ignore[no-untyped-call]
    options = {"output_flag": False, "threads": 1, "random_seed": 0, "time_limit": seconds}
    for name, value in {**options, "mip_rel_gap": 1e-7, "mip_abs_gap": 1e-6}.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(programme))
    first = highspy.HighsSolution()
    first.col_value = list(map(float, first_answer(programme)))
    solver.setSolution(first)
    solver.run()
    found = solver.getSolution()
    values = found.col_value if found.value_valid else first.col_value
    return Solution([round(value) for value in values], solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


class _Quiet(highspy.Highs):
    def enableCallbacks(self) -> None:  # noqa: N802 (its constructor calls this, and greets on standard output)
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _model(programme: Programme) -> highspy.HighsLp:
    columns, rows = programme.columns, programme.rows
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(columns), len(rows)
    model.col_cost_ = [column.cost for column in columns]
    model.col_lower_, model.col_upper_ = [0.0] * len(columns), [float(column.most) for column in columns]
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
    model.row_lower_, model.row_upper_ = [-highspy.kHighsInf] * len(rows), [row.most for row in rows]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = [0, *accumulate(len(row.terms) for row in rows)]
    model.a_matrix_.index_ = [place for row in rows for place in row.terms]
    model.a_matrix_.value_ = [factor for row in rows for factor in row.terms.values()]
    return model
