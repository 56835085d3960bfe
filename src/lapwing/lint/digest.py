"""A short name of a content: equal contents, equal names."""

import hashlib


def digest_of(content: bytes) -> str:
    """24 hexadecimal digits of BLAKE2b."""
    return hashlib.blake2b(content, digest_size=12).hexdigest()
