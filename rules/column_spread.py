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
_AT_ONCE = 512  # projects, whose transforms stay in the processor's cache


def spread(raw: Array, counted: Array, spans: Array, ratios: RatioTable) -> tuple[Array, Array, Array]:
    """Return `low` and `high` of net and the confidence in percent.

    `counted` has the number of strengths in the sum; `spans`, of shape (2, fields,
    projects), how far each open question may move net down and up.
    """
    first = np.minimum(spans[0], 0).sum(axis=0) - counted
    width = np.maximum(spans[1], 0).sum(axis=0) + counted - first + 1
    upto = _cumulative(first, counted, spans, int(width.max(initial=1)))
    low, high = (upto <= _TAIL).sum(axis=1), (upto < 1 - _TAIL).sum(axis=1)
    kept = 100 * _within_lean(upto, raw, raw + first, ratios)
    unsure = _beside(upto, low, _TAIL) | _beside(upto, high, 1 - _TAIL) | (abs(kept % 1 - 0.5) < 100 * _NEAR)
    low, high = raw + first + low, raw + first + high
    confidence = np.rint(kept).astype(np.int64)
    for row in unsure.nonzero()[0].tolist():
        drawn = tuple(span for span in zip(*spans[:, :, row].tolist(), strict=True) if any(span))
        exact = uncertainty.spread(int(raw[row]), int(counted[row]), drawn, ratios)
        low[row], high[row], confidence[row] = exact.low, exact.high, round(100 * exact.confidence)
    return low, high, confidence


def _beside(upto: Array, place: Array, edge: float) -> Array:
    """Whether the edge might be on the other side of one of the two values that it lies between."""
    rows, last = np.arange(len(place)), upto.shape[1] - 1
    beside = (upto[rows, (place - by).clip(0, last)] for by in (0, 1))
    near: Array = np.logical_or(*(abs(value - edge) < _NEAR for value in beside))
    return near


def _within_lean(upto: Array, raw: Array, first: Array, ratios: RatioTable) -> Array:
    """The chance that net stays where the lean is what it is; `first` is the net that column 0 of `upto` stands for."""
    leans = [ratios.span(ratios.lean(net)) for net in range(-ratios.scale.bound, ratios.scale.bound + 1)]
    far = 1 << 40  # stands for an open side
    edges = np.array([[max(least, -far), min(most, far)] for least, most in leans]).astype(np.int64)
    least, most = edges[raw.clip(-ratios.scale.bound, ratios.scale.bound) + ratios.scale.bound].T
    rows, last = np.arange(len(raw)), upto.shape[1] - 1

    def below(net: Array) -> Array:
        place = net - first - 1
        return np.where(place < 0, 0, upto[rows, place.clip(0, last)])

    return below(most + 1) - below(least)


def _cumulative(first: Array, counted: Array, spans: Array, width: int) -> Array:
    """The cumulative distribution of the shift of net, of shape (projects, width), from each project's `first` on."""
    size = width + (width % 3 == 0)  # a draw's transform has a zero, and no logarithm, only where three divides it
    reach = int(abs(spans).max(initial=1))
    codes = (spans[0] + reach) * (2 * reach + 1) + spans[1] + reach
    still = reach * (2 * reach + 2)
    kinds = np.bincount(codes.ravel(), minlength=still + 1)
    kinds[still] = 0
    drawn = kinds.nonzero()[0]
    numbers = np.zeros(len(kinds), np.int64)
    numbers[drawn] = np.arange(1, len(drawn) + 1)
    kind_count, rows = len(drawn) + 3, np.arange(len(first))
    draws = np.bincount((numbers[codes] + kind_count * rows).ravel(), minlength=kind_count * len(rows)).astype(float)
    draws = draws.reshape(len(rows), kind_count)
    draws[:, 0] = 0  # questions that move nothing were counted here
    draws[:, -2], draws[:, -1] = counted, -first
    outcomes = [divmod(code, 2 * reach + 1) for code in drawn.tolist()]
    lengths, angles = _logarithms(size, (*((low - reach, high - reach) for low, high in outcomes), (-1, 1)))
    upto = np.empty((len(rows), width))
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        length, angle = np.exp(draws[part, :-1] @ lengths), draws[part] @ angles
        transform = np.empty(angle.shape, complex)
        transform.real, transform.imag = length * np.cos(angle), length * np.sin(angle)
        np.fft.irfft(transform, n=size, axis=1)[:, :width].cumsum(axis=1, out=upto[part])
    return upto


@lru_cache(maxsize=256)
def _logarithms(size: int, steps: tuple[tuple[int, int], ...]) -> tuple[Array, Array]:
    """By frequency, the logarithm of each draw's transform: its length and its angle, and last that of a step down."""
    turn = 2 * np.pi * np.arange(size // 2 + 1) / size
    transforms = [(1 + np.exp(-1j * turn * low) + np.exp(-1j * turn * high)) / 3 for low, high in steps]
    nothing = np.zeros(len(turn))
    lengths = [nothing, *(np.log(abs(transform)) for transform in transforms)]
    return np.array(lengths), np.array([nothing, *map(np.angle, transforms), -turn])
