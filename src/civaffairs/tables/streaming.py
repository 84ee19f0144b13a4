"""Files larger than memory: blocks of whole households, wherever in the file their rows are."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise, repeat
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import TableError
from civaffairs.people.border import Rejects, read_columns
from civaffairs.people.parsing import Cells
from civaffairs.people.population import Array, Population
from civaffairs.tables.files import TableFile, opened
from civaffairs.tables.frames import Columns

BLOCK = 200_000
"""Rows of a block when a file is streamed."""


def stream(path: str | Path, *, rows: int = BLOCK, today: date | None = None) -> Iterator[tuple[Population, Rejects]]:
    """Read a file larger than memory in blocks of whole households.

    The file is read twice. The first pass keeps 16 bytes a row, a hash of each key, and as much again while they are
    sorted. The second yields blocks of about ``rows`` rows. Households whose rows are not side by side, or whose
    persons may be in the file twice, wait in temporary files and come last, again in blocks of about ``rows`` rows;
    only those with repeated persons come in one block. So memory is a few blocks and about 50 bytes a row.

    Parameters
    ----------
    path
        CSV or Parquet.
    rows
        Rows of a block; it ends with the household.
    today
        The day after which nobody can be born; the day of the run when left out.

    Yields
    ------
    tuple of Population and Rejects
        Rows of the rejects are counted over the whole file.

    Raises
    ------
    TableError
        If the file as a whole cannot be read.
    """
    file = opened(Path(path))
    layout = _layout(file, rows)
    with TemporaryDirectory(prefix="civaffairs-") as folder:
        blocks = file.blocks(np.diff(layout.ends).tolist())
        for columns, (first, last) in zip(blocks, pairwise(layout.ends), strict=True):
            numbers, bucket = np.arange(first + 1, last + 1), layout.bucket[first:last]
            for which in np.unique(bucket).tolist():
                at = np.flatnonzero(bucket == which)
                part = columns if len(at) == len(bucket) else _taken(columns, at)
                if which == _NOW:
                    yield read_block(part, today, file.notes, numbers[at])
                else:
                    with (Path(folder) / str(which)).open("ab") as spill:
                        pickle.dump((part, numbers[at]), spill)
        for spilled in sorted(Path(folder).iterdir()):
            parts = list(_pieces(spilled))
            columns = {name: _joined([part[name] for part, _ in parts]) for name in parts[0][0]}
            yield read_block(columns, today, file.notes, np.concatenate([numbers for _, numbers in parts]))


def read_block(
    columns: Mapping[str, Cells], today: date | None, notes: tuple[str, ...], rows: NDArray[np.int64] | None = None
) -> tuple[Population, Rejects]:
    """Read a block, with the day of the run unless another is given."""
    population, _, rejects = read_columns(columns, today=today or date.today(), rows=rows)
    return population, attrs.evolve(rejects, notes=notes)


@attrs.frozen(eq=False)
class _Layout:
    """Where the blocks of a file end, and which rows wait for the end, in which spill."""

    ends: list[int]
    bucket: NDArray[np.int32]


_NOW, _REPEATED = -1, 0


def _layout(file: TableFile, rows: int) -> _Layout:
    keys = ("household_id", "person_id")
    hashes = [[_hashes(block[key]) for key in keys] for block in file.blocks(repeat(max(rows, 1)), keys)]
    if not hashes:
        msg = "the table has a header but no rows"
        raise TableError(msg)
    home, person = (np.concatenate(parts) for parts in zip(*hashes, strict=True))
    starts = np.flatnonzero(np.concatenate([[True], home[1:] != home[:-1]]))
    scattered = np.isin(home, _repeated(home[starts]))
    twice = np.isin(person, _repeated(person))
    # A row without a household's key stands alone, so it does not bring the other such rows along.
    repeated = twice | (np.isin(home, home[twice]) & (home != _BLANK))
    buckets = max(1, -(-int(scattered.sum()) // rows))
    bucket = np.where(scattered, 1 + (home % buckets), _NOW).astype(np.int32)
    bucket[repeated] = _REPEATED
    ends = [0]
    while ends[-1] < len(home):
        after = int(np.searchsorted(starts, ends[-1] + rows))
        ends.append(int(starts[after]) if after < len(starts) else len(home))
    return _Layout(ends, bucket)


_BLANK = hash("")


def _hashes(cells: Cells) -> NDArray[np.int64]:
    texts = cells.tolist() if isinstance(cells, np.ndarray) else cells
    return np.fromiter(
        (hash(str(text).strip()) if text is not None else _BLANK for text in texts), np.int64, len(texts)
    )


def _repeated(hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    values, counts = np.unique(hashes, return_counts=True)
    return np.asarray(values[(counts > 1) & (values != _BLANK)])


def _pieces(path: Path) -> Iterator[tuple[Columns, NDArray[np.int64]]]:
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)


def _taken(columns: Columns, rows: NDArray[np.intp]) -> Columns:
    each = rows.tolist()
    return {
        name: cells[rows] if isinstance(cells, np.ndarray) else [cells[row] for row in each]
        for name, cells in columns.items()
    }


def _joined(parts: Sequence[Cells]) -> Cells:
    if all(isinstance(part, np.ndarray) for part in parts):
        joined: Array = np.ma.concatenate(parts)  # type: ignore[no-untyped-call]
        return joined
    return [cell for part in parts for cell in part]
