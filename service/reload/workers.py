"""The workers of a server, as they tell in the folder that its processes share; a file a worker."""

from __future__ import annotations

from pathlib import Path


class Workers:
    """Who serves, who is ready for it, and who is to be replaced. Each is known by its process id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "workers"
        self._folder.mkdir(exist_ok=True)

    def begin(self, pid: int) -> None:
        """A worker was started, and may have read the rulebook in force from now on."""
        (self._folder / f"{pid}").touch()

    def load(self, pid: int) -> None:
        """The worker has loaded the application, and takes requests."""
        (self._folder / f"{pid}.ready").touch()

    def retire(self, pid: int) -> bool:
        """Have the worker not replaced when it ends; false if it has ended."""
        try:
            (self._folder / f"{pid}").rename(self._folder / f"{pid}.retired")  # at once: it may be ending
        except FileNotFoundError:
            return False
        return True

    def end(self, pid: int) -> bool:
        """The worker has ended; true if it was retired."""
        (self._folder / f"{pid}").unlink(missing_ok=True)
        (self._folder / f"{pid}.ready").unlink(missing_ok=True)
        retired = self._folder / f"{pid}.retired"
        if not retired.exists():
            return False
        retired.unlink()
        return True

    def serving(self) -> list[int]:
        """Those that were started and are not retired."""
        return sorted(int(file.name) for file in self._folder.iterdir() if not file.suffix)

    def ready(self) -> set[int]:
        """Those that take requests, retired or not."""
        return {int(file.stem) for file in self._folder.glob("*.ready")}
