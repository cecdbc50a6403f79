"""Bytes within JSON."""

import pytest

from queue_core.estimate.laws.packing import packed, unpacked


@pytest.mark.parametrize("plain", [b"", b"\0", bytes(range(256)) * 6], ids=["none", "zero", "all"])
def test_what_is_packed_is_read_again(plain: bytes) -> None:
    assert unpacked(packed(plain)) == plain


def test_nothing_is_the_empty_string() -> None:
    assert packed(b"") == ""


@pytest.mark.parametrize("text", ["?", "AAAA"], ids=["no-base64", "not-compressed"])
def test_what_was_never_packed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="unreadable"):
        unpacked(text)
