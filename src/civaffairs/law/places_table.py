"""The table of division codes: its rows, and the reader that checks that they hang together."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from itertools import combinations

import attrs

from civaffairs.errors import LoadError, did_you_mean
from civaffairs.labels import Labelled

SIX_DIGITS = re.compile("[0-9]{6}")
"""What every code looks like."""


class DivisionKind(Labelled):
    """What sort of division (行政区划) a code stands for."""

    NATION = ("nation", "国家")
    PROVINCE = ("province", "省")
    AUTONOMOUS_REGION = ("autonomous_region", "自治区")
    MUNICIPALITY = ("municipality", "直辖市")
    CITY = ("city", "地级市")
    PREFECTURE = ("prefecture", "地区")
    DISTRICT = ("district", "市辖区")
    COUNTY = ("county", "县")
    COUNTY_LEVEL_CITY = ("county_level_city", "县级市")


@attrs.frozen(kw_only=True)
class Division:
    """One division during one life of its code.

    Attributes
    ----------
    code
        Six digits. Codes are reused, so the key is ``(code, since_year)``.
    name
        Chinese name.
    kind
        What sort of division it is.
    since_year, until_year
        First and last year in which the code was in force, both included; the sources give years, not days.
        ``None`` where they give none.
    parent
        Code of the division above; empty for the nation.
    successors
        Codes it went over to, where its name carries over unambiguously.
    cite
        Key of the document the row was taken from.
    note
        What else is known.
    """

    code: str
    name: str
    kind: DivisionKind
    since_year: int | None = None
    until_year: int | None = None
    parent: str = ""
    successors: tuple[str, ...] = ()
    cite: str
    note: str = ""

    def in_force(self, on: date) -> bool:
        """Whether the code was in force in the year of a day; in a changeover year both old and new code are."""
        return (self.since_year or on.year) <= on.year <= (self.until_year or on.year)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@attrs.frozen(repr=False)
class Places:
    """The table of divisions.

    Attributes
    ----------
    divisions
        Every row, in the order of the file.
    by_code
        The lives of each code, oldest first.
    """

    divisions: tuple[Division, ...]
    by_code: Mapping[str, tuple[Division, ...]] = attrs.field(init=False)

    @by_code.default
    def _lives(self) -> dict[str, tuple[Division, ...]]:
        oldest_first = sorted(self.divisions, key=lambda division: division.since_year or 0)
        codes = dict.fromkeys(division.code for division in self.divisions)
        return {code: tuple(division for division in oldest_first if division.code == code) for code in codes}

    def __repr__(self) -> str:
        return f"<{len(self.divisions)} divisions under {len(self.by_code)} codes>"


_KINDS: Mapping[str, DivisionKind] = {kind.value: kind for kind in DivisionKind}
_KEYS = {"code", "name", "kind", "since", "until", "parent", "successors", "cite", "note"}
_TYPES: Mapping[str, type] = {"since": int, "until": int, "successors": list}


def load_places(text: str, where: str) -> Places:
    """Read a table of divisions, and check that it hangs together.

    Parameters
    ----------
    text
        TOML: ``cite`` for the file and an array ``divisions``, one row per line.
    where
        Name of the file, for messages.

    Returns
    -------
    Places
        The table.

    Raises
    ------
    LoadError
        With every fault at once, each with its line.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        msg = f"{where}: {fault}"
        raise LoadError(msg) from None
    rows: list[dict[str, object]] = table.get("divisions", [])
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.lstrip().startswith("{")]
    faults: list[str] = [f"{where}: expected one row per line"] if len(lines) != len(rows) else []
    divisions: list[Division] = []
    for line, row in zip(lines, rows, strict=False):
        wrong = _row_faults({"cite": table.get("cite", "")} | row)
        faults += [f"{where}:{line}: {fault}" for fault in wrong]
        if not wrong:
            divisions.append(_division({"cite": table.get("cite", "")} | row))
    faults += [f"{where}: {fault}" for fault in ([] if faults else _table_faults(divisions))]
    if faults:
        raise LoadError("\n".join(faults))
    return Places(tuple(divisions))


def _row_faults(row: Mapping[str, object]) -> list[str]:
    faults = [f"unknown key {key!r}{did_you_mean(key, _KEYS)}" for key in row.keys() - _KEYS]
    faults += [f"{key!r} is missing" for key in ("code", "name", "kind", "cite") if not row.get(key)]
    types = {key: _TYPES.get(key, str) for key in row.keys() & _KEYS}
    faults += [f"{key!r} must be {kind.__name__}" for key, kind in types.items() if type(row[key]) is not kind]
    if not faults and not SIX_DIGITS.fullmatch(str(row["code"])):
        faults.append("'code' must be six digits")
    if not faults and row["kind"] not in _KINDS:
        faults.append(f"unknown kind {row['kind']!r}{did_you_mean(str(row['kind']), _KINDS)}")
    return faults


def _division(row: Mapping[str, object]) -> Division:
    since, until, successors = row.get("since"), row.get("until"), row.get("successors", [])
    return Division(
        code=str(row["code"]),
        name=str(row["name"]),
        kind=_KINDS[str(row["kind"])],
        since_year=since if isinstance(since, int) else None,
        until_year=until if isinstance(until, int) else None,
        parent=str(row.get("parent", "")),
        successors=tuple(map(str, successors)) if isinstance(successors, list) else (),
        cite=str(row["cite"]),
        note=str(row.get("note", "")),
    )


def _table_faults(divisions: list[Division]) -> list[str]:
    codes = {division.code for division in divisions}
    faults = [f"{d}: parent {d.parent!r} is not in the table" for d in divisions if d.parent not in codes | {""}]
    faults += [f"{d}: successor {c!r} is not in the table" for d in divisions for c in d.successors if c not in codes]
    faults += [f"{d}: a division in force has no successors" for d in divisions if d.successors and not d.until_year]
    for one, other in combinations(divisions, 2):
        begins = max(one.since_year or 0, other.since_year or 0)
        ends = min(one.until_year or 9999, other.until_year or 9999)
        if one.code == other.code and begins <= ends:
            faults.append(f"{one} and {other} are in force in one year under one code")
    return faults
