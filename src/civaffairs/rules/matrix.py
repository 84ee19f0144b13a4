"""Which benefits may be held together: what a row of the table of pairs says, and which rows are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

import attrs

from civaffairs.errors import did_you_mean
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation

__all__ = ["Pair", "Together", "faults_of"]


class Together(Labelled):
    """How two benefits go together."""

    BOTH = ("both are paid", "同时享受")
    NOT_BOTH = ("one excludes the other", "不能同时享受")
    CHOOSE = ("the person chooses one", "自愿选择其一")
    TOP_UP = ("the second only tops the first up", "补差")
    BY_VALUE = ("as the place has decided", "由当地规定")
    NEVER = ("nobody can have both", "不会同时符合")
    OPEN = ("no source says: each is told alone, and they are not added up", "未见规定，分别列示、不合计")


@attrs.frozen(kw_only=True)
class Pair:
    """One row of the table of pairs.

    Attributes
    ----------
    first, second
        Names of schemes, or of what is on record of benefits paid elsewhere.
    how
        How they go together.
    cites
        Where that is written.
    carried_by
        The rules that carry it out; none where nothing has to be done.
    value
        For `Together.BY_VALUE`: the parameter that says it, which may be a declared unknown.
    note
        What to know about it.
    """

    first: str
    second: str
    how: Together
    cites: tuple[Citation, ...]
    carried_by: tuple[str, ...] = ()
    value: str = ""
    note: str = ""

    @property
    def schemes(self) -> frozenset[str]:
        """The two, in no order."""
        return frozenset((self.first, self.second))


def faults_of(
    pairs: Iterable[Pair], paying: Collection[str], rules: Collection[str], values: Collection[str]
) -> Iterator[str]:
    """Tell what is wrong with a table of pairs.

    Parameters
    ----------
    pairs
        The table.
    paying
        Names of the schemes any two of which need a row.
    rules, values
        Names of rules and values that a row may point to.

    Examples
    --------
    >>> list(faults_of([], ["dibao", "tekun"], [], []))
    ["the table of pairs has no row for 'dibao' and 'tekun'; say whether both may be drawn, by which article"]
    """
    rows = list(pairs)
    told = [pair.schemes for pair in rows]
    for first, second in combinations(paying, 2):
        if frozenset((first, second)) not in told:
            row = f"no row for {first!r} and {second!r}"
            yield f"the table of pairs has {row}; say whether both may be drawn, by which article"
    for pair, schemes in zip(rows, told, strict=True):
        named = f"the row of {pair.first!r} and {pair.second!r}"
        if told.count(schemes) > 1:
            yield f"{named} is given twice"
        if not pair.cites:
            yield f"{named} cites nothing"
        if (pair.how is Together.BY_VALUE) != bool(pair.value):
            yield f"{named}: a value goes with BY_VALUE, and only with it"
        missing = [(name, rules) for name in pair.carried_by if name not in rules]
        missing += [(pair.value, values)] if pair.value and pair.value not in values else []
        for name, known in missing:
            yield f"{named} points to {name!r}, which nothing gives{did_you_mean(name, known)}"
