"""Values that prove they are what was stored, under the key they were stored under."""

from hashlib import sha256

from service.cache.tier import Corrupt

SEAL_BYTES = 16


def seal(key: str, value: bytes) -> bytes:
    """Return the value behind a checksum of it and its key."""
    return _checksum(key, value) + value


def unseal(key: str, sealed: bytes) -> bytes:
    """Return the value that was sealed. Raises `Corrupt` if a bit of it, or the key, differs."""
    value = sealed[SEAL_BYTES:]
    if sealed[:SEAL_BYTES] != _checksum(key, value):
        raise Corrupt(key)
    return value


def _checksum(key: str, value: bytes) -> bytes:
    name = key.encode()
    # The length keeps a key's end apart from its value's beginning.
    return sha256(b"%d:%b%b" % (len(name), name, value)).digest()[:SEAL_BYTES]
