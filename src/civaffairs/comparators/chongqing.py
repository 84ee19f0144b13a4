"""Chongqing (重庆市): its regulation on dibao of 2016, as dated versions of the nation's rules.

Read alone, beside the nation's later measures: students of any kind count with their parents, clergy are left out after
one year instead of three, and of those kept away only prisoners. Dibao is the difference to the standard.

Not in it, for want of a column: soldiers in active service who are not married (art. 11) are left out of the roster by
the caller; a grown disabled or bedridden person reckoned apart (art. 11) is stated by ``single_person_by_local_rule``;
the extra help for some members (art. 21) is an amount that the regulation does not give.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from civaffairs.comparators.pack import Pack, local_rulebook
from civaffairs.comparators.procedure import Provision, Topic
from civaffairs.law.citation import document
from civaffairs.people.columns import Level
from civaffairs.people.person import Absence, Schooling
from civaffairs.rules.rule import rule
from civaffairs.rules.values import Codes, Count, Flags
from civaffairs.schemes.members import adult_child

REGULATION = document("chongqing-dibao-regulation")
SINCE = date(2021, 7, 1)
"""In force since 2016-05-01; the library's own rules begin on this day."""
PERSON = Level.PERSON


@rule(
    PERSON,
    REGULATION.article(11, paragraph=1, item=3),
    zh="不能独立生活或在校就读的成年子女",
    since=SINCE,
    only_where=adult_child,
)
def dependent_adult_child(can_live_independently: Flags, schooling: Codes) -> Flags:
    """A grown child who cannot live independently or is at school; the text limits neither its level nor its hours."""
    return ~can_live_independently | (schooling != Schooling.NONE.number)


@rule(PERSON, REGULATION.article(11, paragraph=2), zh="非脱离家庭一年以上的宗教教职人员", since=SINCE)
def not_clergy_apart(clergy_months: Count) -> Flags:
    """Not clergy who have lived apart from the family for one year, one year included."""
    return clergy_months < 12


@rule(PERSON, REGULATION.article(11, paragraph=2), zh="未在监狱内服刑", since=SINCE)
def not_kept_away(absence: Codes) -> Flags:
    """Not in prison; compulsory detoxification and being missing are not in the list."""
    return absence != Absence.PRISON.number


RULES = (dependent_adult_child, not_clergy_apart, not_kept_away)
RULEBOOK = local_rulebook(Path(__file__).with_suffix(".toml"), RULES)

PROCEDURE = {
    Topic.INCOME_PERIOD: Provision(
        "the month before the application; for farmers the twelve months before it, divided by twelve",
        REGULATION.article(12),
    ),
    Topic.PUBLICITY: Provision("7 days; 3 days after a new inquiry", REGULATION.article(18, item=3)),
    Topic.DECIDER: Provision("the county", REGULATION.article(18, item=4)),
    Topic.TIME_LIMIT: Provision(
        "30 days from acceptance, appraisal by neighbours and publicity not counted", REGULATION.article(19)
    ),
    Topic.FIRST_MONTH: Provision("the month of the approval", REGULATION.article(22, paragraph=1)),
    Topic.REVIEW: Provision(
        "yearly with a gravely ill or disabled member; half-yearly where steady; monthly in town and quarterly in the "
        "country where somebody able has no work",
        REGULATION.article(26, paragraph=3),
    ),
}

PACK = Pack(
    name="Chongqing",
    label_zh="重庆市",
    place="500000",
    regulation=REGULATION,
    rules=RULES,
    rulebook=RULEBOOK,
    procedure=PROCEDURE,
)
