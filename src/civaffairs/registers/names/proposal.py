"""A naming proposal in, a reasoned verdict out (地名方案审查): each rule held, broken or not checked, and why."""

from __future__ import annotations

from datetime import date

import attrs

from civaffairs.errors import UsageError
from civaffairs.labels import Labelled
from civaffairs.registers.names.applications import ApplicationPaper, NameProposal
from civaffairs.registers.names.gazetteer import Gazetteer
from civaffairs.registers.names.name_lists import NameLists
from civaffairs.registers.names.naming_rules import NamingRule, Outcome, Subject
from civaffairs.registers.names.naming_rules_of_place import NAMING_RULES
from civaffairs.registers.names.place_name_rules import FIRST_DAY
from civaffairs.registers.names.place_name_states import IN_FORCE
from civaffairs.registers.names.romanisation import Romanised, romanise

__all__ = ["ApplicationPaper", "Conclusion", "Finding", "NameProposal", "Verdict", "assess_proposal"]


class Conclusion(Labelled):
    """What a verdict comes to."""

    BREAKS_RULES = ("breaks the rules", "违反规定")
    OPEN = ("open: a person or a list has to decide", "待人工审查或补充资料")
    WITH_WARNINGS = ("keeps the rules, with warnings", "符合规定，有提示")
    KEEPS_RULES = ("keeps the rules", "符合规定")


@attrs.frozen(kw_only=True)
class Finding:
    """What one rule says of the proposal.

    Attributes
    ----------
    rule
        The rule, with its article and severity.
    outcome
        Held, broken, warned, to be reviewed, not checked, or not for such a name.
    reason
        Why.
    collisions
        The names that it collides with.
    """

    rule: NamingRule
    outcome: Outcome
    reason: str
    collisions: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"{self.rule.id} {self.outcome.value}: {self.reason} [{self.rule.source}]"
        more = len(self.collisions) - _SHOWN
        lines = [f"    {each}" for each in self.collisions[:_SHOWN]]
        return "\n".join([head, *lines, *([f"    and {more} more"] if more > 0 else [])])


_SHOWN = 5
_OPEN = (Outcome.REVIEW, Outcome.NOT_CHECKED)


@attrs.frozen(kw_only=True, repr=False)
class Verdict:
    """What the rules say of a proposed name; whether it is approved, the authority of art. 12 decides.

    Attributes
    ----------
    proposal
        What was proposed.
    on
        The day.
    gazetteer_on
        The day of the names it was compared with.
    spelling
        The name in Roman letters.
    findings
        Each rule with its outcome; a rule may say several things.
    """

    proposal: NameProposal
    on: date
    gazetteer_on: date
    spelling: Romanised
    findings: tuple[Finding, ...]

    @property
    def conclusion(self) -> Conclusion:
        """What it comes to: what is broken goes first, then what is open, then warnings."""
        if self.of(Outcome.BROKEN):
            return Conclusion.BREAKS_RULES
        if self.of(*_OPEN):
            return Conclusion.OPEN
        return Conclusion.WITH_WARNINGS if self.of(Outcome.WARNED) else Conclusion.KEEPS_RULES

    def of(self, *outcomes: Outcome) -> tuple[Finding, ...]:
        """Take the findings of some outcomes."""
        return tuple(found for found in self.findings if found.outcome in outcomes)

    def __getitem__(self, rule: str) -> tuple[Finding, ...]:
        """Take the findings of a rule: ``verdict["N8"]``."""
        return tuple(found for found in self.findings if found.rule.id == rule)

    def table(self) -> dict[str, list[str]]:
        """The findings as a table of columns."""
        every = self.findings
        return {
            "rule": [found.rule.id for found in every],
            "outcome": [str(found.outcome.value) for found in every],
            "severity": [str(found.rule.severity.value) for found in every],
            "statement": [found.rule.statement for found in every],
            "reason": [found.reason for found in every],
            "source": [str(found.rule.source) for found in every],
            "collides_with": ["; ".join(found.collisions) for found in every],
        }

    def __str__(self) -> str:
        proposal, conclusion = self.proposal, self.conclusion
        head = (
            f"{proposal.name} ({self.spelling.text}), {proposal.category.label_zh}, {proposal.place}, on {self.on}: "
            f"{conclusion.value} ({conclusion.label_zh})"
        )
        told = sorted(self.findings, key=lambda found: found.outcome.number)
        lines = [str(found) for found in told if found.outcome is not Outcome.NOT_APPLICABLE]
        others = [found.rule.id for found in self.of(Outcome.NOT_APPLICABLE)]
        doubts = [f"{each.written} ({each.doubt.label_zh})" for each in self.spelling.uncertain]
        return "\n".join([
            head,
            *([f"spelling to be confirmed: {', '.join(doubts)}"] if doubts else []),
            *lines,
            *([f"not for such a name: {', '.join(others)}"] if others else []),
        ])  # fmt: skip

    def __repr__(self) -> str:
        return f"<verdict on {self.proposal.name}: {self.conclusion.value}>"


NO_LISTS = NameLists()
"""No list supplied: what needs one is told as not checked."""


def assess_proposal(gazetteer: Gazetteer, proposal: NameProposal, on: date, *, lists: NameLists = NO_LISTS) -> Verdict:
    """Hold a proposed name to the rules of naming of 地名管理条例 (2022) arts. 9 to 11.

    Parameters
    ----------
    gazetteer
        The names there are.
    proposal
        What is proposed.
    on
        The day; not before the first day of force, and not before the day of the gazetteer.
    lists
        What else the name is compared with. A list that is left out leaves its rule unchecked.

    Raises
    ------
    UsageError
        If the day is before 2022-05-01 or before the gazetteer's, or the name to be changed is not in force.

    Examples
    --------
    >>> from civaffairs.registers import Register
    >>> from civaffairs.registers.names.categories import PlaceNameCategory
    >>> from civaffairs.registers.names.place_names import PLACE_NAMES
    >>> nothing = Gazetteer.of(Register(PLACE_NAMES).as_of(date(2026, 8, 1)), tones=False)
    >>> proposal = NameProposal(
    ...     specific="万达", generic="华府", category=PlaceNameCategory.ESTATE_OR_BUILDING, place="450103"
    ... )
    >>> verdict = assess_proposal(nothing, proposal, date(2026, 8, 1), lists=NameLists(companies_and_marks=["万达"]))
    >>> print(verdict["N6"][0].outcome.label_zh, verdict["N6"][0].reason.split(";")[0])
    需人工审查 “万达” is a company or trade mark
    >>> verdict
    <verdict on 万达华府: open: a person or a list has to decide>
    """
    if on < FIRST_DAY:
        msg = (
            f"the rules of naming are those of 地名管理条例 (2022), in force from {FIRST_DAY}, and {on} is before it; "
            "the regulation that it replaced was not read. Take a later day"
        )
        raise UsageError(msg)
    if on < gazetteer.on:
        msg = f"the gazetteer is of {gazetteer.on}, and knows names that {on} did not; read the register as of {on}"
        raise UsageError(msg)
    _check_renamed(gazetteer, proposal)
    subject = Subject(proposal=proposal, gazetteer=gazetteer, lists=lists, on=on)
    findings = [
        Finding(rule=rule, outcome=answer.outcome, reason=answer.reason, collisions=answer.collisions)
        for rule in NAMING_RULES
        for answer in rule.function(subject)
    ]
    spelling = romanise(proposal.specific, proposal.generic, confirmed=lists.confirmed_spellings)
    return Verdict(proposal=proposal, on=on, gazetteer_on=gazetteer.on, spelling=spelling, findings=tuple(findings))


def _check_renamed(gazetteer: Gazetteer, proposal: NameProposal) -> None:
    """Refuse to change a name that is not there, or no longer in force."""
    if not proposal.renames:
        return
    try:
        old = gazetteer[proposal.renames]
    except KeyError as fault:
        raise UsageError(str(fault.args[0])) from None
    if old.state not in IN_FORCE:
        msg = f"{old} is {old.state.value} ({old.state.label_zh}) on {gazetteer.on}; only a name in force is changed"
        raise UsageError(msg)
    if old.name == proposal.name:
        msg = f"{old} has that name already; propose another one, or leave renames out"
        raise UsageError(msg)
