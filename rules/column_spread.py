"""The range and the confidence of `uncertainty.py` for many projects at once.

The distribution of net is a product of draws of three outcomes each, so its Fourier
transform is one too. The logarithm of that is a sum: two matrix products give the
cumulative distribution of every project. A figure that lies too near to where it
would be rounded the other way is computed again in the exact integers of the scalar engine.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rules import uncertainty
from rules.ratio import RatioTable

Array: TypeAlias = NDArray[Any]
_NEAR = 1e-9  # far more than the rounding errors of a few hundred operations
_TAIL = 0.1
_AT_ONCE = 1024  # projects, whose transforms stay in the processor's cache


def spread(raw: Array, counted: Array, spans: Array, ratios: RatioTable) -> tuple[Array, Array, Array]:
    """Return `low` and `high` of net and the confidence in percent.

    `counted` has the number of strengths in the sum; `spans`, of shape (2, fields,
    projects), how far each open question may move net down and up.
    """
    first = np.minimum(spans[0], 0).sum(axis=0) - counted
    width = np.maximum(spans[1], 0).sum(axis=0) + counted - first + 1
    draws, steps = _draws(first, counted, spans)
    low, high, kept, unsure = np.empty((4, len(raw)))
    order = np.argsort(width, kind="stable")  # narrow ones together cost less
    for rows in (order[start : start + _AT_ONCE] for start in range(0, len(raw), _AT_ONCE)):
        upto = _cumulative(draws[rows], steps, int(width[rows[-1]]))
        least, most = (upto <= _TAIL).sum(axis=1), (upto < 1 - _TAIL).sum(axis=1)
        at = raw[rows] + first[rows]
        low[rows], high[rows] = at + least, at + most
        kept[rows] = 100 * _within_lean(upto, raw[rows], at, ratios)
        unsure[rows] = _beside(upto, least, _TAIL) | _beside(upto, most, 1 - _TAIL)
    confidence = np.rint(kept)
    for row in ((unsure != 0) | (abs(kept % 1 - 0.5) < 100 * _NEAR)).nonzero()[0].tolist():
        drawn = tuple(span for span in zip(*spans[:, :, row].tolist(), strict=True) if any(span))
        exact = uncertainty.spread(int(raw[row]), int(counted[row]), drawn, ratios)
        low[row], high[row], confidence[row] = exact.low, exact.high, round(100 * exact.confidence)
    return low.astype(np.int64), high.astype(np.int64), confidence.astype(np.int64)


def _beside(upto: Array, place: Array, edge: float) -> Array:
    """Whether the edge might be on the other side of one of the two values that it lies between."""
    rows, last = np.arange(len(place)), upto.shape[1] - 1
    beside = (upto[rows, (place - by).clip(0, last)] for by in (0, 1))
    near: Array = np.logical_or(*(abs(value - edge) < _NEAR for value in beside))
    return near


def _within_lean(upto: Array, raw: Array, first: Array, ratios: RatioTable) -> Array:
    """The chance that net stays where the lean is what it is; `first` is the net that column 0 of `upto` stands for."""
    least, most = _leans(ratios)[:, raw.clip(-ratios.scale.bound, ratios.scale.bound) + ratios.scale.bound]
    rows, last = np.arange(len(raw)), upto.shape[1] - 1

    def below(net: Array) -> Array:
        place = net - first - 1
        return np.where(place < 0, 0, upto[rows, place.clip(0, last)])

    return below(most + 1) - below(least)


@lru_cache(maxsize=8)
def _leans(ratios: RatioTable) -> Array:
    """By net from the lower bound on, the lowest and the highest net of its lean."""
    spans = [ratios.span(ratios.lean(net)) for net in range(-ratios.scale.bound, ratios.scale.bound + 1)]
    far = 1 << 40  # stands for an open side
    return np.array([[max(least, -far), min(most, far)] for least, most in spans]).astype(np.int64).T


def _draws(first: Array, counted: Array, spans: Array) -> tuple[Array, tuple[tuple[int, int], ...]]:
    """How many draws of each kind a project has, of shape (projects, kinds), and how far each kind steps down and up.

    A first column means nothing; the last are the counted strengths, and steps down to `first`, which are no draws.
    """
    reach = int(abs(spans).max(initial=1))
    codes = (spans[0] + reach) * (2 * reach + 1) + spans[1] + reach
    still = reach * (2 * reach + 2)  # a question that moves nothing, or none
    kinds = np.bincount(codes.ravel(), minlength=still + 1)
    kinds[still] = 0
    drawn = kinds.nonzero()[0]
    numbers = np.zeros(len(kinds), np.int64)
    numbers[drawn] = np.arange(1, len(drawn) + 1)
    count, rows = len(drawn) + 3, np.arange(len(first))
    draws = np.bincount((numbers[codes] + count * rows).ravel(), minlength=count * len(rows)).astype(float)
    draws = draws.reshape(len(rows), count)
    draws[:, -2], draws[:, -1] = counted, -first
    outcomes = (divmod(code, 2 * reach + 1) for code in drawn.tolist())
    return draws, (*((low - reach, high - reach) for low, high in outcomes), (-1, 1))


def _cumulative(draws: Array, steps: tuple[tuple[int, int], ...], width: int) -> Array:
    """The cumulative distribution of the shift of net, of shape (projects, width), from each project's first on."""
    size = width + (width % 3 == 0)  # a draw's transform has a zero, and no logarithm, only where three divides it
    lengths, angles = _logarithms(size, steps)
    length, angle = np.exp(draws[:, :-1] @ lengths), draws @ angles
    transform = np.empty(angle.shape, complex)
    transform.real, transform.imag = length * np.cos(angle), length * np.sin(angle)
    upto: Array = np.fft.irfft(transform, n=size, axis=1)[:, :width].cumsum(axis=1)
    return upto


@lru_cache(maxsize=1_024)
def _logarithms(size: int, steps: tuple[tuple[int, int], ...]) -> tuple[Array, Array]:
    """By frequency, the logarithm of each draw's transform: its length and its angle, and last that of a step down."""
    turn = 2 * np.pi * np.arange(size // 2 + 1) / size
    transforms = [(1 + np.exp(-1j * turn * low) + np.exp(-1j * turn * high)) / 3 for low, high in steps]
    nothing = np.zeros(len(turn))
    lengths = [nothing, *(np.log(abs(transform)) for transform in transforms)]
    return np.array(lengths), np.array([nothing, *map(np.angle, transforms), -turn])
