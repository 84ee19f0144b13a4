"""Plots and niches (墓穴、格位) as a register: who holds one, since when, until when, and what may happen next."""

from __future__ import annotations

from datetime import date, timedelta

import attrs

from civaffairs.calendar import add_months
from civaffairs.labels import Labelled
from civaffairs.law.citation import document
from civaffairs.people.columns import Kind
from civaffairs.registers.cemeteries.limits import PARAMETERS, Holds
from civaffairs.registers.cemeteries.plot_rules import PLOT_RULES
from civaffairs.registers.cemeteries.plot_states import PlotState, ReservedFor
from civaffairs.registers.cemeteries.styles import BurialStyle
from civaffairs.registers.fields import entry
from civaffairs.registers.kinds import Event, Facts, RegisterKind, Step

EXPLANATION = document("cemetery-explanation-1998").section("四")
MOST_PERSONS = 1_000


class PlotAction(Labelled):
    """What happens to it."""

    PLAN = ("plan", "规划")
    BUILD = ("build", "开工建设")
    FINISH = ("finish", "建成可用")
    RESERVE = ("reserve", "预订")
    CANCEL = ("cancel", "取消预订")
    OCCUPY = ("occupy", "安葬")
    RECORD = ("record", "补录")
    ADD_OCCUPANT = ("add_occupant", "合葬")
    PAY_FEE = ("pay_fee", "缴纳管理费")
    MEASURE = ("measure", "实测")
    EXPIRE = ("expire", "到期")
    RENEW = ("renew", "续期")
    ANNOUNCE = ("announce", "逾期公告")
    MOVE_OUT = ("move_out", "迁出")
    RELEASE = ("release", "收回")
    OFFER_AGAIN = ("offer_again", "重新投入使用")


@attrs.frozen(kw_only=True)
class Plot:
    """One plot of ground or one niche; what tells who holds it or lies in it is never shown.

    The term (使用年限) and the fee paid ahead (管理费) are two things: either may end before the other. The last day of
    each is part of it.
    """

    key: str = entry(Kind.KEY, "编号", "number of the plot")
    state: PlotState = entry(Kind.CHOICE, "状态", "state", choices=PlotState)
    place: str = entry(Kind.PLACE, "所在政区", "division in which it lies")
    cemetery: str = entry(Kind.TEXT, "所属公墓", "number of the cemetery")
    section: str = entry(Kind.TEXT, "所属墓区", "number of the section")
    style: BurialStyle | None = entry(Kind.CHOICE, "安葬方式", "style of burial", choices=BurialStyle)
    holds: Holds | None = entry(Kind.CHOICE, "安放对象", "what it is laid out for", choices=Holds)
    persons: int | None = entry(Kind.COUNT, "可安葬人数", "for how many it is laid out", low=1, high=MOST_PERSONS)
    occupants: int | None = entry(Kind.COUNT, "已安葬人数", "how many lie in it", high=MOST_PERSONS)
    area_cm2: int | None = entry(Kind.AREA, "占地面积", "ground that it takes; none for a niche", low=1)
    marker: bool | None = entry(Kind.FLAG, "个人标志", "whether a marker tells who lies there")
    price: int | None = entry(Kind.FEN, "价格", "price, without the management fee")
    built: date | None = entry(Kind.DATE, "建成日期", "day on which it was finished")
    taken: date | None = entry(Kind.DATE, "取得日期", "day on which its holder took it")
    holder: str = entry(Kind.TEXT, "持有人", "opaque key of the holder", personal=True)
    holder_village: str = entry(Kind.TEXT, "持有人所属村", "village of the holder", personal=True)
    certificate: str = entry(Kind.TEXT, "火化证明编号", "number of the certificate of cremation", personal=True)
    reserved_for: ReservedFor | None = entry(
        Kind.CHOICE, "寿穴情形", "for whom, where it is sold for somebody alive", choices=ReservedFor
    )
    term_start: date | None = entry(Kind.DATE, "期限起始日", "day from which the present term runs")
    term_years: int | None = entry(Kind.COUNT, "年限", "years of the present term", low=1, high=1_000)
    term_end: date | None = entry(Kind.DATE, "期限届满日", "last day of the present term")
    former_end: date | None = entry(Kind.DATE, "上期届满日", "last day of the term before, where there was one")
    renewals: int | None = entry(Kind.COUNT, "续期次数", "how often the term was renewed")
    fee_from: date | None = entry(Kind.DATE, "管理费起始日", "day from which the fee paid last counts")
    fee_until: date | None = entry(Kind.DATE, "管理费届满日", "last day for which the fee is paid")
    notice: date | None = entry(Kind.DATE, "逾期公告日", "day of the public notice of the ended term")
    released: date | None = entry(Kind.DATE, "收回日期", "day on which it was taken back or left")


def term_end(start: date, years: int) -> date:
    """Find the last day of a term: the corresponding day of its last year, or that month's last day.

    By art. 202 of the Civil Code (民法典); the day on which it starts is not counted (art. 201). Whether a holiday
    moves it (art. 203) is left to whoever asks.

    Examples
    --------
    >>> term_end(date(2006, 8, 1), 20), term_end(date(2008, 2, 29), 19)
    (datetime.date(2026, 8, 1), datetime.date(2027, 2, 28))
    """
    return add_months(start, 12 * years)


def _same_day(fact: str, what: str, event: Event) -> str:
    day = event.facts.get(fact)
    other = isinstance(day, date) and day != event.on
    return f"{what} is of {day}, and the event of {event.on}; give one day" if other else ""


def _taken_today(held: Facts, event: Event) -> str:
    return _same_day("taken", "taking the plot", event)


def _built_today(held: Facts, event: Event) -> str:
    return _same_day("built", "finishing the plot", event)


def _released_today(held: Facts, event: Event) -> str:
    return _same_day("released", "taking the plot back", event)


def _notice_today(held: Facts, event: Event) -> str:
    return _same_day("notice", "the notice", event)


def _occupied(held: Facts, event: Event) -> str:
    """A plot reserved before keeps the day on which it was taken."""
    if held["state"] is PlotState.RESERVED and "taken" in event.facts and event.facts["taken"] != held.get("taken"):
        return f"the plot was taken on {held['taken']} already; leave taken out"
    if held["state"] is PlotState.AVAILABLE:
        missing = [fact for fact in ("holder", "taken") if not event.facts.get(fact)]
        if missing:
            return f"{' and '.join(missing)} missing: nobody had reserved the plot"
        return _taken_today(held, event)
    return ""


def _one_more(held: Facts, event: Event) -> str:
    before, after = held.get("occupants"), event.facts["occupants"]
    fewer = isinstance(before, int) and isinstance(after, int) and after <= before
    return f"{before} lie in it already; give how many lie in it from now on" if fewer else ""


def _over(held: Facts, event: Event) -> str:
    end = held.get("term_end")
    if not isinstance(end, date):
        return "its term is not stated, so it cannot have ended"
    return "" if end < event.on else f"its term runs to {end} included; it is over from {end + timedelta(1)} on"


def _renewed(held: Facts, event: Event) -> str:
    """A renewal follows the term before; `former_end` must be that term's last day, so that none is lost."""
    end, start = held.get("term_end"), event.facts["term_start"]
    if event.facts["former_end"] != end:
        return f"the term before ended on {end}; give that day as former_end"
    if isinstance(end, date) and isinstance(start, date) and start < end:
        return f"the term before runs to {end}; a renewal cannot run from {start}"
    past = held.get("renewals")
    times = past if isinstance(past, int) else 0
    wrong = event.facts["renewals"] != times + 1
    return f"it was renewed {times} times before; give renewals={times + 1}" if wrong else ""


State, Action = PlotState, PlotAction
_SITE = ("place", "cemetery", "section", "style", "holds", "persons")
_TERM = ("term_start", "term_years", "term_end")
_FEE = ("fee_from", "fee_until")
_PAPER = ("certificate", "holder_village", "reserved_for", "price", "marker")
_OVER = (
    "holder", "taken", "certificate", "holder_village", "reserved_for", "marker", "occupants", *_TERM, "former_end",
    "renewals", *_FEE,
)  # fmt: skip
_TAKEN = (State.RESERVED, State.OCCUPIED, State.EXPIRING, State.ANNOUNCED)
STEPS = (
    Step(action=Action.PLAN, after=State.PLANNED, needs=_SITE, may=("area_cm2", "price")),
    Step(action=Action.BUILD, before=(State.PLANNED,), after=State.BUILDING, may=("area_cm2",)),
    Step(
        action=Action.FINISH, before=(State.BUILDING,), after=State.AVAILABLE, needs=("built",),
        may=("area_cm2", "price"), guard=_built_today,
    ),
    Step(
        action=Action.RESERVE, before=(State.AVAILABLE,), after=State.RESERVED, needs=("holder", "taken"),
        may=(*_PAPER, *_FEE), guard=_taken_today,
    ),
    Step(action=Action.CANCEL, before=(State.RESERVED,), after=State.AVAILABLE, clears=_OVER),
    Step(
        action=Action.OCCUPY, before=(State.AVAILABLE, State.RESERVED), after=State.OCCUPIED, needs=("occupants",),
        may=("holder", "taken", *_PAPER, *_TERM, *_FEE), guard=_occupied,
    ),
    # One that was occupied before the register.
    Step(
        action=Action.RECORD, after=State.OCCUPIED, needs=(*_SITE, "holder", "occupants"),
        may=("area_cm2", "built", "taken", *_PAPER, *_TERM, "former_end", "renewals", *_FEE),
    ),
    Step(
        action=Action.ADD_OCCUPANT, before=(State.OCCUPIED,), needs=("occupants",), may=("certificate", "marker"),
        guard=_one_more,
    ),
    Step(action=Action.PAY_FEE, before=_TAKEN, needs=_FEE),
    Step(action=Action.MEASURE, before=(State.AVAILABLE, *_TAKEN), may=("area_cm2", "marker")),
    Step(action=Action.EXPIRE, before=(State.OCCUPIED,), after=State.EXPIRING, guard=_over, source=EXPLANATION),
    Step(
        action=Action.RENEW, before=(State.OCCUPIED, State.EXPIRING, State.ANNOUNCED), after=State.OCCUPIED,
        needs=(*_TERM, "former_end", "renewals"), may=_FEE, clears=("notice",), guard=_renewed, source=EXPLANATION,
    ),
    Step(
        action=Action.ANNOUNCE, before=(State.EXPIRING,), after=State.ANNOUNCED, needs=("notice",),
        guard=_notice_today,
    ),
    Step(
        action=Action.RELEASE, before=(State.ANNOUNCED,), after=State.RELEASED, needs=("released",), clears=_OVER,
        guard=_released_today,
    ),
    Step(
        action=Action.MOVE_OUT, before=(State.OCCUPIED, State.EXPIRING, State.ANNOUNCED), after=State.RELEASED,
        needs=("released",), clears=(*_OVER, "notice"), guard=_released_today,
    ),
    Step(
        action=Action.OFFER_AGAIN, before=(State.RELEASED,), after=State.AVAILABLE, may=("price",),
        clears=("notice", "released"),
    ),
)  # fmt: skip

PLOTS: RegisterKind[Plot] = RegisterKind(
    name="plots", label_zh="墓穴和格位", record=Plot, steps=STEPS, place="place",
    links={"cemetery": "cemeteries", "section": "sections"},
    values={
        name: PARAMETERS[name]
        for name in ("regional_ash_area", "regional_body_area", "overdue_notice_days", "reserved_sale")
    },
    rules=PLOT_RULES,
)  # fmt: skip

__all__ = ["PLOTS", "STEPS", "Plot", "PlotAction", "PlotState", "ReservedFor", "term_end"]
