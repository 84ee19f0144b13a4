"""Registers in files: every event as a row of CSV or Parquet, or in JSON or GeoJSON, written and read without loss."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic

import attrs
import numpy as np

from civaffairs.errors import Problem, Problems, TableError, did_you_mean, listed, masked
from civaffairs.labels import Labelled
from civaffairs.law.values import CM2_IN_M2
from civaffairs.people.cells import Fault, Unreadable
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.people.parsing import Cells
from civaffairs.registers.fields import Fact, nothing_of, read_fact
from civaffairs.registers.history import Register
from civaffairs.registers.kinds import Event, Record, RegisterKind
from civaffairs.registers.view import View, Viewed
from civaffairs.tables.files import opened
from civaffairs.tables.frames import extra
from civaffairs.tables.writing import write_csv

__all__ = ["Loaded", "event_table", "read_event_table", "read_register", "write_register", "write_view"]

HEAD = ("key", "action", "on", "document", "recorded")
EMPTIED = "emptied"
"""Column that names, with a semicolon between, the facts that an event leaves empty on purpose."""

_MANY = 1 << 40
_DAY = Column(name="on", level=Level.RECORD, kind=Kind.DATE, label_zh="日期", meaning="write it as in 2026-07-01")
_KEY = Column(name="key", level=Level.RECORD, kind=Kind.KEY, label_zh="编号", meaning="the key of the record")
_PAPER = Column(name="document", level=Level.RECORD, kind=Kind.TEXT, label_zh="文件", meaning="the paper behind it")


@attrs.frozen(repr=False)
class Loaded(Generic[Record]):
    """What reading a register gave.

    Attributes
    ----------
    register
        With every event of the records in which nothing was found.
    set_aside
        Rows of the table that were set aside, from 1: a record with one bad event is set aside as a whole, because
        a life with an event missing would be another life.
    problems
        What was found; each row set aside is in it.
    """

    register: Register[Record]
    set_aside: tuple[int, ...]
    problems: Problems

    def __repr__(self) -> str:
        return f"<{self.register!r}; {len(self.set_aside)} rows set aside>"


def event_table(register: Register[Record]) -> dict[str, list[object]]:
    """Write the events of a register as a table: one row an event, one column a fact.

    An empty cell says that the event left the fact as it was; what it emptied is named in ``emptied``. Areas are in
    square metres, money in yuan. Facts that tell who a person is are in the table: it is the register itself.
    """
    columns = register.kind.fields
    names = [name for name in columns if name not in ("key", "state")]
    empty = {name: nothing_of(columns[name].kind) for name in names}
    table: dict[str, list[object]] = {
        "key": [event.key for event in register.events],
        "action": [event.action.value for event in register.events],
        "on": [event.on for event in register.events],
        "document": [event.document for event in register.events],
        "recorded": [event.recorded for event in register.events],
    }
    for name in names:
        told = [event.facts.get(name, empty[name]) for event in register.events]
        table[name] = [None if fact == empty[name] else _in_table(columns[name], fact) for fact in told]
    table[EMPTIED] = [
        ";".join(name for name, fact in event.facts.items() if fact == empty[name]) or None for event in register.events
    ]
    return table


def read_event_table(
    kind: RegisterKind[Record], table: Mapping[str, Cells], *, beside: Mapping[str, Viewed] | None = None
) -> Loaded[Record]:
    """Read a register from a table of events; see `event_table`.

    Columns of facts may be left out. Only the steps of each record's life are checked here: `Register.validate` then
    tells which rules do not hold.

    Parameters
    ----------
    kind
        What the register holds.
    table
        Columns of one length.
    beside
        Registers that its records name.

    Returns
    -------
    Loaded
        The register, and the rows that were set aside.

    Raises
    ------
    TableError
        If a column is unknown, or one of ``key``, ``action``, ``on`` and ``document`` is missing.
    """
    _check_header(kind, list(table))
    cells = {name: _listed(column) for name, column in table.items()}
    if len({len(column) for column in cells.values()}) > 1:
        lengths = listed(f"{name} {len(column)}" for name, column in cells.items())
        msg = f"the columns differ in length: {lengths}"
        raise TableError(msg)
    actions = {str(action.value): action for action in kind.actions()}
    actions |= {action.label_zh: action for action in kind.actions()}
    events: dict[int, Event] = {}
    problems: list[Problem] = []
    keys: list[str] = []
    for row, cell in enumerate(zip(*cells.values(), strict=True), 1):
        written = dict(zip(cells, cell, strict=True))
        event, found = _event(kind, actions, written, row)
        problems += found
        keys.append(event.key if event else str(written["key"] or "").strip())
        if event is not None and not found:
            events[row] = event
    bad = {keys[problem.row - 1] for problem in problems if problem.row}
    good = {row: event for row, event in events.items() if event.key not in bad}
    register, refused = Register(kind, beside=dict(beside or {})).entered(list(good.values()))
    rows = list(good)
    problems += [attrs.evolve(found, row=rows[found.row - 1]) for found in refused if found.row]
    bad |= {keys[rows[found.row - 1] - 1] for found in refused if found.row}
    told = {problem.row for problem in problems}
    first = {keys[problem.row - 1]: problem.row for problem in reversed(problems) if problem.row}
    aside = [row for row, key in enumerate(keys, 1) if key in bad or row in told]
    problems += [
        Problem(row=row, reason=f"is set aside with its record: see row {first[keys[row - 1]]}")
        for row in aside
        if row not in told
    ]
    return Loaded(register, tuple(aside), Problems(sorted(problems, key=lambda problem: problem.row or 0)))


def write_register(register: Register[Record], path: str | Path) -> None:
    """Write a register, by the ending of the path: ``.csv``, ``.parquet``, ``.json`` or ``.geojson``.

    GeoJSON is for records with ``longitude`` and ``latitude``: one feature a record, at its last place, with all its
    events among its properties.

    Raises
    ------
    TableError
        If the ending is another one, or the records of a GeoJSON file have no place.
    """
    path = Path(path)
    table = event_table(register)
    match path.suffix.lower():
        case ".geojson":
            _dump(_features(register, table), path)
        case ".json":
            _dump({"register": register.kind.name, "events": _json_rows(table)}, path)
        case _:
            _write_table(table, path, register.kind)


def read_register(
    kind: RegisterKind[Record], path: str | Path, *, beside: Mapping[str, Viewed] | None = None
) -> Loaded[Record]:
    """Read a register that `write_register` wrote, or a table of events made elsewhere.

    Raises
    ------
    TableError
        If the file as a whole cannot be read.
    """
    path = Path(path)
    match path.suffix.lower():
        case ".json" | ".geojson":
            return read_event_table(kind, _json_table(kind, path), beside=beside)
        case _:
            file = opened(path, lambda names: _check_header(kind, names))
            empty: dict[str, Cells] = {name: [] for name in file.names}
            return read_event_table(kind, next(file.blocks([_MANY]), empty), beside=beside)


def write_view(view: View[object], path: str | Path) -> None:
    """Write a register as of a day, for others to read: ``.csv``, ``.parquet``, ``.json`` or ``.geojson``.

    Facts that tell who a person is are left out.
    """
    path = Path(path)
    columns = view.kind.fields
    table: dict[str, list[object]] = {
        name: [None if fact == nothing_of(columns[name].kind) else _in_table(columns[name], fact) for fact in facts]
        for name, facts in view.table().items()
    }
    match path.suffix.lower():
        case ".geojson":
            rows = _json_rows(table)
            _need_places(view.kind)
            features = [_feature(row, {name: fact for name, fact in row.items() if name not in _PLACE}) for row in rows]
            _dump({"type": "FeatureCollection", "features": features}, path)
        case ".json":
            _dump({"register": view.kind.name, "on": view.on.isoformat(), "records": _json_rows(table)}, path)
        case _:
            _write_table(table, path, view.kind)


def _check_header(kind: RegisterKind[Any], names: Sequence[str]) -> None:
    known = [*HEAD, EMPTIED, *(name for name in kind.fields if name != "state")]
    unknown = [f"{name!r}{did_you_mean(name, known)}" for name in names if name not in known]
    missing = [repr(name) for name in HEAD[:-1] if name not in names]
    twice = [repr(name) for name in dict.fromkeys(names) if list(names).count(name) > 1]
    faults = [
        *([f"unknown columns: {listed(unknown)}"] if unknown else []),
        *([f"missing columns: {listed(missing)}"] if missing else []),
        *([f"columns given twice: {listed(twice)}"] if twice else []),
    ]
    if faults:
        msg = f"this is no table of events of the register of {kind.name}; {'; '.join(faults)}"
        raise TableError(msg)


def _listed(column: Cells) -> list[object]:
    return column.tolist() if isinstance(column, np.ndarray) else list(column)


def _event(
    kind: RegisterKind[Any], actions: Mapping[str, Labelled], written: Mapping[str, object], row: int
) -> tuple[Event | None, list[Problem]]:
    """Read one row, or tell everything that is wrong with it."""
    problems: list[Problem] = []

    def read(column: Column, name: str, *, needed: bool = False) -> Any:  # noqa: ANN401 -- a fact of any kind
        cell = written.get(name)
        fact = cell.fault if isinstance(cell, Unreadable) else read_fact(column, cell)
        if fact == nothing_of(column.kind) and needed:
            fact = Fault("is missing", column.meaning)
        if isinstance(fact, Fault):
            shown = "" if name in kind.personal or cell is None else str(cell)
            problems.append(Problem(row=row, column=name, value=shown, reason=fact.reason, hint=fact.hint))
            return nothing_of(column.kind)
        return fact

    key, on = read(_KEY, "key", needed=True), read(_DAY, "on", needed=True)
    document, recorded = read(_PAPER, "document", needed=True), read(_DAY, "recorded")
    word = str(written["action"] or "").strip()
    if word not in actions:
        reason = f"is no action of {kind.name}{did_you_mean(word, actions)}"
        words = [str(action.value) for action in kind.actions()]
        problems.append(Problem(row=row, column="action", value=word, reason=reason, hint=f"write {listed(words, 12)}"))
    facts: dict[str, Fact] = {}
    for name, column in kind.fields.items():
        if name in ("key", "state") or name not in written:
            continue
        fact = read(column, name)
        if fact != nothing_of(column.kind):
            facts[name] = fact
    for name in str(written.get(EMPTIED) or "").replace("；", ";").split(";"):
        if name.strip() in kind.fields:
            facts[name.strip()] = nothing_of(kind.fields[name.strip()].kind)
        elif name.strip():
            hint = did_you_mean(name, kind.fields).removeprefix("; ")
            problems.append(
                Problem(row=row, column=EMPTIED, value=name, reason="is no fact of the register", hint=hint)
            )
    if problems:
        return None, problems
    action = actions[word]
    return Event(key=key, action=action, on=on, document=document, recorded=recorded, facts=facts), []


def _in_table(column: Column, fact: Fact) -> object:
    """Write a fact as a table does: exact decimals for money and areas, words for choices."""
    if isinstance(fact, Labelled):
        return fact.value
    if isinstance(fact, tuple):
        return ";".join(fact)
    if column.kind is Kind.AREA and isinstance(fact, int):
        return Decimal(fact) / CM2_IN_M2
    if column.kind is Kind.FEN and isinstance(fact, int):
        return Decimal(fact) / 100
    return fact


def _write_table(table: Mapping[str, list[object]], path: Path, kind: RegisterKind[Any]) -> None:
    match path.suffix.lower():
        case ".csv":
            write_csv(list(table), zip(*(map(_csv_text, cells) for cells in table.values()), strict=True), path)
        case ".parquet":
            pyarrow, parquet = extra("pyarrow"), extra("pyarrow.parquet")
            types = {name: _arrow_type(pyarrow, name, kind) for name in table}
            arrays = {name: pyarrow.array(cells, types[name]) for name, cells in table.items()}
            parquet.write_table(pyarrow.table(arrays), path)
        case ending:
            msg = f"{path.name} ends in {ending or 'nothing'!r}; write .csv, .parquet, .json or .geojson"
            raise TableError(msg)


def _csv_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return np.format_float_positional(cell, trim="0")  # every digit, and never an exponent
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _arrow_type(pyarrow: Any, name: str, kind: RegisterKind[Any]) -> Any:  # noqa: ANN401 -- pyarrow publishes no types
    if name in ("on", "recorded"):
        return pyarrow.date32()
    types: Mapping[Kind, Callable[[], Any]] = {
        Kind.DATE: pyarrow.date32,
        Kind.COUNT: pyarrow.int64,
        Kind.FLAG: pyarrow.bool_,
        Kind.DEGREES: pyarrow.float64,
        Kind.FEN: lambda: pyarrow.decimal128(18, 2),
        Kind.AREA: lambda: pyarrow.decimal128(20, 4),
    }
    column = kind.fields.get(name)
    return types.get(column.kind, pyarrow.string)() if column else pyarrow.string()


_PLACE = ("longitude", "latitude")


def _json_cell(cell: object) -> object:
    """Write a cell as JSON does; money and areas as text, because a number in JSON may be read as a float."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else cell


def _json_rows(table: Mapping[str, list[object]]) -> list[dict[str, object]]:
    return [
        {name: _json_cell(cell) for name, cell in zip(table, cells, strict=True) if cell is not None}
        for cells in zip(*table.values(), strict=True)
    ]


def _need_places(kind: RegisterKind[Any]) -> None:
    if not set(_PLACE) <= set(kind.fields):
        msg = f"the register of {kind.name} has no longitude and latitude; write it as .csv, .parquet or .json"
        raise TableError(msg)


def _feature(placed: Mapping[str, object], properties: Mapping[str, object]) -> dict[str, object]:
    position = [placed.get(name) for name in _PLACE]
    geometry = None if None in position else {"type": "Point", "coordinates": position}
    return {"type": "Feature", "geometry": geometry, "properties": dict(properties)}


def _features(register: Register[Any], table: Mapping[str, list[object]]) -> dict[str, object]:
    """One feature a record; ``order`` keeps the order of events of one day across records."""
    _need_places(register.kind)
    lives: dict[str, list[dict[str, object]]] = {}
    for order, row in enumerate(_json_rows(table)):
        lives.setdefault(str(row["key"]), []).append(row | {"order": order})
    last = register.as_of(date.max)
    features = [
        _feature(
            {name: getattr(last[key], name) for name in _PLACE},
            {"key": key, "state": last[key].state.value, "events": life},
        )
        for key, life in lives.items()
    ]
    return {"type": "FeatureCollection", "register": register.kind.name, "features": features}


def _json_table(kind: RegisterKind[Any], path: Path) -> dict[str, list[object]]:
    try:
        content = json.loads(path.read_text("utf-8-sig"))
        rows = (
            [event for feature in content["features"] for event in feature["properties"]["events"]]
            if path.suffix.lower() == ".geojson"
            else content["events"]
        )
        rows = [dict(row) for row in rows]
    except (KeyError, TypeError, ValueError) as fault:
        what = f"{type(fault).__name__}: {masked(fault)}"
        msg = f"{path.name} is not a register as write_register writes it ({what})"
        raise TableError(msg) from None
    rows.sort(key=lambda row: row.pop("order", 0))
    names = list(dict.fromkeys([*HEAD, *(name for row in rows for name in row)]))
    _check_header(kind, names)
    return {name: [row.get(name) for row in rows] for name in names}


def _dump(content: object, path: Path) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
