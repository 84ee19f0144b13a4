"""Who may have a plot in a cemetery (墓位申请条件): decisions with reasons, never a guess.

What the law says is held to: a ground for villagers is theirs alone (until 2026-03-29), and a plot for somebody alive
needs a place that allows it. Whom an urban public-benefit cemetery admits is in no text that was read: whoever
asks says so, or the applicant is *not decided*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import attrs

from civaffairs.errors import UsageError, is_a, listed
from civaffairs.labels import Labelled
from civaffairs.law.lookup import Parameter
from civaffairs.law.timeline import NotPublished
from civaffairs.registers.cemeteries.approval import LAST, CemeteryKind
from civaffairs.registers.cemeteries.cemeteries import Cemetery, CemeteryState
from civaffairs.registers.cemeteries.limits import PARAMETERS, Holds
from civaffairs.registers.cemeteries.plot_states import ReservedFor
from civaffairs.registers.cemeteries.styles import BurialStyle

PLACES_LAW = "the regulation on funerals (殡葬管理条例) that applies from 2026-03-30, on grounds for villagers"


class ApplicantGroup(Labelled):
    """Groups that a cemetery may admit or put first."""

    DIBAO = ("dibao", "最低生活保障对象")
    TEKUN = ("tekun", "特困供养人员")
    LOW_INCOME = ("low_income", "低收入家庭成员")
    MARTYR = ("martyr", "烈士")
    MODEL_WORKER = ("model_worker", "劳动模范")
    RESIDENT = ("resident", "当地居民")
    OTHER = ("other", "其他")


NAMED_BY_REPORTS = (
    ApplicantGroup.DIBAO,
    ApplicantGroup.TEKUN,
    ApplicantGroup.LOW_INCOME,
    ApplicantGroup.MARTYR,
    ApplicantGroup.MODEL_WORKER,
)
"""Whom press reports name, among others, as those for whom Maling (马岭) is. No rule of admission was read, so nothing
takes it unless whoever asks gives it."""


class Outcome(Labelled):
    """What was found of an application."""

    ELIGIBLE = ("eligible", "符合条件")
    NOT_ELIGIBLE = ("not_eligible", "不符合条件")
    NOT_DECIDED = ("not_decided", "不能判定")


@attrs.frozen(kw_only=True)
class Application:
    """One application for a plot; who the applicant is is never shown.

    Attributes
    ----------
    key
        Number of the application.
    applied
        The day.
    holder
        Opaque key of whoever applies.
    holds, persons
        What is to be laid to rest, and how many.
    styles
        Styles that are wanted, the best first; any where empty.
    group
        The group; ``None`` where not stated.
    village
        The village; empty where not stated.
    certificate
        Number of the certificate of cremation; empty where there is none yet.
    reserved_for
        For whom, where the plot is for somebody alive.
    """

    key: str
    applied: date
    holder: str = attrs.field(repr=False)
    holds: Holds = Holds.ASHES
    persons: int = 1
    styles: tuple[BurialStyle, ...] = ()
    group: ApplicantGroup | None = None
    village: str = attrs.field(default="", repr=False)
    certificate: str = attrs.field(default="", repr=False)
    reserved_for: ReservedFor | None = None

    def __attrs_post_init__(self) -> None:
        if not self.key or not self.holder:
            msg = "an application needs a key, and the key of a holder"
            raise UsageError(msg)
        if not is_a(self.persons, int) or isinstance(self.persons, bool) or self.persons < 1:
            msg = f"application {self.key}: a plot for {self.persons!r} persons cannot be; give 1 or more"
            raise UsageError(msg)


@attrs.frozen(kw_only=True)
class Eligibility:
    """What was found of one application.

    Attributes
    ----------
    key
        Its number.
    outcome
        What was found: not eligible where anything speaks against it, else not decided where anything is open.
    reasons
        What speaks against it, or is open; nothing for one that is eligible.
    """

    key: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()


def eligibility(
    applications: Sequence[Application],
    cemetery: Cemetery,
    *,
    on: date,
    admits: Sequence[ApplicantGroup] | None,
    reserved_sale: Parameter = PARAMETERS["reserved_sale"],
) -> tuple[Eligibility, ...]:
    """Decide who may have a plot in a cemetery.

    Parameters
    ----------
    applications
        Applications.
    cemetery
        Its record on the day.
    on
        The day on which a plot would be taken.
    admits
        Groups that the cemetery admits; ``None`` where that is not known. Not asked for a commercial cemetery, or a
        ground for villagers, which the law gives to villagers.
    reserved_sale
        Whether plots are sold for the living; with rows of the caller's, if need be.

    Returns
    -------
    tuple
        One finding for each application, in their order.

    Examples
    --------
    >>> ground = Cemetery(
    ...     key="C", state=CemeteryState.OPEN, place="450102", kind=CemeteryKind.RURAL_PUBLIC, village="made-up village"
    ... )
    >>> asked = [
    ...     Application(key="a", applied=date(2026, 3, 1), holder="H-1", village="made-up village", certificate="C-1"),
    ...     Application(key="b", applied=date(2026, 3, 1), holder="H-2", village="another", certificate="C-2"),
    ... ]
    >>> for day in (date(2026, 3, 29), date(2026, 3, 30)):
    ...     print([told.outcome.value for told in eligibility(asked, ground, on=day, admits=None)])
    ['eligible', 'not_eligible']
    ['not_decided', 'not_decided']
    """
    keys = Counter(asked.key for asked in applications)
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        msg = f"applications have one key: {listed(twice)}; give each its own"
        raise UsageError(msg)
    try:
        sale, unsold = str(reserved_sale.at(cemetery.place, on).value), ""
    except NotPublished as fault:
        sale, unsold = "", str(fault)
    return tuple(_found(asked, cemetery, on, admits, sale, unsold) for asked in applications)


def _found(
    asked: Application, cemetery: Cemetery, on: date, admits: Sequence[ApplicantGroup] | None, sale: str, unsold: str
) -> Eligibility:
    told = [
        _time(asked, cemetery, on),
        _admitted(asked, cemetery, on, admits),
        _paper(asked, sale, unsold),
    ]
    against = tuple(reason for outcome, reason in told if outcome is Outcome.NOT_ELIGIBLE)
    unknown = tuple(reason for outcome, reason in told if outcome is Outcome.NOT_DECIDED)
    outcome = Outcome.NOT_ELIGIBLE if against else Outcome.NOT_DECIDED if unknown else Outcome.ELIGIBLE
    return Eligibility(key=asked.key, outcome=outcome, reasons=against or unknown)


def _time(asked: Application, cemetery: Cemetery, on: date) -> tuple[Outcome, str]:
    if cemetery.state not in (CemeteryState.OPEN, CemeteryState.EXTENDING):
        state = f"{cemetery.state.value} ({cemetery.state.label_zh})"
        return Outcome.NOT_ELIGIBLE, f"the cemetery is not in use: it is {state}"
    late = asked.applied > on
    return (Outcome.NOT_ELIGIBLE, f"applied on {asked.applied}, after {on}") if late else (Outcome.ELIGIBLE, "")


def _admitted(
    asked: Application, cemetery: Cemetery, on: date, admits: Sequence[ApplicantGroup] | None
) -> tuple[Outcome, str]:
    match cemetery.kind:
        case None:
            return Outcome.NOT_DECIDED, "the kind of the cemetery is not stated"
        case CemeteryKind.COMMERCIAL:
            return Outcome.ELIGIBLE, ""
        case CemeteryKind.RURAL_PUBLIC:
            return _villager(asked, cemetery, on)
        case _:
            if admits is None:
                whom = f"whom a cemetery of this kind ({cemetery.kind.label_zh}) admits"
                return Outcome.NOT_DECIDED, f"{whom} is in no text read; say whom"
            if asked.group is None:
                return Outcome.NOT_DECIDED, "the group of the applicant is not stated"
            if asked.group in admits:
                return Outcome.ELIGIBLE, ""
            return Outcome.NOT_ELIGIBLE, f"{asked.group.value} is not among those admitted"


def _villager(asked: Application, cemetery: Cemetery, on: date) -> tuple[Outcome, str]:
    if on > LAST:
        return Outcome.NOT_DECIDED, f"a new regulation applies from 2026-03-30; look in: {PLACES_LAW}"
    if not cemetery.village or not asked.village:
        whose = "applicant" if cemetery.village else "ground"
        return Outcome.NOT_DECIDED, f"the village of the {whose} is not stated"
    if asked.village != cemetery.village:
        return Outcome.NOT_ELIGIBLE, "the ground is for villagers, and the applicant is of another village"
    return Outcome.ELIGIBLE, ""


def _paper(asked: Application, sale: str, unsold: str) -> tuple[Outcome, str]:
    """Ashes need a certificate of cremation, unless the place lets plots be sold for the living."""
    if asked.holds is not Holds.ASHES or asked.certificate:
        return Outcome.ELIGIBLE, ""
    if asked.reserved_for is None:
        return Outcome.NOT_ELIGIBLE, "there is no certificate of cremation, and it is not said for whom alive it is"
    if unsold:
        return Outcome.NOT_DECIDED, f"whether a plot is sold for somebody alive: {unsold}"
    if sale == "on_named_grounds":
        return Outcome.ELIGIBLE, ""
    return Outcome.NOT_ELIGIBLE, "the place does not let plots be sold for the living"
