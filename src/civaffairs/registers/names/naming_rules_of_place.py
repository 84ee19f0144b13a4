"""What a proposed name is held to, second half: other names of its scope, its locality, renaming, the papers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from civaffairs.errors import listed
from civaffairs.registers.names.applications import ApplicationPaper, NameProposal, scope_label
from civaffairs.registers.names.categories import PlaceNameCategory
from civaffairs.registers.names.gazetteer import Listed
from civaffairs.registers.names.name_lists import sounds_of
from civaffairs.registers.names.naming_rules import (
    REGULATION,
    RULES_OF_WORDS,
    Answer,
    NamingRule,
    Outcome,
    Subject,
    item,
    naming_rule,
)
from civaffairs.registers.names.place_name_states import IN_FORCE
from civaffairs.registers.names.scopes import Scope, scope_kinds, scope_names
from civaffairs.registers.validity import Severity

_NOT_STATED = {
    PlaceNameCategory.DIVISION: "the level of the division is not stated, on which its scope hangs",
    PlaceNameCategory.NATURAL_FEATURE: "it is not stated whether the natural feature is famous in the country",
}


def scope_of(subject: Subject) -> tuple[Scope | None, str]:
    """Within what the proposed name must be the only one, and the name of that scope; ``""`` if it cannot be told."""
    proposal = subject.proposal
    category = np.array([proposal.category.number], np.int8)
    level = np.array([-1 if proposal.division_level is None else proposal.division_level.number], np.int8)
    famous = np.array([-1 if proposal.famous is None else int(proposal.famous)], np.int8)
    kinds = scope_kinds(category, level, famous)
    if kinds[0] < 0:
        return None, ""
    place, area = np.array([proposal.place]), np.array([proposal.built_up_area])
    return list(Scope)[int(kinds[0])], str(scope_names(kinds, category, place, area, subject.gazetteer.on)[0])


def _unknown_scope(proposal: NameProposal) -> str:
    stated = proposal.division_level is not None or proposal.famous is not None
    return "" if stated else _NOT_STATED.get(proposal.category, "")


@naming_rule("N7", Severity.BREACH, item(7))
def name_is_one_in_the_nation(subject: Subject) -> Iterator[Answer]:
    """Famous natural features, counties and what is above them have names that no other has or sounds like."""
    proposal, (scope, name) = subject.proposal, scope_of(subject)
    if scope is not Scope.NATION:
        yield _elsewhere(proposal, "the name is neither of a famous natural feature nor of a county or more")
        return
    famous = proposal.category is PlaceNameCategory.NATURAL_FEATURE
    yield from _compared(subject, scope, name, "famous_features" if famous else "divisions_of_the_nation")


@naming_rule("N8", Severity.BREACH, item(8))
def name_is_one_in_its_scope(subject: Subject) -> Iterator[Answer]:
    """Towns, committee seats, streets, estates have names that no other of the scope has or sounds like."""
    proposal, (scope, name) = subject.proposal, scope_of(subject)
    if scope is None or scope is Scope.NATION:
        yield _elsewhere(proposal, "art. 9 sets no such scope for it")
    elif not name:
        yield Answer(Outcome.NOT_CHECKED, "the built-up area is not stated")
    else:
        yield from _compared(subject, scope, name, "townships_of_the_province" if scope is Scope.PROVINCE else "")


def _elsewhere(proposal: NameProposal, why: str) -> Answer:
    unknown = _unknown_scope(proposal)
    return Answer(Outcome.NOT_CHECKED, unknown) if unknown else Answer(Outcome.NOT_APPLICABLE, why)


def _compared(subject: Subject, scope: Scope, name: str, beside: str) -> Iterator[Answer]:
    """Compare with the names of a scope: those of the gazetteer, and those of a list where the scope is beyond it."""
    proposal, gazetteer = subject.proposal, subject.gazetteer
    own = {proposal.key, proposal.renames} - {""}
    written = [each for each in gazetteer.written(proposal.name) if each.scope == name and each.key not in own]
    same = [each for each in written if each.state in IN_FORCE]
    waiting = [each for each in written if each.state not in IN_FORCE]
    heard = gazetteer.same_sound(proposal.name)
    alike = [each for each in heard if each.scope == name and each.name != proposal.name and each.key not in own]
    from_list: frozenset[str] = (getattr(subject.lists, beside) if beside else None) or frozenset()
    index = sounds_of(from_list, gazetteer.tones)
    replaced = gazetteer[proposal.renames].name if proposal.renames else ""
    sounding = [index.names[row] for row in index.find(proposal.name)]
    sounding = [each for each in sounding if each not in (proposal.name, replaced, *(one.name for one in alike))]
    where = scope_label(scope)
    if same or (proposal.name in from_list and proposal.name != replaced):
        told = _told(same) or (proposal.name,)
        yield Answer(Outcome.BROKEN, f"in {where}, {_many(len(told))} written the same", told)
    if waiting:
        yield Answer(Outcome.WARNED, f"in {where}, the same name is proposed for another place", _told(waiting))
    if alike or sounding:
        told = (*_told(alike), *sounding)
        tones = "tones counted" if gazetteer.tones else "whatever the tones"
        yield Answer(Outcome.WARNED, f"in {where}, {_many(len(told))} that may sound the same, {tones}", told)
    if beside and (missing := subject.lists.missing(beside)):
        yield Answer(Outcome.NOT_CHECKED, f"beyond the gazetteer: {missing}")
    elif not gazetteer.in_scope(name) and not from_list:
        yield Answer(Outcome.NOT_CHECKED, f"the gazetteer has no name of the scope: {name}")
    elif not (same or waiting or alike or sounding or proposal.name in from_list):
        count = gazetteer.in_scope(name)
        yield Answer(Outcome.HELD, f"of the names in {where} ({count} in the gazetteer), none is or sounds the same")


def _many(count: int) -> str:
    return "there is a name" if count == 1 else f"there are {count} names"


def _told(names: list[Listed]) -> tuple[str, ...]:
    return tuple(str(each) for each in names)


@naming_rule("N9", Severity.BREACH, item(9))
def division_borrows_no_name(subject: Subject) -> Iterator[Answer]:
    """A division does not take the name of a famous feature, of heritage, or of what reaches beyond its area."""
    proposal, lists = subject.proposal, subject.lists
    if proposal.category is not PlaceNameCategory.DIVISION:
        yield Answer(Outcome.NOT_APPLICABLE, "the name is not that of a division")
        return
    names = ("famous_features", "heritage", "features_beyond")
    hits = [name for name in names if proposal.specific in (getattr(lists, name) or ())]
    what = {
        "famous_features": "a famous natural feature", "heritage": "heritage",
        "features_beyond": "a feature that reaches beyond its area",
    }  # fmt: skip
    if hits:
        yield Answer(Outcome.BROKEN, f"“{proposal.specific}” is {' and '.join(what[name] for name in hits)}")
    elif missing := lists.missing(*names):
        yield Answer(Outcome.NOT_CHECKED, missing)
    else:
        yield Answer(Outcome.HELD, "none of the lists has the specific part")


@naming_rule("N10", Severity.WARNING, item(10))
def facility_goes_with_its_locality(subject: Subject) -> Iterator[Answer]:
    """A facility generally has the name of the locality where it stands."""
    proposal = subject.proposal
    if proposal.category is not PlaceNameCategory.FACILITY:
        yield Answer(Outcome.NOT_APPLICABLE, "the name is not that of a facility")
        return
    local = frozenset({proposal.locality} - {""}) or subject.gazetteer.local_specifics(proposal.place)
    if not local:
        yield Answer(Outcome.NOT_CHECKED, f"no locality is stated, and the gazetteer has none for {proposal.place}")
    elif proposal.specific in local:
        yield Answer(Outcome.HELD, f"“{proposal.specific}” is the name of the locality")
    else:
        yield Answer(Outcome.WARNED, f"“{proposal.specific}” is not the locality's: {listed(sorted(local))}")


@naming_rule("N11", Severity.BREACH, REGULATION.article(10, paragraph=2))
def protected_name_stays(subject: Subject) -> Iterator[Answer]:
    """A name of historical and cultural value is generally not changed, and never before measures protect it."""
    proposal = subject.proposal
    if not proposal.renames:
        yield Answer(Outcome.NOT_APPLICABLE, "no name is changed")
        return
    old, measures = subject.gazetteer[proposal.renames], proposal.protection_measures
    if old.protected is None:
        yield Answer(
            Outcome.NOT_CHECKED,
            f"whether {old.name} is protected is not stated; look in the list of art. 25",
            (str(old),),
        )
    elif not old.protected:
        yield Answer(Outcome.HELD, f"{old.name} is in no list of protected names")
    elif not measures:
        yield Answer(
            Outcome.BROKEN, f"{old.name} is protected, and no measures are fixed ({REGULATION[25].zh})", (str(old),)
        )
    else:
        yield Answer(Outcome.REVIEW, f"{old.name} is protected: is the change really needed? Measures: {measures}")


@naming_rule("N12", Severity.BREACH, REGULATION[11])
def application_is_complete(subject: Subject) -> Iterator[Answer]:
    """An application has its plan with reasons, the data of the thing, and the reports that are asked for."""
    proposal, further = subject.proposal, subject.lists.further_papers
    if proposal.papers is None:
        yield Answer(Outcome.NOT_CHECKED, "nobody has said which papers the application has")
        return
    absent = [paper.label_zh for paper in papers_needed(proposal.category) if paper not in proposal.papers]
    absent += sorted((further or frozenset()) - proposal.further_papers)
    if absent:
        yield Answer(Outcome.BROKEN, f"missing: {'、'.join(absent)}")
    if further is None:
        yield Answer(Outcome.NOT_CHECKED, subject.lists.missing("further_papers"))
    elif not absent:
        yield Answer(Outcome.HELD, "every paper is there")


def papers_needed(category: PlaceNameCategory) -> tuple[ApplicationPaper, ...]:
    """The papers of an application; for a division a report on risks stands for the overall assessment.

    Examples
    --------
    >>> [paper.value for paper in papers_needed(PlaceNameCategory.STREET)][2:]
    ['overall_assessment', 'expert_opinion', 'consultation']
    """
    paper = ApplicationPaper
    division = category is PlaceNameCategory.DIVISION
    report = paper.RISK_ASSESSMENT if division else paper.OVERALL_ASSESSMENT
    return (paper.PLAN_AND_REASONS, paper.ENTITY_DATA, report, paper.EXPERT_OPINION, paper.CONSULTATION)


NAMING_RULES: tuple[NamingRule, ...] = (
    *RULES_OF_WORDS, name_is_one_in_the_nation, name_is_one_in_its_scope, division_borrows_no_name,
    facility_goes_with_its_locality, protected_name_stays, application_is_complete,
)  # fmt: skip
"""N1 to N12."""
