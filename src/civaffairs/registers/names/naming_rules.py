"""What a proposed name is held to, first half: what the name means, how it is written, and whose name it must not be.

A rule is a cited function of a `Subject`, whose docstring is the rule; it tells each `Answer` with its reason. A list
that is not supplied is never a list without hits: the rule says that it is not checked, and where to look.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeAlias

import attrs

from civaffairs.errors import listed
from civaffairs.labels import Labelled
from civaffairs.law.citation import Citation, document
from civaffairs.registers.names.applications import NameProposal
from civaffairs.registers.names.characters import code_points, standard_characters, unusual_characters, why_unusual
from civaffairs.registers.names.gazetteer import Gazetteer
from civaffairs.registers.names.name_lists import GenericUse, NameLists, words_within
from civaffairs.registers.validity import Severity

REGULATION = document("place-names-regulation")
MEASURES = document("place-names-measures")


class Outcome(Labelled):
    """What a rule says of a proposed name."""

    BROKEN = ("broken", "违反")
    REVIEW = ("review", "需人工审查")
    NOT_CHECKED = ("not_checked", "未核查")
    WARNED = ("warned", "提示")
    HELD = ("held", "符合")
    NOT_APPLICABLE = ("not_applicable", "不适用")


@attrs.frozen(kw_only=True)
class Subject:
    """What a rule looks at."""

    proposal: NameProposal
    gazetteer: Gazetteer
    lists: NameLists
    on: date


@attrs.frozen
class Answer:
    """What a rule found: the outcome, why, and the names that it collides with."""

    outcome: Outcome
    reason: str
    collisions: tuple[str, ...] = ()


Rule: TypeAlias = Callable[[Subject], Iterator[Answer]]


@attrs.frozen(kw_only=True, repr=False, eq=False)
class NamingRule:
    """A rule of naming.

    Attributes
    ----------
    id
        N1 to N12.
    name
        Name of the function.
    statement
        The rule: the first line of its docstring.
    severity
        What it means that it does not hold.
    source
        The article.
    function
        Tells what it finds of a proposal.
    """

    id: str
    name: str
    statement: str
    severity: Severity
    source: Citation
    function: Rule

    def __repr__(self) -> str:
        return f"<{self.id} {self.name}>"


def naming_rule(id_: str, severity: Severity, source: Citation) -> Callable[[Rule], NamingRule]:
    """Make a rule of naming of a function that tells what it finds."""

    def made(function: Rule) -> NamingRule:
        statement = (inspect.getdoc(function) or "").partition("\n")[0]
        return NamingRule(
            id=id_, name=function.__name__, statement=statement, severity=severity, source=source, function=function
        )

    return made


def item(number: int) -> Citation:
    """Cite an item of art. 9, which says how a place is named."""
    return REGULATION.article(9, paragraph=1, item=number)


def quoted(words: tuple[str, ...]) -> str:
    """List words of a name for a reason."""
    return listed([f"“{word}”" for word in words])


@naming_rule("N1", Severity.REVIEW, item(1))
def meaning_is_healthy(subject: Subject) -> Iterator[Answer]:
    """The meaning is clear and healthy, and offends no good morals."""
    proposal, banned = subject.proposal, subject.lists.banned_words
    hits = words_within(proposal.name, banned or frozenset())
    if proposal.meaning_confirmed is False:
        yield Answer(Outcome.BROKEN, "whoever looked at the meaning did not confirm it")
    elif hits:
        yield Answer(Outcome.REVIEW, f"{quoted(hits)} is in the list of banned words")
    elif banned is None:
        yield Answer(Outcome.NOT_CHECKED, subject.lists.missing("banned_words"))
    elif not proposal.meaning:
        yield Answer(Outcome.NOT_CHECKED, "what the name means is not stated; state its meaning")
    elif proposal.meaning_confirmed:
        yield Answer(Outcome.HELD, f"no banned word, and the meaning is confirmed: {proposal.meaning}")
    else:
        yield Answer(Outcome.REVIEW, f"no banned word; a person has to confirm the meaning: {proposal.meaning}")


@naming_rule("N2", Severity.WARNING, item(2))
def generic_fits_the_thing(subject: Subject) -> Iterator[Answer]:
    """The generic part goes with the kind and the size of what is named."""
    proposal, table = subject.proposal, subject.lists.generics
    if table is None:
        yield Answer(Outcome.NOT_CHECKED, subject.lists.missing("generics"))
        return
    if not proposal.generic:
        yield Answer(Outcome.NOT_CHECKED, "the name has no generic part (通名)")
        return
    category = proposal.category
    uses = [use for use in table if use.generic == proposal.generic and use.category is category]
    if not uses:
        known = sorted({use.generic for use in table if use.category is category})
        others = sorted({use.category.label_zh for use in table if use.generic == proposal.generic})
        where = f"for {listed(others)}" if others else "not in the table"
        yield Answer(Outcome.WARNED, f"“{proposal.generic}” is {where}; {category.label_zh} have: {listed(known)}")
        return
    unknown = [use for use in uses if use.measure is not None and use.measure not in proposal.sizes]
    bad = [use for use in uses if use not in unknown and not _fits(use, proposal)]
    for use in bad:
        yield Answer(Outcome.WARNED, f"{_size(use, proposal)} does not go with “{use.generic}”: {_limits(use)}")
    if unknown:
        needed = listed(dict.fromkeys(use.measure.label_zh for use in unknown if use.measure))
        yield Answer(Outcome.NOT_CHECKED, f"the size is not stated: {needed}")
    if not bad and not unknown:
        sized = " of this size" if any(use.measure for use in uses) else ""
        yield Answer(Outcome.HELD, f"“{proposal.generic}” is for {category.label_zh}{sized}")


def _fits(use: GenericUse, proposal: NameProposal) -> bool:
    size = proposal.sizes[use.measure] if use.measure else 0
    return (use.least is None or size >= use.least) and (use.most is None or size <= use.most)


def _size(use: GenericUse, proposal: NameProposal) -> str:
    return f"{use.measure.label_zh} {proposal.sizes[use.measure]}" if use.measure else ""


def _limits(use: GenericUse) -> str:
    limits = (("from", use.least), ("to", use.most))
    return " ".join(f"{word} {limit}" for word, limit in limits if limit is not None)


@naming_rule("N3", Severity.BREACH, item(3))
def characters_are_in_use(subject: Subject) -> Iterator[Answer]:
    """The name is written in the national common script, without rare characters."""
    given = subject.lists.allowed_characters
    allowed = standard_characters() if given is None else given
    table = "the table of general standard characters (通用规范汉字表)" if given is None else "the list supplied"
    unusual = unusual_characters(subject.proposal.name, allowed)
    if unusual:
        told = listed([f"“{each}” {code_points(each)} {why_unusual(each).label_zh}" for each in unusual])
        yield Answer(Outcome.BROKEN, f"not in {table}: {told}")
    else:
        yield Answer(Outcome.HELD, f"every character is in {table}")


def _exempt(subject: Subject, words: tuple[str, ...]) -> tuple[str, ...]:
    """Words of which it is said that they stand for nobody in particular, since the measures let them go."""
    return tuple(word for word in words if _measures_apply(subject) and subject.proposal.links.get(word) is False)


def _measures_apply(subject: Subject) -> bool:
    return MEASURES.in_force is not None and subject.on >= MEASURES.in_force


def _ask(subject: Subject, article: int) -> str:
    """What is to be decided; the measures that let a word go are not in force on every day."""
    if _measures_apply(subject):
        return f"say whether it stands for just that one ({MEASURES[article].zh})"
    return f"{MEASURES[article].zh}, which lets words go that stand for none in particular, is not in force yet"


@naming_rule("N4", Severity.BREACH, item(4))
def persons_lend_no_name(subject: Subject) -> Iterator[Answer]:
    """A place is never named after a leader of the state, and generally not after another person."""
    lists, name = subject.lists, subject.proposal.specific
    leaders = words_within(name, lists.leaders or frozenset())
    persons = tuple(word for word in words_within(name, lists.persons or frozenset()) if word not in leaders)
    exempt = _exempt(subject, persons)
    if leaders:
        yield Answer(Outcome.BROKEN, f"{quoted(leaders)} is the name of a leader of the state")
    if left := tuple(word for word in persons if word not in exempt):
        yield Answer(Outcome.REVIEW, f"{quoted(left)} is the name of a person; {_ask(subject, 3)}")
    if exempt:
        yield Answer(Outcome.HELD, f"{quoted(exempt)} is said to stand for nobody in particular ({MEASURES[3].zh})")
    if missing := lists.missing("leaders", "persons"):
        yield Answer(Outcome.NOT_CHECKED, missing)
    elif not leaders and not persons:
        yield Answer(Outcome.HELD, "no name of a person of the lists is in it")


@naming_rule("N5", Severity.BREACH, item(5))
def nothing_foreign_lends_its_name(subject: Subject) -> Iterator[Answer]:
    """A place is not named after a foreign person or place."""
    foreign = subject.lists.foreign_names
    hits = words_within(subject.proposal.specific, foreign or frozenset())
    if hits:
        yield Answer(Outcome.BROKEN, f"{quoted(hits)} is a foreign name")
    elif foreign is None:
        yield Answer(Outcome.NOT_CHECKED, subject.lists.missing("foreign_names"))
    else:
        yield Answer(Outcome.HELD, "no foreign name of the list is in it")


@naming_rule("N6", Severity.REVIEW, item(6))
def no_company_lends_its_name(subject: Subject) -> Iterator[Answer]:
    """A place is not named after a company or a trade mark."""
    known = subject.lists.companies_and_marks
    hits = words_within(subject.proposal.specific, known or frozenset())
    exempt, links = _exempt(subject, hits), subject.proposal.links
    linked = tuple(word for word in hits if links.get(word) is True)
    if linked:
        yield Answer(Outcome.BROKEN, f"{quoted(linked)} is a company or trade mark, and stands for that one")
    if left := tuple(word for word in hits if word not in (*exempt, *linked)):
        yield Answer(Outcome.REVIEW, f"{quoted(left)} is a company or trade mark; {_ask(subject, 4)}")
    if exempt:
        yield Answer(Outcome.HELD, f"{quoted(exempt)} is said to stand for no company in particular ({MEASURES[4].zh})")
    if known is None:
        yield Answer(Outcome.NOT_CHECKED, subject.lists.missing("companies_and_marks"))
    elif not hits:
        yield Answer(Outcome.HELD, "no company or trade mark of the list is in it")


RULES_OF_WORDS = (
    meaning_is_healthy, generic_fits_the_thing, characters_are_in_use, persons_lend_no_name,
    nothing_foreign_lends_its_name, no_company_lends_its_name,
)  # fmt: skip
"""N1 to N6."""
