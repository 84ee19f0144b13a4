"""Keys of households and persons as 64-bit hashes that are the same in every process, to find those in two files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import TableError, listed
from civaffairs.tables.files import opened
from civaffairs.tables.frames import extra

Hashes: TypeAlias = "NDArray[np.uint64]"
"""One hash a key, 8 bytes."""

KEYS = ("household_id", "person_id")
BATCH = 1 << 16
NO_KEYS: Hashes = np.empty(0, np.uint64)

_digest = partial(blake2b, digest_size=8)


def key_hashes(keys: Iterable[object]) -> Hashes:
    """Hash keys as they are compared, without the blanks around them; Python's own hash differs in every process.

    Examples
    --------
    >>> key_hashes(["H1", " H1 ", "H2"]).tolist()
    [14683136532060473684, 14683136532060473684, 17412713939444542439]
    """
    digests = [_digest(str(key).strip().encode("utf-8", "surrogatepass")).digest() for key in keys]
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


@attrs.frozen(kw_only=True, eq=False)
class FileKeys:
    """What one pass over the two key columns of a file tells.

    Attributes
    ----------
    path
        The file.
    rows
        How many rows it has.
    households, persons
        Hashes of the keys in it, each once; rows without a key are not among them.
    """

    path: Path
    rows: int
    households: Hashes
    persons: Hashes


def keys_of(path: Path) -> FileKeys:
    """Read only the keys of a Parquet file.

    Raises
    ------
    TableError
        If it cannot be read, or its header is not that of a roster.
    """
    opened(path)
    households, persons, rows = [NO_KEYS], [NO_KEYS], 0
    for batch in extra("pyarrow.parquet").ParquetFile(path).iter_batches(batch_size=BATCH, columns=list(KEYS)):
        homes, people = (batch.column(name).to_pylist() for name in KEYS)
        households.append(key_hashes(_filled(dict.fromkeys(homes))))
        persons.append(key_hashes(_filled(people)))
        rows += len(homes)
    return FileKeys(
        path=path,
        rows=rows,
        households=np.unique(np.concatenate(households)),
        persons=np.unique(np.concatenate(persons)),
    )


def _filled(keys: Iterable[object]) -> list[object]:
    """Leave out the keys of which there is nothing."""
    return [key for key in keys if key is not None and str(key).strip()]


def in_several(each: Sequence[Hashes]) -> Hashes:
    """Find what is in more than one of some arrays, in each of which everything is there once.

    Examples
    --------
    >>> in_several([np.array([1, 2], np.uint64), np.array([2, 3], np.uint64)]).tolist()
    [2]
    """
    every = np.sort(np.concatenate([NO_KEYS, *each]))
    return np.unique(every[1:][every[1:] == every[:-1]])


def check_whole(files: Sequence[FileKeys]) -> None:
    """Check that no household has rows in two files.

    Raises
    ------
    TableError
        If one has: a part of a family is another family, with another amount.
    """
    split = in_several([file.households for file in files])
    if not len(split):
        return
    among = [file.path.name for file in files if np.isin(file.households, split).any()]
    count = f"{len(split):,} household{'s have' if len(split) > 1 else ' has'} rows in more than one file"
    msg = (
        f"{count}: {listed(among)}; a household is assessed as a whole, so nothing was assessed. "
        f"civaffairs.distributed.write_partitions(source, folder) puts each household into one file"
    )
    raise TableError(msg)
