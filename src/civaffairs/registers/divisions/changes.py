"""A change of a division (行政区划变更) as a dated case: its steps, their order, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import attrs

from civaffairs.errors import UsageError, listed
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation
from civaffairs.law.parameters import load_parameters
from civaffairs.law.places import NATION
from civaffairs.registers.divisions.approval import (
    REGULATION,
    Approval,
    ChangeKind,
    ChangeLevel,
    Paper,
    approving_authority,
    missing_papers,
)

PARAMETERS = load_parameters(Path(__file__).with_suffix(".toml"))
"""The periods of the procedure."""

MOST_MONTHS_MORE = int(str(PARAMETERS["division_change_extension_months"].at(NATION, date.max).value))
"""The longest extension."""


class ChangeStep(Labelled):
    """Where a case stands."""

    DRAFTED = ("drafted", "拟订")
    OPINIONS = ("opinions", "征求意见")
    SUBMITTED = ("submitted", "上报")
    APPROVED = ("approved", "批准")
    IN_PROGRESS = ("in_progress", "实施中")
    EXTENDED = ("extended", "延期")
    ORDERED = ("ordered", "责令限期完成")
    COMPLETED = ("completed", "完成")
    CODE_PUBLISHED = ("code_published", "代码公布")
    ANNOUNCED = ("announced", "公告")


@attrs.frozen(kw_only=True)
class StepRule:
    """How a case comes to a step.

    Attributes
    ----------
    day
        The field of `DivisionChange` with its day.
    after
        The steps that it may follow.
    actor
        Who takes it, in the regulation's words.
    cite
        The article.
    """

    day: str
    after: frozenset[ChangeStep]
    actor: str
    cite: Citation


def _rule(day: str, after: tuple[ChangeStep, ...], actor: str, article: int | None) -> StepRule:
    cite = Citation(REGULATION) if article is None else REGULATION[article]
    return StepRule(day=day, after=frozenset(after), actor=actor, cite=cite)


_S = ChangeStep
STEPS: Mapping[ChangeStep, StepRule] = {
    _S.DRAFTED: _rule("drafted_on", (), "有关地方人民政府", 2),
    _S.OPINIONS: _rule("opinions_on", (_S.DRAFTED,), "县级以上人民政府民政部门", 14),
    _S.SUBMITTED: _rule("submitted_on", (_S.OPINIONS,), "有关地方人民政府", 13),
    _S.APPROVED: _rule("approved_on", (_S.SUBMITTED,), "审批机关", None),
    _S.IN_PROGRESS: _rule("started_on", (_S.APPROVED,), "有关地方人民政府", 15),
    _S.EXTENDED: _rule("extended_on", (_S.APPROVED, _S.IN_PROGRESS), "审批机关", 15),
    _S.ORDERED: _rule("ordered_on", (_S.APPROVED, _S.IN_PROGRESS, _S.EXTENDED), "上一级人民政府", 22),
    _S.COMPLETED: _rule("completed_on", (_S.APPROVED, _S.IN_PROGRESS, _S.EXTENDED, _S.ORDERED), "有关地方人民政府", 15),
    _S.CODE_PUBLISHED: _rule("code_published_on", (_S.COMPLETED, _S.ANNOUNCED), "民政部门", 17),
    _S.ANNOUNCED: _rule("announced_on", (_S.COMPLETED, _S.CODE_PUBLISHED), "有关地方人民政府", 18),
}
"""The procedure as a table. Who approves, and by which article, differs: see `approving_authority`."""

_NEEDS = {
    "started_on": "approved_on",
    "extended_on": "approved_on",
    "ordered_on": "approved_on",
    "filed_on": "approved_on",
    "completed_on": "approved_on",
    "reported_on": "completed_on",
    "surveyed_on": "completed_on",
    "code_published_on": "completed_on",
    "announced_on": "completed_on",
    "extension_months": "extended_on",
    "finish_by": "ordered_on",
}
"""What cannot be stated unless something else is; how a case came to its approval may be unknown."""

_ORDER = [rule.day for step, rule in STEPS.items() if step not in (_S.CODE_PUBLISHED, _S.ANNOUNCED)]
_AFTER_COMPLETION = ("reported_on", "surveyed_on", "code_published_on", "announced_on")
_PAIRS = (
    *((early, late) for place, late in enumerate(_ORDER) for early in _ORDER[:place]),
    *((early, late) for late in _AFTER_COMPLETION for early in _ORDER),
    ("approved_on", "filed_on"),
    ("ordered_on", "finish_by"),
)
"""Fields of which the first is never the later day."""


@attrs.frozen(kw_only=True)
class DivisionChange:
    """A change of a division, with the day of each step that was taken.

    Attributes
    ----------
    key
        The register's own key of the case.
    kind, level
        What changes, and of what sort of division.
    sensitive
        Whether it touches a coastline, an island, an important border place or the like (art. 7(4)).
    before, after
        Codes of the divisions that it concerns, before and after it.
    papers
        The papers handed in; ``None`` where that is not recorded.
    code_changes
        Whether a code changes; ``None`` where that is not recorded.
    drafted_on, opinions_on, submitted_on, approved_on, started_on, completed_on
        Days of the steps, where they were taken and are known.
    extended_on, extension_months
        The day on which the approving authority gave more time, and how much.
    ordered_on, finish_by
        The day on which the government above ordered a late case finished, and the day that it set.
    filed_on
        The day on which the approval was filed with the State Council (art. 8).
    reported_on, surveyed_on, code_published_on, announced_on
        What follows completion: the report to the approving authority, the survey of the boundary, the code and the
        public notice.

    Raises
    ------
    UsageError
        If the days contradict each other; everything that is wrong is said at once.

    Examples
    --------
    >>> case = DivisionChange(
    ...     key="Hengzhou",
    ...     kind=ChangeKind.ESTABLISH,
    ...     level=ChangeLevel.CITY_WITHOUT_DISTRICTS,
    ...     before=("450127",),
    ...     after=("450181",),
    ...     approved_on=date(2021, 2, 28),  # stands in: the day of the reply is not known
    ...     completed_on=date(2021, 7, 29),
    ... )
    >>> case.step_on(date(2021, 6, 1)).label_zh, case.step_on(date(2021, 8, 1)).label_zh
    ('批准', '完成')
    """

    key: str
    kind: ChangeKind
    level: ChangeLevel
    sensitive: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    papers: frozenset[Paper] | None = None
    code_changes: bool | None = None
    drafted_on: date | None = None
    opinions_on: date | None = None
    submitted_on: date | None = None
    approved_on: date | None = None
    filed_on: date | None = None
    started_on: date | None = None
    extended_on: date | None = None
    extension_months: int | None = None
    ordered_on: date | None = None
    finish_by: date | None = None
    completed_on: date | None = None
    reported_on: date | None = None
    surveyed_on: date | None = None
    code_published_on: date | None = None
    announced_on: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse days that contradict each other."""
        faults = list(_faults(self))
        if faults:
            msg = f"case {self.key!r} has {len(faults)} fault{'s' * (len(faults) > 1)}:\n  " + "\n  ".join(faults)
            raise UsageError(msg)

    @property
    def approval(self) -> Approval:
        """Who approves the change, and by which article."""
        return approving_authority(self.kind, self.level, sensitive=self.sensitive)

    @property
    def missing_papers(self) -> tuple[Paper, ...]:
        """The papers of art. 13 that are not handed in; all of them where none is recorded."""
        return missing_papers(self.papers or ())

    def step_on(self, on: date) -> ChangeStep | None:
        """Tell where the case stood at the end of a day; ``None`` before its first known step."""
        taken = [step for step, rule in STEPS.items() if (day := getattr(self, rule.day)) is not None and day <= on]
        return taken[-1] if taken else None

    def advance(
        self, step: ChangeStep, on: date, *, months: int | None = None, finish_by: date | None = None
    ) -> DivisionChange:
        """Take a step.

        Parameters
        ----------
        step, on
            The step and its day.
        months
            How much more time is given, for an extension.
        finish_by
            The day set, for an order to finish.

        Returns
        -------
        DivisionChange
            A new case; this one is left as it is.

        Raises
        ------
        UsageError
            If the step does not follow from where the case stands, or the days contradict each other.
        """
        now, rule = self.step_on(date.max), STEPS[step]
        if getattr(self, rule.day) is not None or (now is not None and now not in rule.after):
            may = (
                listed([f"{other.value} ({other.label_zh})" for other in ChangeStep if other in rule.after])
                or "nothing"
            )
            stands = f"{now.value} ({now.label_zh})" if now else "nothing"
            msg = f"case {self.key!r} stands at {stands}; {step.value} ({step.label_zh}) follows {may}, once"
            raise UsageError(msg)
        changed: dict[str, date | int | None] = {rule.day: on}
        if step is ChangeStep.EXTENDED or months is not None:
            changed["extension_months"] = months
        if step is ChangeStep.ORDERED or finish_by is not None:
            changed["finish_by"] = finish_by
        facts = {field.name: getattr(self, field.name) for field in attrs.fields(DivisionChange)}
        return DivisionChange(**(facts | changed))


def _faults(case: DivisionChange) -> Iterator[str]:
    """Say everything that is wrong with a case."""
    for field, needed in _NEEDS.items():
        if getattr(case, field) is not None and getattr(case, needed) is None:
            yield f"{field} is stated but {needed} is not"
    for early, late in _PAIRS:
        first, then = getattr(case, early), getattr(case, late)
        if first is not None and then is not None and then < first:
            yield f"{late} {then} is before {early} {first}"
    if case.extended_on is not None:
        months = case.extension_months
        if months is None or not 1 <= months <= MOST_MONTHS_MORE:
            yield f"extension_months is {months}; an extension is of 1 to {MOST_MONTHS_MORE} months (art. 15)"
    if case.ordered_on is not None and case.finish_by is None:
        yield "ordered_on is stated but finish_by, the day set for finishing, is not (art. 22)"
    if case.code_changes is False and case.code_published_on is not None:
        yield "code_published_on is stated although no code changes"
