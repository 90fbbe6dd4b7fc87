"""Free text to the fields of a request: deterministic, no network, from `rules/lexicon.yaml`."""

from schemas.text.interpretation import Found, Interpretation, SetAside, interpret

__all__ = ["Found", "Interpretation", "SetAside", "interpret"]
