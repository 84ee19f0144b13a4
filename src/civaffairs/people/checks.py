"""What cannot be true of a person or a household, although every cell can be read; and what follows without saying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import AgeAttained, LeapDay, cutoff, days
from civaffairs.identity import Fault as NumberFault
from civaffairs.identity import check_resident_numbers
from civaffairs.money import yuan_text
from civaffairs.people.household import COLUMNS, HOUSEHOLD_COLUMNS, HardshipKind
from civaffairs.people.parsing import DTYPES, Facts, numbered
from civaffairs.people.person import Custody, DisabilityKind, Relation
from civaffairs.people.population import LARGEST_HOUSEHOLD, Array

Roster: TypeAlias = "dict[str, Facts]"
"""The columns that were read, by name."""

Mask: TypeAlias = NDArray[np.bool_]

OLDEST = 130
"""Completed years of age beyond which a day of birth is taken for a mistake."""

EXCLUDED_PARTS = (
    "award_income",
    "assistance_income",
    "basic_pension",
    "locally_exempt_income",
    "exempted_support",
    "old_age_allowance_income",
    "medical_insurance_income",
)
"""Transfers that are part of ``transfer_income`` and so can never exceed it."""

WHOLES = {"transfer_income": EXCLUDED_PARTS, "award_income": ("honour_pension_income",)}
_HINTS = {
    "transfer_income": "state all transfers, the excluded ones among them",
    "award_income": "state all awards, the pensions of honour among them",
}

SPENDING = (
    "living_spending",
    "medical_spending",
    "education_spending",
    "rehabilitation_spending",
    "other_rigid_spending",
)
PARENTS = ("mother_", "father_")
CERTIFICATES = [(f"{of}disability_kind", f"{of}disability_grade", DisabilityKind.NONE) for of in ("", *PARENTS)]
CUSTODIES = [(f"{parent}custody", f"{parent}custody_months", Custody.NONE) for parent in PARENTS]

# What is stated as nought or none, the column that then needs no answer, and the answer it has.
IMPLIED: tuple[tuple[Mapping[str, int], str, int], ...] = (
    ({"wage_income": 0, "employment_cost": 0}, "wage_months", 12),
    ({"business_income": 0, "business_cost": 0}, "business_months", 12),
    ({"property_income": 0, "property_cost": 0}, "property_months", 12),
    ({"transfer_income": 0, "transfer_paid": 0}, "transfer_months", 12),
    ({"rigid_deduction": 0}, "deduction_months", 12),
    ({"recorded_tekun": False}, "recorded_tekun_amount", 0),
    ({"award_income": 0}, "honour_pension_income", 0),
    (dict.fromkeys(SPENDING, 0), "spending_months", 12),
    ({"hardship_kind": HardshipKind.NONE.number}, "help_months", 12),
    *(({kind: none.number}, count, 0) for kind, count, none in (*CERTIFICATES, *CUSTODIES)),
)


class Finding(NamedTuple):
    """One thing wrong, at a row counted from 0."""

    row: int
    column: str
    reason: str
    hint: str = ""


def found(rows: Mask | Array, column: str, reason: str, hint: str = "") -> Iterator[Finding]:
    """Say the same of every row marked."""
    positions = np.flatnonzero(rows) if rows.dtype == bool else rows
    return (Finding(row, column, reason, hint) for row in positions.tolist())


def fill_implied(roster: Roster) -> None:
    """Write down what follows from a nought: nought covers any number of months, and no certificate has no grade."""
    for stated, name, answer in IMPLIED:
        if not stated.keys() <= roster.keys():
            continue
        old = roster.get(name)
        nought = [roster[key].stated & (roster[key].values == value) for key, value in stated.items()]
        follows = np.logical_and.reduce(nought)
        values = np.zeros(len(follows), DTYPES[COLUMNS[name].kind]) if old is None else old.values
        states = np.zeros(len(follows), bool) if old is None else old.stated
        follows &= ~states
        if old is not None and old.faults:
            follows[[row for row, _ in old.faults]] = False
        if follows.any():
            roster[name] = Facts(np.where(follows, answer, values), states | follows, old.faults if old else ())


def check(roster: Roster, member_of: NDArray[np.intp], today: date | None) -> Iterator[Finding]:
    """Find everything that cannot be true.

    Parameters
    ----------
    roster
        The columns that were read, all of one length.
    member_of
        For each row the number of its household.
    today
        The day after which nobody can be born; ages are not checked when left out.
    """
    yield from _persons_once(roster, member_of)
    yield from _births(roster, today)
    yield from _resident_numbers(roster)
    yield from _grades(roster)
    yield from _parts(roster)
    yield from _household_facts(roster, member_of)
    yield from _applicants(roster, member_of)
    sizes = np.bincount(member_of)
    rank = _rank(member_of)
    too_large = (rank == LARGEST_HOUSEHOLD) & (sizes[member_of] > LARGEST_HOUSEHOLD)
    hint = "it is an institution: give each resident a household of their own"
    yield from found(too_large, "household_id", f"is the key of more than {LARGEST_HOUSEHOLD} persons", hint)


def first_rows(member_of: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the first row of each household, where households are numbered in the order of their first rows."""
    return np.unique(member_of, return_index=True)[1]


def _rank(member_of: NDArray[np.intp]) -> NDArray[np.intp]:
    """Which member of the household each row is, from 0, in the order of the rows."""
    order = np.argsort(member_of, kind="stable")
    starts = np.searchsorted(member_of[order], member_of[order])
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order)) - starts
    return rank


def _persons_once(roster: Roster, member_of: NDArray[np.intp]) -> Iterator[Finding]:
    keys = roster["person_id"]
    person = numbered(keys.values)
    twice = (np.bincount(person, minlength=len(person))[person] > 1) & keys.stated
    if not twice.any():
        return
    homes: dict[int, set[int]] = {}
    for row in np.flatnonzero(twice).tolist():
        homes.setdefault(int(person[row]), set()).add(int(member_of[row]))
    apart = np.array([len(homes.get(int(who), ())) > 1 for who in person[twice]], bool)
    rows = np.flatnonzero(twice)
    yield from found(rows[~apart], "person_id", "names a person twice in one household", "keep one of the rows")
    yield from found(
        rows[apart], "person_id", "names a person who is in two households", "keep the person in one of them"
    )


def _births(roster: Roster, today: date | None) -> Iterator[Finding]:
    births = roster["birth_date"]
    if today is None:
        return
    hint = "look for a wrong century or a wrong year"
    yield from found(births.stated & (births.values > days(today)), "birth_date", f"is after {today:%Y-%m-%d}", hint)
    oldest = days(cutoff(today, OLDEST + 1, AgeAttained.BIRTHDAY, LeapDay.FEB_28))
    yield from found(
        births.stated & (births.values <= oldest), "birth_date", f"makes the person older than {OLDEST}", hint
    )


def _resident_numbers(roster: Roster) -> Iterator[Finding]:
    numbers, births = roster.get("resident_number"), roster["birth_date"]
    if numbers is None or not numbers.stated.any():
        return
    rows = np.flatnonzero(numbers.stated)
    answers = check_resident_numbers(numbers.values[rows])
    for fault in NumberFault:
        if fault is not NumberFault.NONE:
            wrong = rows[answers.fault == fault.value]
            yield from found(
                wrong, "resident_number", fault.reason, "compare it with the card; leave the cell empty if unsure"
            )
    differs = rows[answers.valid & births.stated[rows] & (answers.birth != births.values[rows])]
    hint = "compare both with the card"
    yield from found(differs, "resident_number", "has another day of birth than the column birth_date", hint)


def _grades(roster: Roster) -> Iterator[Finding]:
    for kind, count, none in (*CERTIFICATES, *CUSTODIES):
        if kind in roster and count in roster:
            both = roster[kind].stated & roster[count].stated
            without, nought = roster[kind].values == none.number, roster[count].values == 0
            hint = "correct one of the two"
            yield from found(both & without & ~nought, count, f"is above 0, but {kind} is none", hint)
            yield from found(both & ~without & nought, count, f"is 0, but {kind} is not none", hint)


def _parts(roster: Roster) -> Iterator[Finding]:
    """Find a whole that is less than its parts; a part that is not stated is at least 0, so the excess is certain."""
    for name, names in WHOLES.items():
        whole = roster.get(name)
        parts = [roster[part].values for part in names if part in roster]
        if whole is None or not parts:
            continue
        excess = whole.stated & (np.sum(parts, axis=0) > whole.values)
        for row in np.flatnonzero(excess).tolist():
            total = yuan_text(sum(int(part[row]) for part in parts))
            yield Finding(row, name, f"is less than its parts, which add up to {total}", _HINTS[name])


def _household_facts(roster: Roster, member_of: NDArray[np.intp]) -> Iterator[Finding]:
    first = first_rows(member_of)[member_of]
    for column in HOUSEHOLD_COLUMNS:
        facts = roster.get(column.name)
        if facts is None or column.name == "household_id":
            continue
        differs = (facts.values != facts.values[first]) | (facts.stated != facts.stated[first])
        # A cell that cannot be read, or a required one that is missing, has its own problem already.
        silent = ~facts.stated if column.required else np.zeros(len(first), bool)
        silent[[row for row, _ in facts.faults]] = True
        reason = "differs from what another row of the household says"
        yield from found(differs & ~silent & ~silent[first], column.name, reason, "write the same on each row")


def _applicants(roster: Roster, member_of: NDArray[np.intp]) -> Iterator[Finding]:
    relation = roster.get("relation")
    if relation is None:
        return
    applicant = relation.stated & (relation.values == Relation.APPLICANT.number)
    households = int(member_of.max(initial=-1)) + 1
    applicants = np.bincount(member_of[applicant], minlength=households)
    silent = np.bincount(member_of[~relation.stated], minlength=households)
    several = np.flatnonzero(applicant & (applicants > 1)[member_of])
    several = several[_rank(member_of[several]) > 0] if len(several) else several
    yield from found(several, "relation", "is a second applicant of the household", "a household has one applicant")
    none = first_rows(member_of)[(applicants == 0) & (silent == 0)]
    yield from found(none, "relation", "no member of the household is the applicant", "write applicant for one of them")
