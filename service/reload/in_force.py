"""The rulebook in force: one accepted text for all workers of a server, whatever becomes of its file meanwhile."""

from __future__ import annotations

from pathlib import Path

FOLDER = "STAFFING_FOLDER"  # in the environment of a server's processes: the folder that they share; its master sets it


class InForce:
    """The text that was accepted last, and why a newer one was not, in a folder that the processes share."""

    def __init__(self, folder: Path) -> None:
        self.rulebook = folder / "rulebook.yaml"
        self._refusal = folder / "refusal"

    def accept(self, text: bytes) -> None:
        """Put a rulebook into force, and forget what was refused before it."""
        _write(self.rulebook, text)
        self._refusal.unlink(missing_ok=True)

    def refuse(self, reason: str) -> None:
        """Keep the rulebook, and say why a newer one was not taken up."""
        _write(self._refusal, reason.encode())

    @property
    def refusal(self) -> str | None:
        """Why the newest rulebook is not in force, or None where it is."""
        try:
            return self._refusal.read_text("utf-8")
        except FileNotFoundError:
            return None


def _write(path: Path, text: bytes) -> None:
    """Replace the file at once: who reads it has all of the old text or all of the new."""
    new = path.with_suffix(".new")
    new.write_bytes(text)
    new.replace(path)
