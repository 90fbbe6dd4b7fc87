"""API keys: what one is made of, and the file that they are kept in."""

from __future__ import annotations

import fcntl
import hmac
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex, token_urlsafe
from tempfile import NamedTemporaryFile
from typing import Any

import orjson
from marshmallow import Schema, ValidationError, fields, post_load, validate

_PRESENTED = re.compile(r"stf_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NO_DIGEST = "0" * 64  # compared with where no key has the id, so that an unknown one takes as long as a wrong one


@dataclass(frozen=True, slots=True)
class Key:
    """One key as it is kept: never its secret, only the SHA-256 of it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime | None
    sha256: str = field(repr=False)

    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires is not None and self.expires <= datetime.now(UTC)


class Keys:
    """The keys of one version of the file."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._by_id = {key.id: key for key in keys}

    def find(self, presented: str) -> Key | None:
        """The key that was presented as `stf_<id>_<secret>`, if it is known and its time is not over."""
        said = _PRESENTED.fullmatch(presented)
        if said is None:
            return None
        key = self._by_id.get(said[1])
        right = hmac.compare_digest(_digest(said[2]), key.sha256 if key else _NO_DIGEST)
        return key if key and right and not key.expired() else None


def read_keys(text: bytes) -> list[Key]:
    """The keys of a file's text; raises ValueError, which never quotes the text, where it is not one of keys."""
    try:
        return list(_FILE.load(orjson.loads(text))["keys"])
    except orjson.JSONDecodeError:
        raise ValueError("not JSON") from None
    except ValidationError as error:
        raise ValueError(f"not a list of keys: {', '.join(_paths(error.messages))}") from None


def list_keys(path: Path) -> list[Key]:
    """The keys that the file holds; raises OSError or ValueError where it can't be read."""
    return read_keys(path.read_bytes())


def make_key(path: Path, name: str, scopes: Iterable[str], expires: datetime | None) -> tuple[Key, str]:
    """Add a key to the file, which is made if there is none; return it, and what its holder presents."""
    secret = token_urlsafe(32)
    made = Key(token_hex(6), name, tuple(sorted(set(scopes))), _now(), expires, _digest(secret))
    with _locked(path):
        _write(path, [*(list_keys(path) if path.exists() else ()), made])
    return made, f"stf_{made.id}_{secret}"


def revoke_key(path: Path, name: str) -> Key:
    """Take the key of that id out of the file, and return it; raises LookupError where there is none."""
    with _locked(path):
        keys = list_keys(path)
        gone = next((key for key in keys if key.id == name), None)
        if gone is None:
            raise LookupError(f"There is no key of the id {name!r}.")
        _write(path, [key for key in keys if key is not gone])
    return gone


class _KeySchema(Schema):
    id = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{12}\Z"))
    name = fields.String(required=True, validate=validate.Length(1, 100))
    scopes = fields.List(fields.String(), required=True)
    created = fields.AwareDateTime(required=True)
    expires = fields.AwareDateTime(required=True, allow_none=True)
    sha256 = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Key:
        return Key(**{**data, "scopes": tuple(data["scopes"])})


class _FileSchema(Schema):
    keys = fields.List(fields.Nested(_KeySchema), required=True)


_FILE = _FileSchema()


def _paths(messages: Any, path: str = "") -> Iterator[str]:
    """Where a file is wrong, without what stands there."""
    if not isinstance(messages, dict):
        yield path or "the whole"
        return
    for name, inner in messages.items():
        yield from _paths(inner, f"{path}.{name}" if path else str(name))


def _digest(secret: str) -> str:
    # No slow hash: a secret of 256 random bits is not to be guessed, and each request would pay for one.
    return sha256(secret.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Wait for others who change the file; the lock's own file stays, since taking it away would let two in."""
    with os.fdopen(os.open(f"{path}.lock", os.O_CREAT | os.O_WRONLY, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, keys: list[Key]) -> None:
    """Put the keys in the file's place at once, so that a reader has the old file or the new one, never a part."""
    target = path.resolve()
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        try:
            file.write(orjson.dumps(_FILE.dump({"keys": keys}), option=orjson.OPT_INDENT_2) + b"\n")
            _own_as_before(file.fileno(), target)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _own_as_before(file: int, target: Path) -> None:
    """Keep owner and mode: who reads the file now must be able to read it on. A new one is its maker's alone."""
    if target.exists():
        before = target.stat()
        os.fchown(file, before.st_uid, before.st_gid)
        os.fchmod(file, before.st_mode & 0o7777)
