"""What could not be assessed: which scheme, for whom, because of what, and where to look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import attrs
import numpy as np

from civaffairs.assessment.tabular import html_table, text_table
from civaffairs.errors import listed
from civaffairs.law.timeline import NotPublished
from civaffairs.people.columns import Level
from civaffairs.people.household import COLUMNS, Area
from civaffairs.people.population import Population
from civaffairs.rules.explain import Language
from civaffairs.rules.plan import Plan, Root, Run, place_text, plan_value
from civaffairs.rules.rulebook import Scheme, Unavailable

_HEAD = ["not known", "holds up", "persons", "households", "where to look, or why"]
_HEAD_ZH = ["未知项", "影响项目", "人数", "户数", "查找处或原因"]


@attrs.frozen(kw_only=True)
class Gap:
    """Some persons of one place for whom a scheme could not be assessed, for one cause.

    Attributes
    ----------
    scheme
        The scheme's name.
    what
        Whether entitlement, amount, or what is payable beside other benefits is open.
    cause
        The fact or value that is not known.
    place, area
        Where; empty when it concerns everybody.
    persons, households
        How many.
    reason, reason_zh
        Why it is not known.
    where_to_look
        Where one would find it.
    """

    scheme: str
    what: str
    cause: str
    place: str = ""
    area: str = ""
    persons: int = 0
    households: int = 0
    reason: str
    reason_zh: str
    where_to_look: str = ""


@attrs.frozen(repr=False)
class Gaps(Sequence[Gap]):
    """Everything that could not be assessed."""

    items: tuple[Gap, ...]

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> Gap: ...
    @overload
    def __getitem__(self, index: slice) -> Gaps: ...
    def __getitem__(self, index: int | slice) -> Gap | Gaps:
        return Gaps(self.items[index]) if isinstance(index, slice) else self.items[index]

    def __iter__(self) -> Iterator[Gap]:
        return iter(self.items)

    def __add__(self, other: Gaps) -> Gaps:
        """Join the gaps of two parts of one population; counts add up."""
        merged: dict[tuple[str, ...], Gap] = {}
        for gap in (*self.items, *other.items):
            key = (gap.scheme, gap.what, gap.cause, gap.place, gap.area, gap.reason)
            old = merged.get(key)
            merged[key] = (
                gap
                if old is None
                else attrs.evolve(gap, persons=gap.persons + old.persons, households=gap.households + old.households)
            )
        return Gaps(tuple(merged.values()))

    def by_cause(self) -> Gaps:
        """One gap a cause, its schemes and places put together; the counts are of the scheme it holds up most."""
        merged: dict[str, list[Gap]] = {}
        for gap in self.items:
            merged.setdefault(gap.cause, []).append(gap)
        return Gaps(tuple(sorted((_together(same) for same in merged.values()), key=lambda gap: -gap.persons)))

    def columns(self) -> dict[str, list[object]]:
        """The gaps as a table of columns."""
        return {a.name: [getattr(gap, a.name) for gap in self.items] for a in attrs.fields(Gap)}

    def _rows(self, zh: bool = False) -> list[list[str]]:
        return [
            [
                g.cause,
                g.scheme,
                f"{g.persons:,}",
                f"{g.households:,}",
                g.where_to_look or (g.reason_zh if zh else g.reason),
            ]
            for g in self.by_cause().items
        ]

    def text(self, language: Language = Language.ENGLISH) -> str:
        """Write a line a cause, all places together."""
        zh = language is Language.CHINESE
        if not self.items:
            return "全部已评估" if zh else "everything was assessed"
        return text_table(_HEAD_ZH if zh else _HEAD, self._rows(zh), numbers=[2, 3])

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return html_table(_HEAD, self._rows()) if self.items else "<p>everything was assessed</p>"


def _together(same: Sequence[Gap]) -> Gap:
    schemes: dict[str, list[int]] = {}
    for gap in same:
        counts = schemes.setdefault(gap.scheme, [0, 0])
        counts[0], counts[1] = counts[0] + gap.persons, counts[1] + gap.households
    persons, households = max(schemes.values())
    return attrs.evolve(same[0], scheme=", ".join(schemes), place="", area="", persons=persons, households=households)


def gaps(plan: Plan, run: Run, schemes: Sequence[Scheme], unavailable: Sequence[Unavailable]) -> Gaps:
    """Collect what a run could not assess."""
    people = run.population
    found = [
        Gap(
            scheme=missing.scheme, what="rules", cause="rules", persons=people.persons, households=people.households,
            reason=missing.reason, reason_zh=missing.reason_zh,
        )
        for missing in unavailable
    ]  # fmt: skip
    absent = {missing.scheme for missing in unavailable}
    for scheme in schemes:
        if scheme.name in absent:
            continue
        open_before = np.zeros(people.persons, bool)
        for what, rule in (("entitlement", scheme.verdict), ("amount", scheme.amount), ("payable", scheme.payable)):
            if rule is None or rule.name not in run.columns:
                continue
            causes = run.unknown(rule.name, rule.level)
            if causes is None:
                continue
            by_person = causes if rule.level is Level.PERSON else causes[people.index]
            new = np.where(open_before, np.uint64(0), by_person)
            open_before |= by_person != 0
            found += _of_scheme(plan, people, scheme, what, new, run.roots[rule.name])
    return Gaps(tuple(found))


def _of_scheme(
    plan: Plan,
    people: Population,
    scheme: Scheme,
    what: str,
    causes: np.ndarray[tuple[int], np.dtype[np.uint64]],
    roots: Sequence[Root],
) -> Iterator[Gap]:
    for bit, root in enumerate(roots):
        rows = np.flatnonzero((causes >> np.uint64(bit)) & np.uint64(1))
        if not len(rows):
            continue
        places = _places(plan, people, root, scheme)
        place_of = places[rows]
        area_of = (
            people.household["area"][people.index[rows]] if "area" in people.household else np.zeros(len(rows), np.int8)
        )
        for place in np.unique(place_of):
            for area in np.unique(area_of[place_of == place]):
                here = rows[(place_of == place) & (area_of == area)]
                reason, reason_zh, look = why(plan, root, int(place))
                yield Gap(
                    scheme=scheme.name,
                    what=what,
                    cause=root.name,
                    place=place_text(int(place)),
                    area=str(list(Area)[int(area)].value) if "area" in people.household else "",
                    persons=len(here),
                    households=len(np.unique(people.index[here])),
                    reason=reason,
                    reason_zh=reason_zh,
                    where_to_look=look,
                )


def _places(plan: Plan, people: Population, root: Root, scheme: Scheme) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    name = plan.parameters[root.name].by if root.name in plan.parameters else scheme.place
    column = people.column(name)
    if column is None:
        return np.full(people.persons, -1, np.int32)
    return column if name in people.person else column[people.index]


def why(plan: Plan, root: Root, place: int) -> tuple[str, str, str]:
    """Say in English and Chinese why something is not known in a place, and where one would find it."""
    if root.disagreement:
        return (
            "the office recorded that the limits are kept, but the assets stated are above them",
            "记录为符合规定，但申报资产超过限额",
            "check the assets of these families",
        )
    if root.name in plan.parameters:
        parameter = plan.parameters[root.name]
        if place < 0:
            return f"{parameter.by} is not stated", f"未申报{parameter.by}", ""
        found = plan_value(plan, parameter, place)
        if isinstance(found, NotPublished):
            return found.reason, found.reason_zh, found.where_to_look
    column = plan.inputs.get(root.name) or COLUMNS.get(root.name)
    if column is not None:
        return f"{column.name} is not stated ({column.meaning})", f"未申报{column.label_zh}", "the roster"
    lacking = [column.name for column in plan.inputs.values() if f"{column.group} columns" == root.name]
    if lacking:
        return f"the roster has none of {listed(lacking)}", f"名册缺少{'、'.join(lacking)}", "the roster"
    return f"{root.name} is not known", f"{root.name}未知", ""
