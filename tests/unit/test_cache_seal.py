"""A sealed value comes out as it went in, under its own key, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cache.seal import SEAL_BYTES, seal, unseal
from service.cache.tier import Corrupt

keys = st.text(max_size=80).filter(lambda key: key.isprintable())


@given(keys, st.binary())
def test_a_sealed_value_comes_back(key: str, value: bytes) -> None:
    """Sealing loses nothing."""
    assert unseal(key, seal(key, value)) == value


@given(keys, st.binary(), st.data())
def test_a_changed_bit_is_noticed(key: str, value: bytes, data: st.DataObject) -> None:
    """Any single bit, of the checksum or of the value."""
    sealed = bytearray(seal(key, value))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(Corrupt):
        unseal(key, bytes(sealed))


@given(keys, st.binary(), st.data())
def test_a_cut_value_is_noticed(key: str, value: bytes, data: st.DataObject) -> None:
    """Wherever it is cut, and also when nothing is left."""
    sealed = seal(key, value)

    with pytest.raises(Corrupt):
        unseal(key, sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@given(keys, st.binary(), st.binary(min_size=1))
def test_a_lengthened_value_is_noticed(key: str, value: bytes, more: bytes) -> None:
    """Nothing can be appended."""
    with pytest.raises(Corrupt):
        unseal(key, seal(key, value) + more)


@given(keys, keys, st.binary())
def test_another_keys_value_is_noticed(key: str, other: str, value: bytes) -> None:
    """The checksum is bound to the key."""
    if key != other:
        with pytest.raises(Corrupt):
            unseal(other, seal(key, value))


def test_the_end_of_a_key_is_not_the_start_of_a_value() -> None:
    """Moving bytes between key and value gives another checksum."""
    assert seal("ab", b"c")[:SEAL_BYTES] != seal("a", b"bc")[:SEAL_BYTES]


@given(st.binary(max_size=64))
def test_bytes_that_nobody_sealed_are_noticed(sealed: bytes) -> None:
    """Whatever somebody else stored there."""
    with pytest.raises(Corrupt):
        unseal("key", sealed)
