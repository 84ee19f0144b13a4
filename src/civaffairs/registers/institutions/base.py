"""What all institutions share: name, code, licence, place, beds and residents, and a life of steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from civaffairs.identity.credit_code import check_unified_codes
from civaffairs.labels import Labelled
from civaffairs.people.columns import Kind
from civaffairs.registers.fields import Flags, entry
from civaffairs.registers.kinds import Step
from civaffairs.registers.validity import Severity, validity


class InstitutionState(Labelled):
    """The life of an institution."""

    OPEN = ("open", "运营")
    SUSPENDED = ("suspended", "暂停服务")
    CLOSED = ("closed", "终止服务")


class InstitutionAction(Labelled):
    """What happens to an institution."""

    OPEN = ("open", "设立")
    LICENSE = ("license", "领取或者换领证书")
    CHANGE = ("change", "变更")
    COUNT = ("count", "在院人数变动")
    SUSPEND = ("suspend", "暂停服务")
    RESUME = ("resume", "恢复服务")
    CLOSE = ("close", "终止服务")


@attrs.frozen(kw_only=True)
class Institution:
    """What every institution states."""

    key: str = entry(Kind.KEY, "编号", "number of the institution")
    state: InstitutionState = entry(Kind.CHOICE, "状态", "state", choices=InstitutionState)
    place: str = entry(Kind.PLACE, "所在政区", "division where it stands")
    name: str = entry(Kind.TEXT, "名称", "name of the institution")
    credit_code: str = entry(Kind.TEXT, "统一社会信用代码", "unified social credit code")
    beds: int | None = entry(Kind.COUNT, "床位数", "beds; none where nobody stays overnight", high=1_000_000)
    residents: int | None = entry(Kind.COUNT, "在院人数", "who lives there", high=1_000_000)
    licence: str = entry(Kind.TEXT, "许可证或者登记证书编号", "number of the licence or certificate it works by")
    licensed_on: date | None = entry(Kind.DATE, "发证日期", "first day of the licence")
    licence_until: date | None = entry(Kind.DATE, "证书有效期至", "last day of the licence; none where it has no end")


def institution_steps(needs: Iterable[str] = (), may: Iterable[str] = ()) -> tuple[Step, ...]:
    """Make the steps of a kind of institution.

    Parameters
    ----------
    needs
        Facts that opening it must state, besides its place and name.
    may
        Facts that it may state then, and that a change may state.
    """
    first, more = ("place", "name", *needs), ("credit_code", "beds", "residents", *may)
    licence = ("licence", "licensed_on", "licence_until")
    own = tuple(fact for fact in (*first, *more) if fact not in ("place", "residents"))
    state, action = InstitutionState, InstitutionAction
    alive = (state.OPEN, state.SUSPENDED)
    return (
        Step(action=action.OPEN, after=state.OPEN, needs=first, may=more),
        Step(action=action.LICENSE, before=alive, needs=licence[:1], may=licence[1:], clears=licence[1:]),
        Step(action=action.CHANGE, before=alive, may=own),
        Step(action=action.COUNT, before=alive, needs=("residents",)),
        Step(action=action.SUSPEND, before=(state.OPEN,), after=state.SUSPENDED),
        Step(action=action.RESUME, before=(state.SUSPENDED,), after=state.OPEN),
        Step(action=action.CLOSE, before=alive, after=state.CLOSED, clears=("residents",)),
    )


def in_being(state: NDArray[np.int8]) -> Flags:
    """Mark institutions that are not closed."""
    return np.asarray(state != InstitutionState.CLOSED.number)


def is_open(state: NDArray[np.int8]) -> Flags:
    """Mark institutions that are open."""
    return np.asarray(state == InstitutionState.OPEN.number)


@validity(None, Severity.INVARIANT, only=in_being)
def residents_have_beds(residents: NDArray[np.int64], beds: NDArray[np.int64]) -> Flags:
    """An institution has no more residents than beds."""
    return np.asarray(residents <= beds)


@validity(None, Severity.INVARIANT)
def credit_code_is_one(credit_code: NDArray[np.str_]) -> Flags:
    """The unified social credit code is one that can have been issued."""
    return np.asarray(check_unified_codes(credit_code).valid)


@validity(None, Severity.INVARIANT, only=in_being)
def one_institution_a_code(credit_code: NDArray[np.str_], state: NDArray[np.int8]) -> Flags:
    """No two institutions that are not closed have one unified social credit code."""
    codes, counts = np.unique(credit_code[in_being(state)], return_counts=True)
    return np.asarray(~np.isin(credit_code, codes[counts > 1]))


@validity(None, Severity.INVARIANT)
def licence_ends_after_it_begins(licensed_on: NDArray[np.datetime64], licence_until: NDArray[np.datetime64]) -> Flags:
    """A licence does not end before it begins."""
    return np.asarray(licensed_on <= licence_until)


@validity(None, Severity.WARNING, only=is_open)
def licence_has_not_run_out(licence_until: NDArray[np.datetime64], on: np.datetime64) -> Flags:
    """An institution that is open has a licence that has not run out; its last day is included."""
    return np.asarray(on <= licence_until)


INSTITUTION_RULES = (
    residents_have_beds, credit_code_is_one, one_institution_a_code,
    licence_ends_after_it_begins, licence_has_not_run_out,
)  # fmt: skip
