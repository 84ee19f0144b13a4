"""What is asked of a household beyond the monthly benefits: sudden hardship, rigid spending, what goes on afterwards.

Each answer is a function of its own, so that a worked example needs no more assumptions than the answers it names.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
from oracle import is_on_dibao
from oracle_ground import ASSISTANCE_LAW, Facts, Parameters, age, half_up, listed, months_later, standard
from oracle_tekun import on_tekun


@attrs.frozen
class Home:
    """A household on a day, with what the oracle has already found of it."""

    household: Facts
    persons: list[Facts]
    on: date
    parameters: Parameters
    family: Facts

    @property
    def counted(self) -> list[Facts]:
        """The members of the family whose income counts."""
        return [person for person in self.persons if person["person_id"] in self.family["counted"]]

    def on_dibao(self, person: Facts) -> bool:
        """Whether a person has dibao."""
        return is_on_dibao(self.household, person, self.family, self.on, self.parameters)

    def on_tekun(self, person: Facts) -> bool:
        """Whether a person is on tekun support."""
        return on_tekun(self.household, person, self.on, self.parameters)

    def years(self, person: Facts) -> int:
        """A person's age."""
        return age(person["birth_date"], self.on)


# --- temporary assistance (临时救助) --------------------------------------------------------------------------


def temporary_sudden(home: Home) -> bool:
    """Temporary Opinions 二(一): sudden hardship, of whatever means."""
    return bool(home.household["hardship_kind"] == "sudden")


def temporary_spending_route(home: Home) -> bool:
    """Temporary Opinions 二(一): by spending; income a head below that of the place last year, and assets in order."""
    facts = home.household
    if facts["hardship_kind"] != "spending":
        return False
    # 二(二): of dibao families and of persons on tekun, the spending alone is looked into.
    family = [person for person in home.persons if person["person_id"] in home.family["family"]]
    if home.family["dibao_eligible"] or any(home.on_tekun(person) for person in family):
        return True
    if not facts["temporary_assets_within_limits"]:
        return False
    return bool(facts["disposable_income"] < home.parameters["local_disposable_income"] * len(family))


def temporary_eligible(home: Home) -> bool:
    """Whether either route is open."""
    return temporary_sudden(home) or temporary_spending_route(home)


def may_help_first(home: Home) -> bool:
    """Temporary Opinions 二(二): sudden hardship that is urgent may be helped before the papers are done."""
    return (temporary_sudden(home) and bool(home.household["urgent"])) or must_help_first(home)


def must_help_first(home: Home) -> bool:
    """Assistance Law art. 50: what is urgent and small is helped first, whatever is found out afterwards."""
    facts = home.household
    if home.on < ASSISTANCE_LAW or not facts["urgent"] or facts["hardship_kind"] == "none":
        return False
    return bool(facts["proposed_help"] <= home.parameters["small_help_ceiling"])


def temporary_cap(home: Home) -> int:
    """Temporary Opinions 二(三): tied to the dibao standard, persons, months and the gravity of the hardship."""
    facts, parameters = home.household, home.parameters
    times = parameters["temporary_grave_cap_times" if facts["grave_hardship"] else "temporary_cap_times"]
    cap = standard(facts, parameters) * times * facts["hardship_persons"]
    if parameters["temporary_cap_basis"] == "month":
        cap *= min(facts["help_months"], parameters["temporary_most_months"])
    return half_up(cap)


def temporary_help(home: Home) -> int:
    """What the office proposes, up to the cap."""
    return min(home.household["proposed_help"], temporary_cap(home)) if temporary_eligible(home) else 0


# --- families with rigid expenditure (刚性支出困难家庭) -------------------------------------------------------


def rigid_spending_met(home: Home) -> bool:
    """Rigid Measures arts. 4(4), 5: necessary spending above (超出) a share of the family's income."""
    kinds = ("living", "medical", "education", "rehabilitation", "other_rigid")
    spent = Fraction(sum(home.household[f"{kind}_spending"] for kind in kinds), home.household["spending_months"])
    return bool(spent > home.parameters["rigid_ratio"] * home.family["income"])


def rigid_eligible(home: Home) -> bool:
    """Rigid Measures art. 4; Assistance Law art. 22."""
    family = home.family
    if family["household_size"] == 0 or family["barred"] or family["dibao_eligible"] or family["edge_eligible"]:
        return False  # (1): neither dibao nor an edge family, and nobody whose tekun support stands in the way
    if not home.household["rigid_assets_within_limits"]:
        return False
    per_head = family["income"] / family["household_size"]
    return per_head * 12 < home.parameters["local_disposable_income"] and rigid_spending_met(home)


def rigid_lapsed(home: Home) -> bool:
    """Rigid Measures art. 10: a recognition holds for twelve months at most."""
    return home.on > months_later(home.household["rigid_recognised_on"], 12)


# --- what goes on after a decision ------------------------------------------------------------------------------------


def in_grace(home: Home) -> bool:
    """Measures art. 33; 2022 notice 一(三): the months after work lifted the income above the standard."""
    first, family = home.household["grace_from"], home.family
    if first > home.on or not home.household["assets_within_limits"]:
        return False
    # Above (超过) leaves out an income on the standard itself.
    if family["income"] <= standard(home.household, home.parameters) * family["household_size"]:
        return False
    return home.on < months_later(first, home.parameters["grace_months"])  # its first day is the first of the months


def grace_amount(home: Home) -> int:
    """A share of what was paid before."""
    if not in_grace(home):
        return 0
    return half_up(home.household["dibao_before_grace"] * Fraction(home.parameters["grace_share"]))


def review_months(home: Home) -> int:
    """Measures art. 31: yearly; half-yearly where the income is irregular and a member is able to work."""
    able = any(person["able_to_work"] for person in home.counted)
    return 6 if home.household["irregular_income"] and able else 12


def review_overdue(home: Home) -> bool:
    """Whether the last review is longer ago than that; who is on record is not asked again."""
    return home.on > months_later(home.household["last_review"], review_months(home))


def severely_disabled(home: Home, person: Facts) -> bool:
    """Whom a text means by severely disabled (重度残疾人): Measures art. 8(1); the Assistance Law does not say."""
    kind, grade = person["disability_kind"], person["disability_grade"]
    if kind == "none":
        return False
    if home.on < ASSISTANCE_LAW:
        return grade in (1, 2)
    return listed(kind, grade, home.parameters["severe_by_assistance_law"])


def supplement_due(home: Home, person: Facts) -> int:
    """Measures art. 27; Assistance Law art. 20: more for the old, the minor, the severely disabled and the ill."""
    if not home.on_dibao(person):
        return 0
    years = home.years(person)
    groups = {
        "elderly": years >= 60,
        "minor": years < 18,
        "disabled": severely_disabled(home, person),
        "ill": person["serious_illness_recognised"],
    }
    amounts = [int(home.parameters[f"supplement_{group}"]) for group, belongs in groups.items() if belongs]
    if len(amounts) > 1 and not home.parameters["supplements_add_up"]:
        return max(amounts)
    return sum(amounts)
