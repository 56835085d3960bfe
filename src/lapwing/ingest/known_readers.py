"""All readers, in the order in which they are asked whether a file is theirs."""

from typing import Final

from lapwing.ingest.reader import Reader

READERS: Final[tuple[Reader, ...]] = ()
