"""A folder of results: tables, sums, what they stand on, what was set aside, and a manifest that ties them together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import chain
from pathlib import Path

import attrs

from civaffairs import __version__
from civaffairs.assessment.gaps import Gap, Gaps
from civaffairs.assessment.result import Assessment
from civaffairs.assessment.standing import Standings
from civaffairs.assessment.totals import Total, Totals, summary
from civaffairs.errors import SHOWN, Problem, Problems, UsageError, listed
from civaffairs.law.timeline import Standing
from civaffairs.money import yuan_text
from civaffairs.rules.explain import Language, language_of
from civaffairs.rules.rulebook import Rulebook
from civaffairs.rules.values import Conventions
from civaffairs.tables.writing import table_writer, write_csv, write_rows

SCHEMA = "civaffairs.manifest/1"
"""Name and version of the form of ``manifest.json``."""

ENDINGS = (".csv", ".parquet")
_TABLES = ("persons", "households")
_OTHERS = (
    "totals.csv",
    "not_assessed.csv",
    "standing.txt",
    "rejects.csv",
    "problems.csv",
    "summary.txt",
    "manifest.json",
)
_OWN = frozenset({*_OTHERS, *(f"{name}{ending}" for name in _TABLES for ending in ENDINGS)})


@attrs.frozen(kw_only=True, repr=False)
class Report:
    """All of an assessment that does not grow with its rows; the reports of the parts of a roster add up.

    Attributes
    ----------
    on, known
        The day, and the day whose knowledge was used.
    schemes
        Names of the schemes assessed.
    rulebook, conventions
        By what.
    households, persons, rows_in
        How many were assessed, and how many rows there were.
    totals, not_assessed, standing
        As of an assessment.
    problems
        How many problems were found.
    shown
        The first few of them.
    notes
        What was done to read the table.
    """

    on: date
    known: date | None
    schemes: tuple[str, ...]
    rulebook: Rulebook
    conventions: Conventions
    households: int
    persons: int
    rows_in: int
    totals: Totals
    not_assessed: Gaps
    standing: Standings
    problems: int
    shown: Problems
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, assessment: Assessment) -> Report:
        """Sum up one assessment."""
        # A row that is set aside only because of another row of its household has no column of its own.
        causes = [problem for problem in assessment.rejected if problem.column]
        return cls(
            on=assessment.on,
            known=assessment.known,
            schemes=tuple(scheme.name for scheme in assessment.schemes),
            rulebook=assessment.rulebook,
            conventions=assessment.plan.day.conventions,
            households=assessment.population.households,
            persons=assessment.population.persons,
            rows_in=assessment.rows_in,
            totals=assessment.totals,
            not_assessed=assessment.not_assessed,
            standing=assessment.standing,
            problems=len(causes),
            shown=Problems(causes[:SHOWN]),
            notes=assessment.notes,
        )

    def __add__(self, other: Report) -> Report:
        """Join the reports of two parts of one roster."""
        return attrs.evolve(
            self,
            households=self.households + other.households,
            persons=self.persons + other.persons,
            rows_in=self.rows_in + other.rows_in,
            totals=self.totals + other.totals,
            not_assessed=self.not_assessed + other.not_assessed,
            standing=self.standing + other.standing,
            problems=self.problems + other.problems,
            shown=(self.shown + other.shown)[:SHOWN],
            notes=tuple(dict.fromkeys((*self.notes, *other.notes))),
        )

    @property
    def rows_set_aside(self) -> int:
        """Rows that were not assessed because something in their household cannot be right."""
        return self.rows_in - self.persons

    def summary(self, language: Language | str = Language.ENGLISH) -> str:
        """Write the sums as text."""
        return summary(
            self.totals,
            on=self.on,
            known=self.known,
            households=self.households,
            persons=self.persons,
            rows_set_aside=self.rows_set_aside,
            assumed=self.standing.assumed,
            language=language_of(language),
        )

    def text(self, language: Language | str = Language.ENGLISH) -> str:
        """Write everything that a reader needs beside the tables."""
        chosen = language_of(language)
        zh = chosen is Language.CHINESE
        heads = ("所依据者", "未评估", "搁置") if zh else ("What it stands on", "Not assessed", "Set aside")
        gaps = self.not_assessed.text(chosen) if self.households else "未评估任何人" if zh else "nobody was assessed"
        bodies = (self.standing.text(chosen), gaps, self._set_aside(zh))
        parts = [self.summary(chosen), *(f"{head}\n{body}" for head, body in zip(heads, bodies, strict=True))]
        return "\n\n".join([*parts, *self.notes])

    def _set_aside(self, zh: bool) -> str:
        if not self.rows_set_aside:
            return "无" if zh else "nothing"
        more = self.problems - len(self.shown)
        also = f"另有{more:,}处问题" if zh else f"and {more:,} more problems"
        return "\n".join([*map(str, self.shown), *([also] if more > 0 else [])])

    def __repr__(self) -> str:
        return self.summary()


def report(parts: Iterable[Assessment]) -> Report:
    """Add up the reports of the parts of a roster; there is at least one."""
    each = iter(parts)
    whole = Report.of(next(each))
    for part in each:
        whole += Report.of(part)
    return whole


def write_outputs(
    assessment: Assessment,
    folder: str | Path,
    *,
    ending: str = ".csv",
    inputs: Mapping[str, str | Path] | None = None,
    overwrite: bool = False,
    language: Language | str = Language.ENGLISH,
) -> Report:
    """Write all results of an assessment to a folder; see `write_parts`.

    Examples
    --------
    >>> import tempfile
    >>> from civaffairs.assessment import assess
    >>> table = {"household_id": ["H1"], "person_id": ["P1"], "birth_date": ["1940-02-29"], "place": ["450103"]}
    >>> result = assess(table | {"area": ["urban"]}, on="2026-08-01", schemes=["old_age"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_outputs(result, folder)
    ...     print(*sorted(path.name for path in Path(folder).iterdir())[:3])
    households.csv manifest.json not_assessed.csv
    """
    return write_parts([assessment], folder, ending=ending, inputs=inputs, overwrite=overwrite, language=language)


def write_parts(
    parts: Iterable[Assessment],
    folder: str | Path,
    *,
    ending: str = ".csv",
    inputs: Mapping[str, str | Path] | None = None,
    overwrite: bool = False,
    language: Language | str = Language.ENGLISH,
) -> Report:
    """Write the results of a roster, part by part, to a folder; no more than one part is held in memory.

    ``persons`` and ``households`` hold the results in yuan, empty where not known, and ``rejects.csv`` the rows set
    aside as they came: they hold personal data. The manifest is written last, so a folder without one is not complete.
    Nothing in the folder tells the time, so the same inputs give the same files.

    Parameters
    ----------
    parts
        Assessments of parts of one roster, of one day and one rulebook.
    folder
        A new or empty folder.
    ending
        ``.csv`` or ``.parquet``, for the two large tables.
    inputs
        The files that went in, by what they are: ``roster``, ``assumptions``, ``sources``.
    overwrite
        Whether files of an earlier run may be replaced; other files in the folder are left alone.
    language
        Of the texts.

    Returns
    -------
    Report
        What was written in the texts.

    Raises
    ------
    UsageError
        If the folder is not empty, or an input would be overwritten.
    """
    folder, inputs, chosen = Path(folder), inputs or {}, language_of(language)
    if ending not in ENDINGS:
        msg = f"results are written as {listed(ENDINGS)}, not as {ending!r}"
        raise UsageError(msg)
    _check_folder(folder, inputs.values(), overwrite)
    each = iter(parts)
    first = next(each)  # a roster that cannot be read makes no folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in _OWN:
        (folder / name).unlink(missing_ok=True)
    with _part_writer(folder, ending, first) as write:
        whole = report(_passed_on(chain([first], each), write))
    _write_texts(whole, folder, chosen)
    outputs = sorted(path for path in folder.iterdir() if path.name in _OWN)
    text = json.dumps(manifest(whole, inputs=inputs, outputs=outputs), ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(text + "\n", "utf-8")
    return whole


def manifest(
    whole: Report, *, inputs: Mapping[str, str | Path] | None = None, outputs: Sequence[Path] = ()
) -> dict[str, object]:
    """Say by what and from what results were made, so that anyone can make them again and compare.

    Parameters
    ----------
    whole
        The report of the run.
    inputs
        The files that went in, by what they are.
    outputs
        The files that came out.
    """
    chosen = whole.conventions.to_dict()
    return {
        "schema": SCHEMA,
        "version": __version__,
        "rulebook": whole.rulebook.fingerprint,
        "changes": list(whole.rulebook.changes),
        "on": whole.on.isoformat(),
        "known": whole.known.isoformat() if whole.known else None,
        "schemes": list(whole.schemes),
        "conventions": chosen,
        "assumptions": [f"{item.what}: {item.detail}" for item in whole.standing.of(Standing.ASSUMED)],
        "rows": {"in": whole.rows_in, "assessed": whole.persons, "set_aside": whole.rows_set_aside},
        "households": whole.households,
        "inputs": [{"what": what, **_digest(Path(path))} for what, path in (inputs or {}).items()],
        "outputs": [_digest(path) for path in outputs],
    }


def _digest(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest}


def _check_folder(folder: Path, inputs: Iterable[str | Path], overwrite: bool) -> None:
    if folder.exists() and not folder.is_dir():
        msg = f"{folder} is a file; name a folder to write to"
        raise UsageError(msg)
    if folder.exists() and any(folder.iterdir()) and not overwrite:
        msg = f"the folder {folder} is not empty; name another, or say --overwrite (overwrite=True in Python)"
        raise UsageError(msg)
    lost = [path for path in map(Path, inputs) if path.resolve().parent == folder.resolve() and path.name in _OWN]
    if lost:
        msg = f"{listed(lost)} would be overwritten by the results made of it; name another folder"
        raise UsageError(msg)


def _passed_on(parts: Iterable[Assessment], write: Callable[[Assessment], None]) -> Iterator[Assessment]:
    for part in parts:
        write(part)
        yield part


@contextmanager
def _part_writer(folder: Path, ending: str, first: Assessment) -> Iterator[Callable[[Assessment], None]]:
    money = first.money_columns()
    with ExitStack() as stack:
        persons, households = (
            stack.enter_context(table_writer(folder / f"{name}{ending}", money=money)) for name in _TABLES
        )
        begun = False

        def write(part: Assessment) -> None:
            nonlocal begun
            persons(part.persons_table())
            households(part.households_table())
            if part.rejects is None:
                write_csv(["row", "problems"], [], folder / "rejects.csv", append=begun)
            else:
                write_rows(part.rejects, folder / "rejects.csv", append=begun)
            header = [field.name for field in attrs.fields(Problem)]
            lines = zip(*part.rejected.columns().values(), strict=True)
            write_csv(header, lines, folder / "problems.csv", append=begun)
            begun = True

        yield write


def _write_texts(whole: Report, folder: Path, language: Language) -> None:
    sums = [[_sum_text(name, value) for name, value in attrs.asdict(total).items()] for total in whole.totals.values()]
    header = ["yuan_a_month" if field.name == "fen" else field.name for field in attrs.fields(Total)]
    write_csv(header, sums, folder / "totals.csv")
    gaps = zip(*whole.not_assessed.columns().values(), strict=True)
    write_csv([field.name for field in attrs.fields(Gap)], gaps, folder / "not_assessed.csv")
    (folder / "standing.txt").write_text(whole.standing.text(language) + "\n", "utf-8")
    (folder / "summary.txt").write_text(whole.text(language) + "\n", "utf-8")


def _sum_text(name: str, value: object) -> str:
    if value is None:
        return ""
    if name in {"fen", "assessed_so_far"} and isinstance(value, int):
        return yuan_text(value).replace(",", "")
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
