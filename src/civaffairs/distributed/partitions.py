"""Partitions of whole households: a table of any order written as files, and a stream of batches cut at households."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from civaffairs.distributed.keys import key_hashes
from civaffairs.distributed.parts import BLOCK
from civaffairs.errors import TableError, UsageError
from civaffairs.tables import ArrowStream
from civaffairs.tables.frames import extra

if TYPE_CHECKING:
    import pyarrow

KEY = "household_id"
BATCH = 1 << 18
OPEN_FILES = 200
"""How many files are open at once; for more of them the source is read again."""


def whole_households(batches: Iterable[pyarrow.RecordBatch], *, rows: int = BLOCK) -> Iterator[pyarrow.Table]:
    """Cut a stream of batches, in which the rows of a household follow each other, where one household ends.

    Parameters
    ----------
    batches
        Record batches of Arrow, one after the other.
    rows
        About how many rows to give at once; never a part of a household.

    Yields
    ------
    pyarrow.Table
        Whole households, in the order in which they came.

    Examples
    --------
    >>> import pyarrow
    >>> table = pyarrow.table({"household_id": ["H1", "H1", "H2", "H3", "H3"], "person_id": list("ABCDE")})
    >>> cut = whole_households(table.to_batches(max_chunksize=2), rows=2)
    >>> [part["person_id"].to_pylist() for part in cut]
    [['A', 'B', 'C'], ['D', 'E']]
    """
    pyarrow = extra("pyarrow")
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) <= rows:
            continue
        table = pyarrow.Table.from_batches(waiting)
        ends = _last_household(table)
        if ends:
            yield table.slice(0, ends)
        waiting = table.slice(ends).to_batches()
    if sum(one.num_rows for one in waiting):
        yield pyarrow.Table.from_batches(waiting)


def _last_household(table: Any) -> int:  # noqa: ANN401 -- pyarrow publishes no types
    """Find where the last household of a table begins; it may go on in the next batch."""
    keys = [str(key).strip() for key in table.column(KEY).to_pylist()]
    at = len(keys) - 1
    while at and keys[at - 1] == keys[-1]:
        at -= 1
    return at


def write_partitions(source: str | Path | ArrowStream, folder: str | Path, *, rows: int = 500_000) -> list[Path]:
    """Write a table, in whatever order its rows are, as Parquet files of whole households.

    A household goes to the file that the hash of its key says, and each file is sorted by household. The source is
    read once, or once for every 200 files; memory is one file. Cells are not looked at: the border does that later.

    Parameters
    ----------
    source
        A Parquet file, a folder of them, or a data frame that hands itself over to Arrow. CSV is read first with
        `civaffairs.tables`, which says what is wrong with it.
    folder
        A new or empty folder.
    rows
        About how many rows a file should have.

    Returns
    -------
    list of Path
        The files, ``part-00000.parquet`` and so on; one to which no household fell is not written.

    Examples
    --------
    >>> import tempfile, pyarrow
    >>> from pyarrow.parquet import read_table
    >>> table = pyarrow.table({"household_id": ["H1", "H2", "H1"], "person_id": ["P1", "P2", "P3"]})
    >>> with tempfile.TemporaryDirectory() as place:
    ...     paths = write_partitions(table, Path(place) / "parts", rows=2)
    ...     print([read_table(path)["household_id"].to_pylist() for path in paths])
    [['H1', 'H1'], ['H2']]
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"the folder {folder} is not empty; name another"
        raise UsageError(msg)
    folder.mkdir(parents=True, exist_ok=True)
    batches = _Batches(source)
    count = max(1, -(-batches.rows // max(rows, 1)))
    paths = []
    with TemporaryDirectory(prefix=".civaffairs-", dir=folder) as place:
        for first in range(0, count, OPEN_FILES):
            buckets = range(first, min(first + OPEN_FILES, count))
            for bucket, unsorted in _spilled(batches, count, buckets, Path(place)):
                paths.append(folder / f"part-{bucket:05d}.parquet")
                _sort(unsorted, paths[-1])
    return paths


class _Batches:
    """A source that can be read more than once."""

    def __init__(self, source: str | Path | ArrowStream) -> None:
        pyarrow, parquet = extra("pyarrow"), extra("pyarrow.parquet")
        self._table = None if isinstance(source, str | Path) else pyarrow.table(source)
        path = Path(source) if isinstance(source, str | Path) else Path()
        self._paths = sorted(path.rglob("*.parquet")) if path.is_dir() and self._table is None else [path]
        if self._table is not None:
            self.rows, self.schema = self._table.num_rows, self._table.schema
            return
        if not self._paths or self._paths[0].suffix.lower() != ".parquet":
            msg = f"{path.name} is no Parquet file and no folder of them"
            raise TableError(msg)
        self.rows = sum(parquet.ParquetFile(one).metadata.num_rows for one in self._paths)
        self.schema = parquet.ParquetFile(self._paths[0]).schema_arrow

    def __iter__(self) -> Iterator[Any]:
        if self._table is not None:
            yield from self._table.to_batches(max_chunksize=BATCH)
            return
        parquet = extra("pyarrow.parquet")
        for path in self._paths:
            file = parquet.ParquetFile(path)
            if file.schema_arrow.remove_metadata() != self.schema.remove_metadata():
                msg = f"{path.name} has other columns or types than {self._paths[0].name}"
                raise TableError(msg)
            yield from file.iter_batches(batch_size=BATCH)


def _spilled(batches: _Batches, count: int, buckets: range, place: Path) -> Iterator[tuple[int, Path]]:
    """Put the rows of some buckets into a file each, in one pass over the source."""
    parquet = extra("pyarrow.parquet")
    writers: dict[int, Any] = {}
    for batch in batches:
        keys = ["" if key is None else key for key in batch.column(KEY).to_pylist()]
        bucket = (key_hashes(keys) % np.uint64(count)).astype(np.int64)
        for which in set(np.unique(bucket).tolist()) & set(buckets):
            if which not in writers:
                writers[which] = parquet.ParquetWriter(place / f"{which}.parquet", batch.schema)
            writers[which].write_batch(batch.take(extra("pyarrow").array(np.flatnonzero(bucket == which))))
    for which in sorted(writers):
        writers[which].close()
        yield which, place / f"{which}.parquet"


def _sort(unsorted: Path, path: Path) -> None:
    """Write a file again in the order of its households, whose keys are compared without the blanks around them."""
    parquet = extra("pyarrow.parquet")
    table = parquet.read_table(unsorted)
    keys = np.array([str(key).strip() for key in table.column(KEY).to_pylist()])
    parquet.write_table(table.take(np.argsort(keys, kind="stable")), path)
    unsorted.unlink()
