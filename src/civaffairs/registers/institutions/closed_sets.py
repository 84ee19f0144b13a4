"""Functions of an institution: a subset of a closed set, held in a record as the English values of its members."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from civaffairs.labels import Labelled
from civaffairs.registers.fields import Flags


def texts_of(members: Iterable[Labelled]) -> tuple[str, ...]:
    """Write members as a record holds them: each once, in the order of the set.

    Examples
    --------
    >>> from civaffairs.registers.children.homes import CareFunction
    >>> texts_of({CareFunction.TEACH, CareFunction.RAISE})
    ('raise', 'teach')
    """
    return tuple(str(member.value) for member in sorted(set(members), key=lambda member: member.number))


def has(column: NDArray[np.str_], member: Labelled) -> Flags:
    """Mark the rows that have a member.

    Examples
    --------
    >>> from civaffairs.registers.children.homes import CareFunction
    >>> has(np.array(["raise;teach", "teach", ""]), CareFunction.RAISE).tolist()
    [True, False, False]
    """
    bounded = np.strings.add(np.strings.add(";", column), ";")
    return np.asarray(np.strings.find(bounded, f";{member.value};") >= 0)


def within(column: NDArray[np.str_], choices: type[Labelled]) -> Flags:
    """Mark the rows that name nothing but members of a set, each once, in its order."""
    written = {";".join(texts_of(subset)) for subset in _subsets(tuple(choices))}
    return np.asarray(np.isin(column, list(written)))


def _subsets(members: tuple[Labelled, ...]) -> Iterable[tuple[Labelled, ...]]:
    """List every subset; the sets are small."""
    for number in range(2 ** len(members)):
        yield tuple(member for bit, member in enumerate(members) if number >> bit & 1)
