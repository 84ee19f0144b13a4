"""The naming of a place as a dated case (地名命名、更名办理): its steps, and what is due by when, by either reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

import attrs

from civaffairs.errors import CalendarError, UsageError
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation
from civaffairs.law.places import NATION
from civaffairs.law.timeline import NotPublished
from civaffairs.registers.divisions.change_duties import DutyState
from civaffairs.registers.names.applications import ApplicationPaper
from civaffairs.registers.names.authorities import Reserved, filed_with, naming_authority
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.naming_rules_of_place import papers_needed
from civaffairs.registers.names.place_name_rules import REGULATION
from civaffairs.registers.names.place_name_states import DEPARTMENTS, ApproverKind
from civaffairs.registers.names.place_names import PARAMETERS
from civaffairs.workdays import Roll, period_end


class NamingStep(Labelled):
    """Where a case stands."""

    APPLIED = ("applied", "申请")
    ASSESSED = ("assessed", "综合评估、专家论证、征求意见")
    REFUSED = ("refused", "不予批准")
    APPROVED = ("approved", "批准")
    FILED = ("filed", "备案")
    ANNOUNCED = ("announced", "公告")


FOLLOWS: Mapping[NamingStep, tuple[NamingStep, ...]] = MappingProxyType(
    {
        NamingStep.APPLIED: (),
        NamingStep.ASSESSED: (NamingStep.APPLIED,),
        NamingStep.REFUSED: (NamingStep.APPLIED, NamingStep.ASSESSED),
        NamingStep.APPROVED: (NamingStep.APPLIED, NamingStep.ASSESSED),
        NamingStep.FILED: (NamingStep.APPROVED,),
        NamingStep.ANNOUNCED: (NamingStep.APPROVED,),
    }
)
"""What each step may not come before, where that is in the case."""


class NamingDutyKind(Labelled):
    """What is to be done."""

    PAPERS = ("papers", "提交申请材料")
    FILE = ("file", "报送备案")
    ANNOUNCE = ("announce", "向社会公告")


@attrs.frozen(kw_only=True)
class Reading:
    """How a duty stands by one reading of art. 203 of the Civil Code.

    Attributes
    ----------
    due
        The last day; ``None`` where there is none, or it is not known.
    state
        How it stands.
    """

    due: date | None = None
    state: DutyState


@attrs.frozen(kw_only=True)
class NamingDuty:
    """One duty of a case on a day.

    Attributes
    ----------
    kind, cite
        What is to be done, and by which article.
    done
        The day on which it was done, if that was by the day asked for.
    plain, rolled
        How it stands if the last day is counted plainly, and if a holiday or weekend moves it on. The article does not
        settle whether a weekend does: where the two differ, a person decides.
    reason
        Why it is not due or not known, or what is missing.
    """

    kind: NamingDutyKind
    cite: Citation
    done: date | None = None
    plain: Reading
    rolled: Reading
    reason: str = ""

    @property
    def settled(self) -> bool:
        """Whether both readings say the same."""
        return self.plain.state is self.rolled.state


def _papers(given: Iterable[ApplicationPaper] | None) -> frozenset[ApplicationPaper] | None:
    return None if given is None else frozenset(given)


@attrs.frozen(kw_only=True)
class NamingCase:
    """One application to name or rename a place; ``None`` for what has not happened or is not known.

    Attributes
    ----------
    key
        Number of the case.
    category
        What is named.
    reserved
        Whether art. 12 item 1 keeps it for the State Council.
    approver_kind
        What kind of authority approved it; by art. 12 where it is left out and the article tells it.
    papers
        What the application has in it; ``None`` if nobody has looked.
    applied_on, assessed_on, refused_on, approved_on, filed_on, announced_on
        Days of its steps.
    """

    key: str
    category: PlaceNameCategory
    reserved: Reserved | None = None
    approver_kind: ApproverKind | None = None
    papers: frozenset[ApplicationPaper] | None = attrs.field(default=None, converter=_papers)
    applied_on: date | None = None
    assessed_on: date | None = None
    refused_on: date | None = None
    approved_on: date | None = None
    filed_on: date | None = None
    announced_on: date | None = None

    def __attrs_post_init__(self) -> None:
        wrong = _wrong(self)
        if wrong:
            msg = f"case {self.key}: " + "; ".join(wrong)
            raise UsageError(msg)

    @property
    def approver(self) -> ApproverKind | None:
        """What kind of authority approves it, as told or by art. 12; ``None`` where neither says."""
        return self.approver_kind or naming_authority(self.category, self.reserved).approver_kind

    def day_of(self, step: NamingStep) -> date | None:
        """The day of a step."""
        day: date | None = getattr(self, f"{step.value}_on")
        return day

    def step(self, on: date) -> NamingStep | None:
        """Where the case stood at the end of a day: the last of its steps; ``None`` before it began.

        Examples
        --------
        >>> case = NamingCase(key="A", category=PlaceNameCategory.STREET, approved_on=date(2024, 3, 1))
        >>> case.step(date(2024, 2, 29)), case.step(date(2024, 3, 1)).label_zh
        (None, '批准')
        """
        taken = [(day, step) for step in NamingStep if (day := self.day_of(step)) is not None and day <= on]
        return max(taken, key=lambda pair: (pair[0], pair[1].number))[1] if taken else None


def _wrong(case: NamingCase) -> list[str]:
    """Say everything about the days and the authority that cannot be."""
    found = []
    days = {step: day for step in NamingStep if (day := case.day_of(step)) is not None}
    for step, before in FOLLOWS.items():
        late = [each for each in before if step in days and each in days and days[each] > days[step]]
        found += [f"{step.value} on {days[step]}, before {each.value} on {days[each]}" for each in late]
    if NamingStep.REFUSED in days and NamingStep.APPROVED in days:
        found.append("both refused and approved; a new application is a new case")
    unapproved = [step for step in (NamingStep.FILED, NamingStep.ANNOUNCED) if step in days]
    if unapproved and NamingStep.APPROVED not in days:
        found.append(f"{unapproved[0].value} on {days[unapproved[0]]}, but never approved")
    by_law = naming_authority(case.category, case.reserved).approver_kind
    if case.approver_kind is not None and by_law is not None and by_law is not case.approver_kind:
        found.append(f"approved by {case.approver_kind.value}, where art. 12 names {by_law.value}")
    return found


def naming_duties(case: NamingCase, on: date, *, place: str = NATION) -> tuple[NamingDuty, ...]:
    """List what a case obliges to, as it was known at the end of a day.

    Parameters
    ----------
    case
        The case.
    on
        The day; what happened after it is not looked at.
    place
        Division code, for the holidays.

    Returns
    -------
    tuple of NamingDuty
        One for each `NamingDutyKind`, in its order; each by both readings.

    Examples
    --------
    The fifteenth day after 2024-03-01 is a Saturday; filed on the Monday after, it is late or not by how one reads it.

    >>> case = NamingCase(
    ...     key="A",
    ...     category=PlaceNameCategory.STREET,
    ...     approved_on=date(2024, 3, 1),
    ...     announced_on=date(2024, 3, 15),
    ...     filed_on=date(2024, 3, 18),
    ... )
    >>> for duty in naming_duties(case, date(2024, 4, 1))[1:]:
    ...     print(duty.kind.value, duty.plain.due, duty.plain.state.value, duty.rolled.due, duty.rolled.state.value)
    file 2024-03-16 done_late 2024-03-18 done_in_time
    announce 2024-03-16 done_in_time 2024-03-18 done_in_time
    """
    return (_application(case, on), _filing(case, on, place), _announcement(case, on, place))


def _seen(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None


def _both(kind: NamingDutyKind, cite: Citation, state: DutyState, reason: str, done: date | None = None) -> NamingDuty:
    reading = Reading(state=state)
    return NamingDuty(kind=kind, cite=cite, done=done, plain=reading, rolled=reading, reason=reason)


def _application(case: NamingCase, on: date) -> NamingDuty:
    kind, cite, applied = NamingDutyKind.PAPERS, REGULATION[11], _seen(case.applied_on, on)
    if applied is None:
        return _both(kind, cite, DutyState.NOT_DUE, "nothing is applied for")
    if case.papers is None:
        return _both(kind, cite, DutyState.UNKNOWN, "no papers are recorded")
    missing = [paper.label_zh for paper in papers_needed(case.category) if paper not in case.papers]
    if missing:
        return _both(kind, cite, DutyState.OVERDUE, f"missing: {'、'.join(missing)}")
    reason = "what further papers the ministry asks for (item 3) was not read"
    return _both(kind, cite, DutyState.DONE, reason, applied)


def _filing(case: NamingCase, on: date, place: str) -> NamingDuty:
    kind, cite = NamingDutyKind.FILE, REGULATION[13]
    if case.category is PlaceNameCategory.DIVISION:
        return _both(kind, cite, DutyState.NOT_DUE, "names of divisions have a regulation of their own")
    approved, approver = _seen(case.approved_on, on), case.approver
    if approved is None:
        return _both(kind, cite, DutyState.NOT_DUE, "the name is not approved")
    if approver is None:
        return _both(kind, cite, DutyState.UNKNOWN, "art. 12 does not tell who approves it; give approver_kind=")
    if filed_with(approver) is None:
        return _both(kind, cite, DutyState.NOT_DUE, "what the State Council approves is not filed")
    return _within(kind, cite, "filing_days", approved, _seen(case.filed_on, on), on, place)


def _announcement(case: NamingCase, on: date, place: str) -> NamingDuty:
    kind, cite = NamingDutyKind.ANNOUNCE, REGULATION[14]
    if case.category is PlaceNameCategory.DIVISION:
        return _both(kind, cite, DutyState.NOT_DUE, "names of divisions have a regulation of their own")
    approved, approver = _seen(case.approved_on, on), case.approver
    if approved is None:
        return _both(kind, cite, DutyState.NOT_DUE, "the name is not approved")
    if approver is None:
        return _both(kind, cite, DutyState.UNKNOWN, "art. 12 does not tell who approves it; give approver_kind=")
    begun = _seen(case.filed_on, on) if approver in DEPARTMENTS else approved
    done = _seen(case.announced_on, on)
    if begun is None:
        return _both(kind, cite, DutyState.NOT_DUE, "a department's name is announced from its filing", done)
    return _within(kind, cite, "announcement_days", begun, done, on, place)


def _within(
    kind: NamingDutyKind, cite: Citation, name: str, begun: date, done: date | None, on: date, place: str
) -> NamingDuty:
    """Weigh a duty with a period, by both readings."""
    try:
        days = PARAMETERS[name].at(NATION, begun).value
    except NotPublished as fault:
        return _both(kind, cite, DutyState.UNKNOWN, str(fault), done)
    length = int(str(days))
    plain = period_end(begun, days=length, roll=Roll.NEVER)
    reason = ""
    try:
        rolled = _reading(period_end(begun, days=length, roll=Roll.HOLIDAYS_AND_WEEKENDS, place=place), done, on)
    except CalendarError as fault:  # it ends no earlier than when it is counted plainly
        sure = (done or on) <= plain
        rolled, reason = (_reading(plain, done, on) if sure else Reading(state=DutyState.UNKNOWN)), str(fault)
    return NamingDuty(kind=kind, cite=cite, done=done, plain=_reading(plain, done, on), rolled=rolled, reason=reason)


def _reading(due: date, done: date | None, on: date) -> Reading:
    if done is None:
        return Reading(due=due, state=DutyState.OPEN if on <= due else DutyState.OVERDUE)
    return Reading(due=due, state=DutyState.DONE_IN_TIME if done <= due else DutyState.DONE_LATE)
