"""How the persons of a synthetic city are drawn: homes, then ages dealt out to their members, then the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.calendar import AgeAttained, LeapDay, cutoff, days
from civaffairs.errors import UsageError
from civaffairs.money import Rounding, portion
from civaffairs.people.columns import Column, Kind, Level
from civaffairs.people.household import COLUMNS, Area, PaymentMethod
from civaffairs.people.parsing import DTYPES
from civaffairs.people.person import (
    DisabilityKind,
    HukouKind,
    ParentState,
    Placement,
    Schooling,
    SelfCare,
    SupportMode,
)
from civaffairs.people.population import Array, Population
from civaffairs.research.city_marginals import (
    PARTS,
    Band,
    Generation,
    Marginals,
    Role,
)

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

RELATIONS = np.array([role.relation.number for role in Role], np.int8)
GENERATIONS = np.array([role.generation.value for role in Role], np.int8)
UNAIDED = ("eats", "dresses", "gets_up", "toilets", "walks", "bathes")
RAISED = frozenset({Role.CHILD})
"""Roles whose applicant brings them up as a parent, and so is not among the youngest adults."""


@attrs.frozen(eq=False)
class Drawn:
    """The columns that were drawn, before the others are filled up."""

    person: dict[str, Array]
    household: dict[str, Array]
    stated: dict[str, Mask]
    index: NDArray[np.intp]

    def population(self) -> Population:
        """Fill up every other column with none, no or nought; one that has no such answer is left out: not stated."""
        blanks: dict[tuple[str, int, int], Array] = {}
        tables = {Level.PERSON: dict(self.person), Level.HOUSEHOLD: dict(self.household)}
        lengths = {Level.PERSON: len(self.index), Level.HOUSEHOLD: len(self.household["household_id"])}
        for column in COLUMNS.values():
            answer, length = _neutral(column), lengths[column.level]
            if answer is None or column.name in tables[column.level]:
                continue
            key = (np.dtype(DTYPES[column.kind]).str, answer, length)
            if key not in blanks:
                blanks[key] = np.full(length, answer, DTYPES[column.kind])
                blanks[key].setflags(write=False)  # one array stands for many columns
            tables[column.level][column.name] = blanks[key]
        return Population.of(tables[Level.PERSON], tables[Level.HOUSEHOLD], self.index, self.stated)


def _neutral(column: Column) -> int | None:
    """The answer *none*, *no* or *nought*; ``None`` where the column has no such answer."""
    if column.kind is Kind.CHOICE:
        first = next(iter(column.choices or ()), None)
        return 0 if first is not None and first.value == "none" else None
    return column.low if column.kind in (Kind.FEN, Kind.COUNT) else 0 if column.kind is Kind.FLAG else None


def joined(drawn: Sequence[Drawn]) -> Drawn:
    """Join parts that were drawn; their keys differ already."""
    before = np.cumsum([0, *(len(part.household["household_id"]) for part in drawn)])
    person, household, stated = (
        {name: np.concatenate([getattr(part, table)[name] for part in drawn]) for name in getattr(drawn[0], table)}
        for table in ("person", "household", "stated")
    )
    index = np.concatenate([part.index + start for part, start in zip(drawn, before.tolist(), strict=False)])
    return Drawn(person, household, stated, index)


@attrs.frozen(eq=False, slots=False)
class Draw:
    """The drawing of one part: homes, then ages dealt out to their members, then what follows from both."""

    rng: np.random.Generator
    given: Marginals
    persons: int
    oldest: int
    first: int

    def drawn(self) -> Drawn:
        """Draw every column that has a marginal, or that follows from one."""
        home, area, sizes, place = self._homes()
        start = np.cumsum(sizes) - sizes
        index = np.repeat(np.arange(len(home)), sizes)
        roles = _roster_of(self.given)[home[index], np.arange(self.persons) - start[index]]
        years = self._ages(roles, index, home)
        rural = (area == Area.RURAL.number)[index]
        household = {"household_id": _keys("F", self.first + start), "place": place, "area": area} | self._assets(home)
        person = {
            "person_id": _keys("S", self.first + np.arange(self.persons)),
            "birth_date": self._births(years),
            "hukou_place": place[index],
            "relation": RELATIONS[roles],
            "lives_together": np.ones(self.persons, bool),
            "can_live_independently": years >= 18,
            "own_assets_within_limits": household["assets_within_limits"][index],
        }
        person |= self._work(years, rural) | self._pensions(years, rural)
        person |= self._disability(years) | self._hardship(roles) | self._parents(roles)
        person |= _abilities(person, years) | _status(person, roles, rural) | {"lives_alone": (sizes == 1)[index]}
        household["disposable_income"] = _yearly_income(person, index, len(home))
        # An office names the method in its decisions on rural families only: so it is made up here.
        household["recorded_payment_method"] = np.full(len(home), PaymentMethod.DIFFERENCE.number, np.int8)
        return Drawn(person, household, {"recorded_payment_method": area == Area.RURAL.number}, index)

    def _homes(self) -> tuple[Numbers, NDArray[np.int8], Numbers, NDArray[np.int32]]:
        """Draw homes until there are enough members, and cut the last one short."""
        given, sizes_of = self.given, np.array([len(home.members) for home in self.given.homes])
        codes = np.array([int(division.place) for division in given.divisions], np.int32)
        urban = np.array([division.urban for division in given.divisions])
        lots = [_lots([getattr(home, area) for home in given.homes]) for area in ("urban", "rural")]
        found: list[tuple[Numbers, NDArray[np.int8], NDArray[np.int32]]] = []
        missing = self.persons
        while missing > 0:
            more = missing // 3 + 16
            division = self._lot([division.share for division in given.divisions], more)
            area = (self._parts(more) >= urban[division]).astype(np.int8) * np.int8(Area.RURAL.number)
            home = np.stack(lots)[area, self._parts(more)]
            found.append((home, area, codes[division]))
            missing -= int(sizes_of[home].sum())
        home, area, place = (np.concatenate(columns) for columns in zip(*found, strict=True))
        until = np.cumsum(sizes_of[home])
        count = int(np.searchsorted(until, self.persons)) + 1
        sizes = sizes_of[home[:count]]
        sizes[-1] -= until[count - 1] - self.persons
        return home[:count], area[:count], sizes, place[:count]

    def _ages(self, roles: NDArray[np.int8], index: NDArray[np.intp], home: Numbers) -> Numbers:
        """Deal ages out, generation by generation, in the order of a draw that members of one home nearly share.

        So couples are of like age, and in a home of old grandparents parents and children are older too.
        """
        raising = np.array([bool(RAISED & set(kind.members)) for kind in self.given.homes])
        order = self.rng.integers(0, 1 << 16, len(home), dtype=np.uint32)[index] * np.uint32(7)
        order = (order + self.rng.integers(0, 1 << 16, self.persons, dtype=np.uint32)) >> np.uint32(3)
        generation = GENERATIONS[roles]
        parent = raising[home][index] & (generation == Generation.ADULT.value)
        order = np.where(parent, (order * np.uint32(7) + np.uint32(3 << 16)) // np.uint32(10), order).astype(np.uint16)
        years = np.empty(self.persons, np.int64)
        for which, dealt in zip(Generation, self._dealt(np.bincount(generation, minlength=3).tolist()), strict=True):
            members = np.flatnonzero(generation == which.value)
            years[members[np.argsort(order[members], kind="stable")]] = dealt
        return years

    def _dealt(self, counts: Sequence[int]) -> Iterator[Numbers]:
        """Ages of each generation in ascending order, with exactly so many of 80 and over as there must be."""
        given, (young, adult, old) = self.given, counts
        # A very small part may have too few elders; then the first adults in the order are as old.
        beyond = max(0, self.oldest - old)
        if beyond > adult:
            msg = f"{self.oldest:,} of {self.persons:,} persons are to be 80 and over, but the homes hold fewer adults"
            raise UsageError(msg)
        yield self._years(given.ages_of_the_young, young)
        yield np.concatenate(
            [self._years(given.ages_of_adults, adult - beyond), self._years(given.ages_of_the_oldest, beyond)]
        )
        yield np.concatenate(
            [
                self._years(given.ages_of_elders, old - (self.oldest - beyond)),
                self._years(given.ages_of_the_oldest, self.oldest - beyond),
            ]
        )

    def _years(self, bands: Sequence[Band], count: int) -> Numbers:
        chances = {year: (band.share, band.high - band.low + 1) for band in bands for year in _years_of(band)}
        shares = np.array([share / (PARTS * width) for share, width in chances.values()])
        return np.repeat(np.array(list(chances)), self.rng.multinomial(count, shares / shares.sum()))

    def _births(self, years: Numbers) -> NDArray[np.int32]:
        """A day on which the person completes those years by the reference day, and not one year more."""
        last = [
            days(cutoff(self.given.reference_day, age, AgeAttained.BIRTHDAY, LeapDay.FEB_28))
            for age in range(int(years.max()) + 2)
        ]
        latest = np.array(last, np.int64)
        width = latest[:-1] - latest[1:]
        return (latest[years] - self.rng.integers(0, width[years])).astype(np.int32)

    def _assets(self, home: Numbers) -> dict[str, Array]:
        given, drawn = self.given, self._parts(len(home))
        edge = drawn < given.assets_within_edge_limits
        return {
            "assets_within_limits": drawn < given.assets_within_dibao_limits,
            "edge_assets_within_limits": edge,
            "rigid_assets_within_limits": edge,
            "temporary_assets_within_limits": edge,
            "financial_assets": self._for(edge, given.financial_assets_within_limits)
            + self._for(~edge, given.financial_assets_beyond_limits),
        }

    def _work(self, years: Numbers, rural: Mask) -> dict[str, Array]:
        given, count = self.given, self.persons
        student = (years >= 18) & (years <= 22) & self._chosen(given.undergraduates)
        stages = np.searchsorted([6, 15, 18], np.arange(128), side="right")
        numbers = [Schooling.NONE, Schooling.COMPULSORY, Schooling.SENIOR_SECONDARY, Schooling.NONE]
        schooling = np.array([stage.number for stage in numbers], np.int8)[stages][years]
        employed = (years >= 18) & (years < 60) & ~student & self._chosen(given.employed_adults)
        receipts = self._for(employed & rural, given.rural_receipts)
        return {
            "schooling": np.where(student, np.int8(Schooling.UNDERGRADUATE.number), schooling),
            "employed": employed,
            "wage_income": self._for(employed & ~rural, given.urban_wages),
            "business_income": receipts,
            "business_cost": portion(receipts, Fraction(given.rural_costs, PARTS), Rounding.DOWN),
            "business_months": np.full(count, 12, np.int64),
        }

    def _pensions(self, years: Numbers, rural: Mask) -> dict[str, Array]:
        old = years >= 60
        basic = (old & rural) * np.int64(self.given.rural_basic_pension)
        return {
            "transfer_income": self._for(old & ~rural, self.given.urban_pensions) + basic,
            "basic_pension": basic,
        }

    def _disability(self, years: Numbers) -> dict[str, Array]:
        given, count = self.given, self.persons
        rates = np.array([given.disabled_young, given.disabled_adults, given.disabled_elders])
        who = np.flatnonzero(self._parts(count) < rates[(years >= 18).astype(np.int8) + (years >= 60)])
        kind, grade = np.zeros(count, np.int8), np.zeros(count, np.int64)
        numbers = np.array([share.kind.number for share in given.disability_kinds], np.int8)
        kind[:] = DisabilityKind.NONE.number
        kind[who] = numbers[self._lot([share.share for share in given.disability_kinds], len(who))]
        grade[who] = self._within(given.disability_grades, len(who))
        severe = np.flatnonzero((grade == 1) | (grade == 2))
        care = np.zeros(count, bool)
        care[severe] = self._parts(len(severe)) < given.long_term_care
        return {"disability_kind": kind, "disability_grade": grade, "needs_long_term_care": care}

    def _hardship(self, roles: NDArray[np.int8]) -> dict[str, Array]:
        grown = GENERATIONS[roles] != Generation.YOUNG.value
        tekun = (roles == Role.RESIDENT_ELDER.number) | (grown & self._chosen(self.given.tekun))
        return {
            "serious_illness_recognised": self._chosen(self.given.serious_illness),
            "recorded_tekun": tekun,
            "recorded_tekun_amount": tekun * np.int64(self.given.tekun_amount),
        }

    def _parents(self, roles: NDArray[np.int8]) -> dict[str, Array]:
        """Orphans have lost both; of some other young, one is dead and the other out of contact."""
        ward, resident = roles == Role.WARD.number, roles == Role.RESIDENT_CHILD.number
        orphan, young = ward | resident, GENERATIONS[roles] == Generation.YOUNG.value
        half = young & ~orphan & self._chosen(self.given.one_parent_dead_the_other_gone)
        placement = np.full(self.persons, Placement.FAMILY.number, np.int8)
        placement[ward], placement[resident] = Placement.RELATIVES.number, Placement.INSTITUTION.number
        dead, alive = np.int8(ParentState.DEAD.number), np.int8(ParentState.ALIVE.number)
        mother, father = np.where(orphan | half, dead, alive), np.where(orphan, dead, alive)
        return {
            "placement": placement,
            "mother_state": mother,
            "father_state": father,
            "mother_able_guardian": mother == alive,
            "father_able_guardian": (father == alive) & ~half,
            "father_lost_contact_months": self._for(half, self.given.months_out_of_contact),
        }

    def _parts(self, count: int) -> NDArray[np.uint16]:
        return self.rng.integers(0, PARTS, count, dtype=np.uint16)

    def _chosen(self, rate: int) -> Mask:
        return self._parts(self.persons) < rate

    def _lot(self, shares: Sequence[int], count: int) -> Numbers:
        return _lots(shares)[self._parts(count)]

    def _within(self, bands: Sequence[Band], count: int) -> Numbers:
        band = self._lot([band.share for band in bands], count)
        low, high = (np.array([getattr(band, end) for band in bands], np.int64) for end in ("low", "high"))
        return self.rng.integers(low[band], high[band] + 1)

    def _for(self, who: Mask, bands: Sequence[Band]) -> Numbers:
        """Draw for some, nought for the others."""
        column, rows = np.zeros(len(who), np.int64), np.flatnonzero(who)
        column[rows] = self._within(bands, len(rows))
        return column


def _abilities(person: dict[str, Array], years: Numbers) -> dict[str, Array]:
    """What a person can do: who needs care does nothing alone, and the gravest disability is full inability."""
    care, grade = person["needs_long_term_care"], person["disability_grade"]
    cared_for = np.where(grade == 1, np.int8(SelfCare.UNABLE.number), np.int8(SelfCare.PARTLY.number))
    fit = (years >= 18) & ~((grade == 1) | (grade == 2))
    return {
        "able_to_work": fit & (years < 60),
        "self_care": np.where(care, cared_for, np.int8(SelfCare.ABLE.number)),
        **dict.fromkeys((f"{act}_unaided" for act in UNAIDED), ~care),
    }


def _status(person: dict[str, Array], roles: NDArray[np.int8], rural: Mask) -> dict[str, Array]:
    """What is on record of registration and of extreme hardship."""
    in_institution = roles == Role.RESIDENT_ELDER.number
    return {
        "hukou_kind": np.where(rural, np.int8(HukouKind.RURAL.number), np.int8(HukouKind.URBAN.number)),
        "no_able_obligor": person["recorded_tekun"],
        "tekun_assets_within_limits": person["own_assets_within_limits"],
        "support_mode": np.where(
            in_institution, np.int8(SupportMode.CONCENTRATED.number), np.int8(SupportMode.SCATTERED.number)
        ),
    }


def _yearly_income(person: dict[str, Array], index: NDArray[np.intp], households: int) -> Numbers:
    """What the members of each home earn and draw in twelve months."""
    monthly = person["wage_income"] + person["transfer_income"]
    total = np.zeros(households, np.int64)
    np.add.at(total, index, 12 * monthly + person["business_income"] - person["business_cost"])
    return total


def _lots(shares: Sequence[int]) -> Numbers:
    """Ten thousand lots, as many of each number as its share."""
    return np.repeat(np.arange(len(shares)), shares)


def _years_of(band: Band) -> range:
    return range(band.low, band.high + 1)


def _roster_of(given: Marginals) -> NDArray[np.int8]:
    """The role at each position of each kind of home."""
    longest = max(len(home.members) for home in given.homes)
    table = np.zeros((len(given.homes), longest), np.int8)
    for row, home in enumerate(given.homes):
        table[row, : len(home.members)] = [role.number for role in home.members]
    return table


def _keys(letter: str, numbers: Numbers) -> Array:
    """A letter and eight digits, written digit by digit: a hundred times faster than number by number."""
    signs = np.empty((len(numbers), 9), np.uint32)
    signs[:, 0] = ord(letter)
    rest = numbers.astype(np.uint32)
    for place in range(8, 0, -1):
        signs[:, place] = rest % np.uint32(10) + np.uint32(ord("0"))
        rest //= np.uint32(10)
    return signs.view("U9").ravel()
