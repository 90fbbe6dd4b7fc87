"""Plans in the layouts that planning tools take in; docs/adr/0008-plans.md says what each is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from service.exports import canonical, float_app, kantata, msproject, runn, smartsheet
from service.exports.layout import CSV, JSON, Row

__all__ = ["FORMATS", "Export", "Row"]


@dataclass(frozen=True, slots=True)
class Export:
    """One layout: how rows are written in it, and what the file is."""

    write: Callable[[Sequence[Row]], bytes]
    content_type: str

    @property
    def extension(self) -> str:
        """What its file names end in."""
        return "json" if self.content_type == JSON else "csv"


FORMATS: Mapping[str, Export] = MappingProxyType(
    {
        "csv": Export(canonical.write, CSV),
        "float": Export(float_app.write, JSON),
        "runn": Export(runn.write, JSON),
        "kantata": Export(kantata.write, JSON),
        "smartsheet": Export(smartsheet.write, CSV),
        "msproject": Export(msproject.write, CSV),
    }
)
