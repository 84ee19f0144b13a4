"""The gazetteer (地名录): names of a day, found by what they are, were, sound like or are spelled like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.errors import UsageError, did_you_mean, masked
from civaffairs.registers.fields import Array
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.pinyin_search import NameText
from civaffairs.registers.names.place_name_states import IN_FORCE, PlaceNameState
from civaffairs.registers.names.place_names import PLACE_NAMES, PlaceName
from civaffairs.registers.names.scopes import scope_kinds, scope_names
from civaffairs.registers.names.sounds import SoundIndex
from civaffairs.registers.view import View

COLUMNS = (
    "key", "state", "category", "place", "specific", "generic", "division_level", "famous", "built_up_area",
    "former_names", "successor", "protected",
)  # fmt: skip
"""The facts of place names that a gazetteer is made of."""

_LIVING = (PlaceNameState.PROPOSED, *IN_FORCE)


@attrs.frozen(kw_only=True)
class Listed:
    """One name of the gazetteer.

    Attributes
    ----------
    key
        Its number in the register.
    name, specific
        The name as a whole, and its specific part.
    category, state
        What it names, and where its life stands.
    place, built_up_area
        Where it is.
    scope
        Where it must be the only one, as `scope_names` writes it.
    protected
        Whether it is in a list of protected names; ``None`` where that is not stated.
    """

    key: str
    name: str
    specific: str
    category: PlaceNameCategory
    state: PlaceNameState
    place: str
    built_up_area: str
    scope: str
    protected: bool | None

    def __str__(self) -> str:
        where = " ".join(part for part in (self.place, self.built_up_area) if part)
        return f"{masked(self.key)} {self.name} ({self.category.label_zh}{f', {where}' if where else ''})"


@attrs.frozen(eq=False, repr=False)
class Gazetteer:
    """The place names of one day, arranged for looking up; `of` and `of_columns` make one.

    Attributes
    ----------
    on
        The day.
    tones
        Whether tones tell names apart. The regulation does not say.
    columns
        The facts of every name, as a view gives them.
    """

    on: date
    tones: bool
    columns: Mapping[str, Array]
    names: tuple[str, ...]
    scopes: tuple[str, ...]
    sounds: SoundIndex
    _row: Mapping[str, int]
    _living: NDArray[np.intp]
    _by_name: Mapping[str, list[int]]
    _by_former: Mapping[str, list[int]]
    _by_scope: Mapping[str, int]
    _by_place: Mapping[str, frozenset[str]]
    _text: NameText

    @classmethod
    def of(cls, view: View[PlaceName], *, tones: bool) -> Gazetteer:
        """Arrange the names of a view.

        Parameters
        ----------
        view
            A register of place names as of a day.
        tones
            Whether tones tell names apart.

        Examples
        --------
        >>> from civaffairs.registers import Event, Register
        >>> from civaffairs.registers.names.place_name_states import PlaceNameAction
        >>> facts = {"category": PlaceNameCategory.STREET, "place": "450103", "built_up_area": "made-up town"}
        >>> entered = [
        ...     Event(
        ...         key=key,
        ...         action=PlaceNameAction.RECORD,
        ...         on=date(2020, 1, 1),
        ...         document="made-up list",
        ...         facts=facts | {"specific": specific, "generic": "路"},
        ...     )
        ...     for key, specific in (("a", "江南"), ("b", "将南"), ("c", "长乐"))
        ... ]
        >>> gazetteer = Gazetteer.of(Register(PLACE_NAMES).add(*entered).as_of(date(2026, 8, 1)), tones=False)
        >>> gazetteer
        <gazetteer of 3 place names on 2026-08-01, 3 in force>
        >>> [str(each) for each in gazetteer.find("江南路")]
        ['a 江南路 (街路巷, 450103 made-up town)']
        >>> [each.name for each in gazetteer.same_sound("江南路")], [each.name for each in gazetteer.search("chang le")]
        (['江南路', '将南路'], ['长乐路'])
        """
        if view.kind is not PLACE_NAMES:
            msg = f"a gazetteer is made of a register of {PLACE_NAMES.name}, and this is one of {view.kind.name}"
            raise UsageError(msg)
        return cls.of_columns(view.columns(*COLUMNS), view.on, tones=tones)

    @classmethod
    def of_columns(cls, columns: Mapping[str, Array], on: date, *, tones: bool) -> Gazetteer:
        """Arrange names given as columns, as `View.columns` holds them.

        Parameters
        ----------
        columns
            The facts of `COLUMNS`, one array each.
        on
            The day that they are of.
        tones
            Whether tones tell names apart.

        Raises
        ------
        UsageError
            If a column is missing, or they are not of one length.
        """
        missing = [name for name in COLUMNS if name not in columns]
        if missing or len({len(columns[name]) for name in COLUMNS}) > 1:
            msg = f"a gazetteer needs columns of one length of: {', '.join(COLUMNS)}; missing: {missing or 'none'}"
            raise UsageError(msg)
        told: dict[str, Any] = {name: columns[name] for name in COLUMNS}
        names = np.char.add(told["specific"], told["generic"]).tolist()
        kinds = scope_kinds(told["category"], told["division_level"], told["famous"])
        scopes = scope_names(kinds, told["category"], told["place"], told["built_up_area"], on).tolist()
        living = np.flatnonzero(np.isin(told["state"], [state.number for state in _LIVING]))
        in_force = np.flatnonzero(np.isin(told["state"], [state.number for state in IN_FORCE])).tolist()
        row = {key: number for number, key in enumerate(told["key"].tolist())}
        places: dict[str, set[str]] = {}
        local = np.isin(told["category"], [each.number for each in LOCAL])
        for number in np.flatnonzero(local & np.isin(told["state"], [state.number for state in IN_FORCE])).tolist():
            places.setdefault(str(told["place"][number]), set()).add(str(told["specific"][number]))
        return cls(
            on=on, tones=tones, columns=told, names=tuple(names), scopes=tuple(scopes), row=row, living=living,
            sounds=SoundIndex.of([names[number] for number in living.tolist()], tones=tones),
            by_name=_grouped((names[number], number) for number in living.tolist()),
            by_former=_grouped(_former(told, names, row)),
            by_scope={scope: len(rows) for scope, rows in _grouped((scopes[n], n) for n in in_force).items()},
            by_place={place: frozenset(of) for place, of in places.items()},
            text=NameText.of(names),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        in_force = sum(self._by_scope.values())
        return f"<gazetteer of {len(self)} place names on {self.on}, {in_force} in force>"

    def listed(self, row: int) -> Listed:
        """Tell one name by its position in the columns."""
        told, protected = self.columns, int(self.columns["protected"][row])
        return Listed(
            key=str(told["key"][row]), name=self.names[row], specific=str(told["specific"][row]),
            category=list(PlaceNameCategory)[int(told["category"][row])],
            state=list(PlaceNameState)[int(told["state"][row])], place=str(told["place"][row]),
            built_up_area=str(told["built_up_area"][row]), scope=self.scopes[row],
            protected=None if protected < 0 else bool(protected),
        )  # fmt: skip

    def __getitem__(self, key: str) -> Listed:
        if key not in self._row:
            msg = f"no place name has the key {masked(key)!r} on {self.on}{did_you_mean(key, self._row)}"
            raise KeyError(msg)
        return self.listed(self._row[key])

    def __contains__(self, key: object) -> bool:
        return key in self._row

    def find(self, name: str) -> tuple[Listed, ...]:
        """List the names that are written so and are in force; several places may have one name."""
        return tuple(each for each in self.written(name) if each.state in IN_FORCE)

    def written(self, name: str) -> tuple[Listed, ...]:
        """List the names that are written so, those in force and those proposed."""
        return tuple(self.listed(row) for row in self._by_name.get("".join(name.split()), ()))

    def find_former(self, name: str) -> tuple[Listed, ...]:
        """List the names in force of the places that once had a name."""
        rows = dict.fromkeys(self._by_former.get("".join(name.split()), ()))
        return tuple(each for row in rows if (each := self.listed(row)).state in IN_FORCE)

    def same_sound(self, name: str) -> tuple[Listed, ...]:
        """List the names, in force or proposed, that may sound like one; a name written the same is one of them."""
        return tuple(self.listed(int(self._living[row])) for row in self.sounds.find(name))

    def search(self, query: str, *, limit: int = 20, all_states: bool = False) -> tuple[Listed, ...]:
        """List names that have a text in them: Chinese characters, or pinyin with or without tones and blanks.

        Parameters
        ----------
        query
            See `NameText.search`.
        limit
            At most how many.
        all_states
            Whether names that are proposed, refused, changed or retired are told too.
        """
        rows = self._text.search(query)
        found = (each for each in map(self.listed, rows) if all_states or each.state in IN_FORCE)
        return tuple(islice(found, limit))

    def homophones(self) -> tuple[tuple[Listed, ...], ...]:
        """List the groups of names of one scope that may sound alike: in force or proposed, and not all written alike.

        Whoever keeps them decides whether they are too alike: art. 9 has homophones avoided, not forbidden.
        """
        groups: dict[tuple[int, ...], None] = {}
        for position in np.flatnonzero(self.sounds.shared()).tolist():
            row = int(self._living[position])
            alike = (int(self._living[each]) for each in self.sounds.find(self.names[row]))
            within = tuple(each for each in alike if self.scopes[each] == self.scopes[row] and self.scopes[row])
            if len({self.names[each] for each in within}) > 1:
                groups[within] = None
        return tuple(tuple(self.listed(row) for row in group) for group in groups)

    def in_scope(self, scope: str) -> int:
        """Count the names in force of one scope."""
        return self._by_scope.get(scope, 0)

    def local_specifics(self, place: str) -> frozenset[str]:
        """The specific parts of the names of divisions, committee seats and natural features of a division."""
        return self._by_place.get(place, frozenset())


LOCAL = (PlaceNameCategory.DIVISION, PlaceNameCategory.COMMITTEE_SEAT, PlaceNameCategory.NATURAL_FEATURE)
"""The categories whose names are those of a locality, with which a facility's name is compared."""


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for name, row in pairs:
        groups.setdefault(name, []).append(row)
    return groups


def _former(told: Mapping[str, Array], names: list[str], row: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """Pair each former name with the name that its place has now: as stated, and by following successors."""
    for number in np.flatnonzero(told["former_names"] != "").tolist():
        for name in str(told["former_names"][number]).split(";"):
            yield name, number
    following = {n: row.get(str(told["successor"][n])) for n in np.flatnonzero(told["successor"] != "").tolist()}
    for number in following:
        at, passed = number, set[int]()
        while at in following and at not in passed and following[at] is not None:
            passed.add(at)
            at = int(following[at] or 0)
        if at != number:
            yield names[number], at
            for name in str(told["former_names"][number]).split(";"):
                if name:
                    yield name, at
