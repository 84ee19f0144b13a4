"""CSV and Parquet files as raw columns, in blocks of given sizes, as often as needed."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any, Protocol

import attrs

from civaffairs.errors import TableError
from civaffairs.people.border import check_header
from civaffairs.people.cells import Fault, Unreadable
from civaffairs.tables.frames import PANDAS_INDEX, Columns, arrow_columns, extra


class TableFile(Protocol):
    """A file that can be read again and again, in blocks of given sizes."""

    @property
    def names(self) -> Sequence[str]:
        """Names of the columns."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done to read the file."""

    def blocks(self, sizes: Iterable[int], names: Sequence[str] | None = None) -> Iterator[Columns]:
        """Yield blocks of these sizes from the first row on, until there are no more rows."""


def opened(path: Path, check: Callable[[Sequence[str]], None] = check_header) -> TableFile:
    """Open a file, by its ending, and check its header: that of a roster unless another check is given."""
    file = _csv_file(path) if format_of(path) == ".csv" else _ParquetFile(path)
    check(file.names)
    return file


def format_of(path: Path) -> str:
    """Tell the format of a file by its ending."""
    ending = path.suffix.lower()
    if ending not in (".csv", ".parquet"):
        msg = f"{path.name} ends in {ending or 'nothing'!r}; tables are .csv or .parquet files"
        raise TableError(msg)
    return ending


@attrs.frozen
class _CsvFile:
    path: Path
    encoding: str
    names: Sequence[str]
    notes: tuple[str, ...] = ()

    def blocks(self, sizes: Iterable[int], names: Sequence[str] | None = None) -> Iterator[Columns]:
        lines = _csv_lines(self.path, self.encoding)
        next(lines)
        for size in sizes:
            block: Sequence[Sequence[object]] = list(islice(lines, size))
            if not block:
                return
            if set(map(len, block)) != {len(self.names)}:
                block = [_of_width(line, len(self.names)) for line in block]
            columns = dict(zip(self.names, map(list, zip(*block, strict=True)), strict=True))
            yield {name: columns[name] for name in names or self.names}


def _csv_file(path: Path) -> _CsvFile:
    encoding, notes = _encoding(path)
    names = [name.strip() for name in next(_csv_lines(path, encoding), [])]
    return _CsvFile(path, encoding, names, notes)


def _csv_lines(path: Path, encoding: str) -> Iterator[list[str]]:
    """Yield every line that is not blank."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for line in reader:
                if line:
                    yield line
        except csv.Error as fault:
            msg = f"{path.name}, line {reader.line_num}: {fault}; look for a quotation mark that is not closed"
            raise TableError(msg) from None


def _of_width(line: Sequence[object], width: int) -> Sequence[object]:
    """Bring a line to the width of the header, with a cell that says what was wrong with it."""
    if len(line) == width:
        return line
    hint = "look for a comma inside a cell, or for a cell left out"
    fault = Fault(f"the line has {len(line)} cells, but the header has {width}", hint)
    if len(line) < width:
        return [*line, Unreadable("", fault), *repeat("", width - len(line) - 1)]
    return [*line[: width - 1], Unreadable(",".join(map(str, line[width - 1 :])), fault)]


_STARTS = {
    codecs.BOM_UTF16_LE: "is UTF-16 text",
    codecs.BOM_UTF16_BE: "is UTF-16 text",
    b"PK\x03\x04": "is a spreadsheet or an archive",
    b"PAR1": "is a Parquet file",
}


def _encoding(path: Path) -> tuple[str, tuple[str, ...]]:
    """Tell how a file is encoded: UTF-8 if all of it is, or else the national standard that includes GBK."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, what in _STARTS.items():
        if start.startswith(mark):
            msg = f"{path.name} {what}, whatever its name says; save it as CSV in UTF-8"
            raise TableError(msg)
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig", ()
    if _decodes(path, "gb18030"):
        return "gb18030", (f"{path.name} is not UTF-8; it was read as GB18030 (GBK)",)
    msg = f"{path.name} is neither UTF-8 nor GB18030 text; save it as CSV in UTF-8"
    raise TableError(msg)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            for piece in chain(iter(lambda: file.read(1 << 20), b""), [b""]):
                if "\0" in decoder.decode(piece, final=not piece):
                    return False
        except UnicodeDecodeError:
            return False
    return True


@attrs.frozen
class _ParquetFile:
    path: Path
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> Sequence[str]:
        return [name for name in self._open().schema_arrow.names if not PANDAS_INDEX.fullmatch(name)]

    def blocks(self, sizes: Iterable[int], names: Sequence[str] | None = None) -> Iterator[Columns]:
        pyarrow = extra("pyarrow")
        batches = self._open().iter_batches(batch_size=1 << 16, columns=list(names or self.names))
        waiting: list[Any] = []
        for size in sizes:
            while sum(batch.num_rows for batch in waiting) < size and (batch := next(batches, None)) is not None:
                waiting.append(batch)
            if not sum(batch.num_rows for batch in waiting):
                return
            table = pyarrow.Table.from_batches(waiting)
            yield arrow_columns(pyarrow, table.slice(0, min(size, table.num_rows)))
            waiting = table.slice(min(size, table.num_rows)).to_batches()

    def _open(self) -> Any:  # noqa: ANN401 -- pyarrow publishes no types
        pyarrow, parquet = extra("pyarrow"), extra("pyarrow.parquet")
        try:
            return parquet.ParquetFile(self.path)
        except pyarrow.ArrowInvalid as fault:
            msg = f"{self.path.name} cannot be read as Parquet: {str(fault).splitlines()[0]}"
            raise TableError(msg) from None
