"""Civil-affairs benefits of a Chinese city, exact to the fen, with the article of law behind every figure."""

from __future__ import annotations

from civaffairs.assessment import Assessment, assess, required
from civaffairs.assessment.result import Column
from civaffairs.errors import (
    CalendarError,
    CivaffairsError,
    LoadError,
    MoneyError,
    NotAssessed,
    PlanError,
    Problem,
    Problems,
    StaleParameterWarning,
    TableError,
    UsageError,
)
from civaffairs.money import Rounding, yuan
from civaffairs.people.columns import Level
from civaffairs.people.household import Area, HardshipKind, Household, PaymentMethod
from civaffairs.people.person import (
    Absence,
    BenefitChoice,
    Custody,
    DisabilityKind,
    HukouKind,
    Parent,
    ParentState,
    Person,
    Placement,
    Relation,
    Schooling,
    SelfCare,
    SupportMode,
)
from civaffairs.people.population import Population
from civaffairs.people.statement import nothing_else
from civaffairs.rules.explain import Explanation, Language
from civaffairs.rules.matrix import Pair, Together
from civaffairs.rules.rule import rule
from civaffairs.rules.rulebook import Rulebook, Scheme
from civaffairs.rules.values import Conventions
from civaffairs.schemes import RULEBOOK as rulebook

__version__ = "0.1.0"

__all__ = [
    "Absence",
    "Area",
    "Assessment",
    "BenefitChoice",
    "CalendarError",
    "CivaffairsError",
    "Column",
    "Conventions",
    "Custody",
    "DisabilityKind",
    "Explanation",
    "HardshipKind",
    "Household",
    "HukouKind",
    "Language",
    "Level",
    "LoadError",
    "MoneyError",
    "NotAssessed",
    "Pair",
    "Parent",
    "ParentState",
    "PaymentMethod",
    "Person",
    "Placement",
    "PlanError",
    "Population",
    "Problem",
    "Problems",
    "Relation",
    "Rounding",
    "Rulebook",
    "Scheme",
    "Schooling",
    "SelfCare",
    "StaleParameterWarning",
    "SupportMode",
    "TableError",
    "Together",
    "UsageError",
    "__version__",
    "assess",
    "nothing_else",
    "required",
    "rule",
    "rulebook",
    "yuan",
]
