"""The example tables: made by their generator, with every scheme, every boundary and every kind of mistake in them."""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import civaffairs
from civaffairs.law.lookup import Parameter
from civaffairs.law.places import county_divisions
from civaffairs.tables import read

EXAMPLES = Path(__file__).parents[1] / "examples"
ROSTER, MISTAKES, PAID = (EXAMPLES / name for name in ("roster.csv", "roster_with_mistakes.csv", "paid.csv"))
ASSUMED, NOTICE = EXAMPLES / "assumed.toml", EXAMPLES / "notice.toml"
DAYS = (date(2025, 6, 1), date(2026, 8, 1))
MAY_BE_BLANK = {
    "resident_number",
    "recorded_payment_method",
    "financial_assets",
    "support_mode",
    "emergency_place",
    "disposable_income",
    "rigid_recognised_on",
    "last_review",
    "grace_from",
}
CONTRADICTED = "120000"
"""The deposits that contradict what the office found."""


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_rosters", EXAMPLES / "make_rosters.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_table(rows: Iterable[dict[str, str]]) -> dict[str, list[str]]:
    rows = list(rows)
    return {name: [row[name] for row in rows] for name in rows[0]}


def told_in_full() -> dict[str, list[str]]:
    """The families of whom everything is told, and who are registered in the city."""
    rows = rows_of(ROSTER)
    aside = {
        row["household_id"]
        for row in rows
        if any(not cell and name not in MAY_BE_BLANK for name, cell in row.items())
        or row["hukou_place"][:4] not in ("4501", "4521")
        or row["financial_assets"] == CONTRADICTED
    }
    return as_table(row for row in rows if row["household_id"] not in aside)


def test_the_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    GENERATOR.write(tmp_path)
    for path in (ROSTER, MISTAKES, PAID):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), f"{path.name} is old; run make_rosters.py"


def test_the_roster_is_sound_and_covers_the_city() -> None:
    population, rejects = read(ROSTER, today=DAYS[1])
    assert len(rejects) == 0, str(rejects.problems)
    assert population.households >= 200
    assert 450 <= population.persons <= 550
    rows = rows_of(ROSTER)
    assert {row["place"] for row in rows} == {division.code for division in county_divisions()}
    assert {"450127", "452122", "440106"} <= {row["hukou_place"] for row in rows}
    numbers = {row["resident_number"] for row in rows} - {""}
    assert len(numbers) >= 25
    assert {"450127", "452122"} <= {number[:6] for number in numbers}


@pytest.mark.parametrize("day", DAYS)
def test_the_birthdays_around_each_age_are_there(day: date) -> None:
    births = {date.fromisoformat(row["birth_date"]).toordinal() for row in rows_of(ROSTER)}
    for age in (18, 80, 90, 100):
        birthday = day.replace(year=day.year - age).toordinal()
        assert {birthday - 1, birthday, birthday + 1} <= births


def test_every_kind_and_grade_of_disability_is_there() -> None:
    certificates = {(row["disability_kind"], row["disability_grade"]) for row in rows_of(ROSTER)}
    assert len(certificates - {("none", "0"), ("", "")}) == 7 * 4


@pytest.mark.parametrize("day", DAYS)
def test_every_scheme_says_yes_to_some_and_no_to_others(day: date) -> None:
    result = civaffairs.assess(ROSTER, on=day, assume=ASSUMED)
    for scheme in result.schemes:
        verdicts = result.column(scheme.verdict)
        answers = {bool(answer) for answer in np.asarray(verdicts.values)[np.asarray(verdicts.known)]}
        assert answers == {True, False}, scheme.name


@pytest.mark.parametrize("day", DAYS)
def test_a_fen_below_the_line_decides(day: date) -> None:
    households = civaffairs.assess(ROSTER, on=day, assume=ASSUMED).households_table()
    keys = households["household_id"].tolist()
    dibao = dict(zip(keys, households["dibao_eligible"].tolist(), strict=True))
    edge = dict(zip(keys, households["edge_eligible"].tolist(), strict=True))
    first, number = 8, 0
    for _area in GENERATOR.LINES:
        for verdict in (dibao, edge):
            for _size in (1, 3):
                at, below = (f"H{first + number + step:03d}" for step in (0, 1))
                assert (verdict[at], verdict[below]) == (False, True), (at, below)
                number += 2


@pytest.mark.parametrize("day", DAYS)
def test_with_the_stand_ins_nothing_is_left_open(day: date) -> None:
    table = told_in_full()
    assert len(set(table["household_id"])) > 180
    result = civaffairs.assess(table, on=day, assume=ASSUMED)
    assert not list(result.not_assessed), str(result.not_assessed)
    assert list(civaffairs.assess(table, on=day).not_assessed)


@pytest.mark.parametrize("day", DAYS)
def test_every_cause_has_a_name_of_its_own(day: date) -> None:
    causes = {gap.cause for gap in civaffairs.assess(ROSTER, on=day).not_assessed}
    assert "urban_tiers" in causes
    assert "several others" not in causes


def test_every_unknown_has_a_stand_in_that_says_what_it_is() -> None:
    base = civaffairs.rulebook
    assumed = base.with_file(ASSUMED, assumed=True)

    def added(parameter: Parameter) -> set[str]:
        return {row.why for row in assumed.parameters[parameter.name].rows} - {row.why for row in parameter.rows}

    for parameter in base.parameters.values():
        reasons = added(parameter)
        assert bool(reasons) == bool(parameter.unknowns), parameter.name
        assert all(why.startswith("stand-in for the demonstration, not a published value") for why in reasons)


def test_the_sample_notice_settles_rural_dibao_and_says_that_it_is_not_real() -> None:
    households = [row for row in rows_of(ROSTER) if row["area"] == "rural" and not row["recorded_payment_method"]]
    told = as_table(households)
    open_before = {gap.cause for gap in civaffairs.assess(told, on=DAYS[1], schemes=["dibao"]).not_assessed}
    result = civaffairs.assess(told, on=DAYS[1], schemes=["dibao"], sources=NOTICE)
    assert "rural_payment_method" in open_before
    assert "rural_payment_method" not in {gap.cause for gap in result.not_assessed}
    assert "not a real notice" in str(result.standing)


def test_the_mistakes_are_of_many_kinds_and_no_row_is_lost() -> None:
    population, rejects = read(MISTAKES, today=DAYS[1])
    assert population.persons + len(rejects) == rejects.rows_in == len(rows_of(MISTAKES))
    assert set(rejects.rows.tolist()) == {problem.row for problem in rejects.problems}
    assert len({problem.reason for problem in rejects.problems}) >= 25
    assert population.households >= 5
    found = {problem.household for problem in rejects.problems}
    keys = {f"M{number:02d}" for number in range(1, len(GENERATOR.MISTAKES) + 1)}
    assert keys - found == {"M09"}, "only the row without a key cannot be named by it"
    assert found - keys == {"", "G001"}


def test_the_notes_tell_every_mistake_and_every_slip() -> None:
    notes = (EXAMPLES / "README.md").read_text("utf-8").splitlines()
    assert set(GENERATOR.listed_mistakes()) <= set(notes)
    assert set(GENERATOR.listed_slips()) <= set(notes)
    sizes = (f"{len({row['household_id'] for row in rows_of(ROSTER)})} households", f"{len(rows_of(ROSTER))} persons")
    assert all(size in "\n".join(notes) for size in sizes)


def test_what_was_paid_is_right_but_for_the_slips() -> None:
    right = GENERATOR.rights(ROSTER)
    paid = {
        (row["household_id"], row["person_id"], row["scheme"]): civaffairs.yuan(row["paid"]) for row in rows_of(PAID)
    }
    wrong = {(key[0], key[2]) for key in right.keys() | paid.keys() if right.get(key) != paid.get(key)}
    assert wrong == {(slip.household, slip.scheme) for slip in (*GENERATOR.SLIPS, *GENERATOR.PAID_BESIDES)}
    assert len(wrong) >= 10
    assert {"dibao", "living_subsidy", "nursing_subsidy", "orphan", "de_facto_child"} <= {
        scheme for _, _, scheme in right
    }
    assert right["H001", "", "dibao"] == 60_000
    assert right["H002", "", "dibao"] == 93_000
    assert right[("H003", "P0010", "de_facto_child")] == 61_700
