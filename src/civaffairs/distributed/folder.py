"""From a folder of Parquet files to a folder of results: each file a task, a report and a manifest of them all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import attrs
import numpy as np

from civaffairs.distributed.keys import Hashes, check_whole, in_several, keys_of
from civaffairs.distributed.parts import BLOCK, Terms, assessed, result_schema
from civaffairs.errors import CivaffairsError, TableError, UsageError, listed
from civaffairs.outputs import Report, manifest
from civaffairs.rules.rulebook import Rulebook
from civaffairs.tables import stream
from civaffairs.tables.frames import extra

Task = TypeVar("Task")
Done = TypeVar("Done")

TABLES = ("persons", "households", "rejects")
"""Folders of the results, each with one Parquet file a part."""
_NO_RULES = Rulebook(rules=(), parameters={}, columns={})


class Each(Protocol):
    """Something that does one piece of work on each of some tasks, in their order: ``map``, a pool's, a cluster's."""

    def __call__(self, work: Callable[[Task], Done], tasks: Sequence[Task], /) -> Iterable[Done]:
        """Return what the work gives for each task."""


@attrs.frozen(kw_only=True, eq=False)
class _PartTask:
    path: Path
    target: Path
    terms: Terms
    twice: Hashes

    @property
    def name(self) -> str:
        """Name of the part's files, the same however often it is done."""
        return f"{self.path.stem}.parquet"


@attrs.frozen(kw_only=True, eq=False)
class _PartDone:
    report: Report
    fingerprint: str
    source: Mapping[str, object]
    outputs: Mapping[str, Mapping[str, object]]

    @property
    def rows(self) -> dict[str, object]:
        """The count of a part's rows, for the manifest."""
        told = self.report
        return {"in": told.rows_in, "assessed": told.persons, "set_aside": told.rows_set_aside}


def assess_folder(
    source: str | Path, target: str | Path, terms: Terms, *, each: Each = map, overwrite: bool = False
) -> Report:
    """Assess Parquet files of whole households, file by file, and write a file of results for each.

    First only the keys are read: if a household has rows in two files, nothing is assessed. A person who is in two
    files is set aside with the household, as in one table. Then each file is read in blocks of whole households and
    assessed, so memory does not grow with the file. A part is written under another name and renamed when it is
    complete, so a task may be done again at any time. The manifest is written last, after it was checked for each
    part that the rows in are the rows assessed and the rows set aside; a folder without one is not complete.

    Parameters
    ----------
    source
        A Parquet file, or a folder of them, in the table format.
    target
        A new or empty folder that every worker can write to. ``persons``, ``households`` and ``rejects`` get a file a
        part, with money in yuan; ``summary.txt`` and ``manifest.json`` stand beside them.
    terms
        On what terms.
    each
        What spreads the work: ``map`` does one file after the other in this process; `on_workers` of
        `civaffairs.distributed.on_dask` and the ``map`` of a process pool spread it.
    overwrite
        Whether results of an earlier run may be replaced.

    Returns
    -------
    Report
        Sums, standing, what was not assessed and what was set aside, of all parts together.

    Raises
    ------
    TableError
        If a household is in two files, there are no rows, or a file cannot be read.
    UsageError
        If the target is not empty, or two files have one name.
    CivaffairsError
        If a worker has another rulebook than this process, or a part lost a row.

    Examples
    --------
    >>> import tempfile, pyarrow
    >>> from pyarrow.parquet import write_table
    >>> city = {"household_id": ["H1", "H2"], "person_id": ["P1", "P2"], "birth_date": ["1940-02-29", "soon"]}
    >>> city |= {"place": ["450103"] * 2, "area": ["urban"] * 2, "hukou_place": ["450103"] * 2}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source, target = Path(folder) / "city.parquet", Path(folder) / "results"
    ...     write_table(pyarrow.table(city), source)
    ...     report = assess_folder(source, target, Terms(on="2026-08-01", schemes=["old_age"]))
    ...     print(*sorted(path.relative_to(target).as_posix() for path in target.rglob("*.*")))
    households/city.parquet manifest.json persons/city.parquet rejects/city.parquet summary.txt
    >>> report.totals["old_age"].persons, report.rows_in, report.rows_set_aside
    (1, 2, 1)
    """
    source, target = Path(source), Path(target)
    paths = _files(source)
    result_schema(terms)
    fingerprint = terms.book().fingerprint
    _prepare(target, overwrite)
    files = [file for file in each(keys_of, paths) if file.rows]
    if not files:
        msg = f"{source.name} has no rows"
        raise TableError(msg)
    check_whole(files)
    twice = in_several([file.persons for file in files])
    tasks = [
        _PartTask(path=file.path, target=target, terms=terms, twice=np.intersect1d(file.persons, twice))
        for file in files
    ]
    done = list(each(assess_file, tasks))
    _check_done(done, [file.rows for file in files], fingerprint)
    whole = attrs.evolve(reduce(add, (part.report for part in done)), rulebook=terms.book())
    (target / "summary.txt").write_text(whole.text() + "\n", "utf-8")
    told = {
        **manifest(whole),
        "inputs": [*(part.source for part in done), *_texts(terms)],
        "outputs": [output for part in done for output in part.outputs.values()],
        "parts": [{"name": part.source["name"], "rows": part.rows} for part in done],
    }
    (target / "manifest.json").write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return whole


def assess_file(task: _PartTask) -> _PartDone:
    """Assess one file of whole households and write its results; doing it again gives the same files."""
    reports = []
    outputs = {table: task.target / table / task.name for table in TABLES}
    with ExitStack() as stack:
        writers = {table: stack.enter_context(_written(path)) for table, path in outputs.items()}
        for population, rejects in stream(task.path, rows=BLOCK, today=task.terms.on):
            part = assessed(population, rejects, task.terms, task.twice)
            for table, write in writers.items():
                write(getattr(part, table))
            reports.append(part.report)
    # The rules are functions, which are not sent; their fingerprint is.
    return _PartDone(
        report=attrs.evolve(reduce(add, reports), rulebook=_NO_RULES),
        fingerprint=task.terms.book().fingerprint,
        source=_digest(task.path, task.path.name),
        outputs={table: _digest(path, f"{table}/{path.name}") for table, path in outputs.items()},
    )


@contextmanager
def _written(path: Path) -> Iterator[Callable[[Any], None]]:
    """Write tables to a file that has its name only when it is complete."""
    parquet = extra("pyarrow.parquet")
    half = path.with_name(f".{path.name}.{uuid4().hex}")
    opened: list[Any] = []

    def write(table: Any) -> None:  # noqa: ANN401 -- pyarrow publishes no types
        if not opened:
            opened.append(parquet.ParquetWriter(half, table.schema))
        opened[0].write_table(table)

    try:
        yield write
    except BaseException:
        _close(opened)
        half.unlink(missing_ok=True)
        raise
    _close(opened)
    half.replace(path)


def _close(opened: Iterable[Any]) -> None:
    for writer in opened:
        writer.close()


def _files(source: Path) -> list[Path]:
    """List the Parquet files of a folder, in the order of their names."""
    paths = sorted(source.rglob("*.parquet")) if source.is_dir() else [source]
    if not paths:
        msg = f"the folder {source.name} has no .parquet files"
        raise TableError(msg)
    stems = [path.stem for path in paths]
    twice = [stem for stem in dict.fromkeys(stems) if stems.count(stem) > 1]
    if twice:
        msg = f"the results are named after the files, and these names are there twice: {listed(twice)}"
        raise UsageError(msg)
    return paths


def _prepare(target: Path, overwrite: bool) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        if not overwrite or not target.is_dir():
            msg = f"the folder {target} is not empty; name another, or say overwrite=True"
            raise UsageError(msg)
        (target / "manifest.json").unlink(missing_ok=True)
        for old in (path for table in TABLES for path in (target / table).glob("*.parquet")):
            old.unlink()
    for table in TABLES:
        (target / table).mkdir(parents=True, exist_ok=True)


def _check_done(done: Sequence[_PartDone], rows: Sequence[int], fingerprint: str) -> None:
    strangers = [part.source["name"] for part in done if part.fingerprint != fingerprint]
    if strangers:
        msg = f"other rules than those of this process assessed {listed(strangers)}; install one version everywhere"
        raise CivaffairsError(msg)
    written = [sum(int(str(part.outputs[table]["rows"])) for table in ("persons", "rejects")) for part in done]
    short = [
        f"{part.source['name']} ({read:,} rows, {kept:,} written)"
        for part, read, kept in zip(done, rows, written, strict=True)
        if not read == kept == part.report.rows_in
    ]
    if short:
        why = "perhaps a file was changed meanwhile"
        msg = f"rows in are not rows assessed and rows set aside; {why}: {listed(short)}"
        raise CivaffairsError(msg)


def _digest(path: Path, name: str) -> dict[str, object]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    rows = extra("pyarrow.parquet").ParquetFile(path).metadata.num_rows
    return {"name": name, "rows": rows, "bytes": path.stat().st_size, "sha256": digest}


def _texts(terms: Terms) -> Iterator[dict[str, object]]:
    """Name the values that came with the terms."""
    for name, text in (("assumptions", terms.assume), ("sources", terms.sources)):
        if text is not None:
            content = text.encode()
            yield {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
