"""Errata: what is known to be wrong in a table of codes, set right by name, and every use of it told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from civaffairs.errors import Problem
from civaffairs.labels import Labelled
from civaffairs.law.tables import Table, parse


class Column(Labelled):
    """The columns of a table of codes that an erratum may correct."""

    CODE = ("code", "代码")
    NAME = ("name", "名称")


@attrs.frozen(kw_only=True)
class Erratum:
    """One correction (勘误).

    Attributes
    ----------
    code
        The code of the row as the table has it.
    what
        The column that is wrong there.
    correct
        What it should say.
    why, source
        How that is known, and from what.
    """

    code: str
    what: Column
    correct: str
    why: str
    source: str


@attrs.frozen(kw_only=True)
class Correction:
    """One use of an erratum: in which row, and what stood there."""

    erratum: Erratum
    row: int
    was: str

    def __str__(self) -> str:
        erratum = self.erratum
        change = f"{erratum.what.value} {self.was!r} read as {erratum.correct!r}"
        return f"row {self.row}, {erratum.code}: {change}: {erratum.why} ({erratum.source})"


_KEYS = ("code", "what", "correct", "why", "source")


def load_errata(source: Path | str) -> tuple[Erratum, ...]:
    """Read errata from a TOML file (a `Path`) or TOML text (a `str`): a table ``[[erratum]]`` for each.

    Raises
    ------
    LoadError
        With every fault at once, each with its line.

    Examples
    --------
    >>> text = '''
    ... [[erratum]]
    ... code = "450102104"
    ... what = "code"
    ... correct = "450102109"
    ... why = "another copy has this code"
    ... source = "a copy of the code list"
    ... '''
    >>> load_errata(text)[0].correct
    '450102109'
    """
    content, lines, faults = parse(source)
    headers = lines.headers("erratum")
    entries = content.get("erratum", [])
    for key in content:
        if key != "erratum":
            faults.add(1, f"nothing is called {key!r} here; write tables [[erratum]]")
    if not isinstance(entries, list) or len(headers) != len(entries):
        faults.add(1, "write each erratum as a table [[erratum]]")
        faults.raise_any()
    from_file: list[Erratum] = []
    for entry, offset in zip(entries if isinstance(entries, list) else [], headers, strict=True):
        table = Table("", lines.at(offset), entry, faults)
        table.only(_KEYS)
        what = table.member("what", Column)
        texts = {key: table.text(key, required=True) for key in _KEYS if key != "what"}
        if any((other.code, other.what) == (texts["code"], what) for other in from_file):
            table.fault(f"{texts['code']} is corrected twice")
        if what is not None:
            from_file.append(Erratum(what=what, **texts))
    faults.raise_any()
    return tuple(from_file)


def apply_errata(
    codes: Sequence[str], names: Sequence[str], errata: Iterable[Erratum]
) -> tuple[list[str], list[str], list[Correction], list[Problem]]:
    """Correct the columns of a table, and say what was corrected and what could not be.

    Returns
    -------
    tuple
        The codes, the names, each use of an erratum, and a problem for each erratum that changed nothing.
    """
    corrected = {Column.CODE: list(codes), Column.NAME: list(names)}
    uses: list[Correction] = []
    idle: list[Problem] = []
    rows_of: dict[str, list[int]] = {}
    for row, code in enumerate(codes):
        rows_of.setdefault(code, []).append(row)
    for erratum in errata:
        column = corrected[erratum.what]
        rows = rows_of.get(erratum.code, [])
        wrong = [row for row in rows if column[row] != erratum.correct]
        uses += [Correction(erratum=erratum, row=row + 1, was=column[row]) for row in wrong]
        for row in wrong:
            column[row] = erratum.correct
        if not wrong:
            reason = "the erratum matches no row" if not rows else f"the table already says {erratum.correct!r}"
            hint = f"it stands on {erratum.source}; take it out if the table has been corrected"
            idle.append(Problem(column=str(erratum.what.value), value=erratum.code, reason=reason, hint=hint))
    return corrected[Column.CODE], corrected[Column.NAME], uses, idle
