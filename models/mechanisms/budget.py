"""Budget: ``Σ spending within reach of the money <= Σ amount``, for each fund and group of funds that share projects;
in each period a project spends ``share * capital / duration`` while it is built and ``share * operating`` once it is.

    "We should increase investment in infrastructure, vigorously develop major projects in water, electricity, roads,
    and gas, education, culture, health care, and ecological and environmental protection" (S2, section 3 (4)); but
    "more importantly, the possibility and feasibility should be considered, and often people's past choices and
    decisions determine their present possible choices" (section 2).

Capital rationing over several periods (Lorie & Savage 1955; Weingartner 1963). Who pays for what is a transport
problem: from the money of each fund and period, which may be carried over, to the spending in each period of the
projects that the same funds may pay for. By the theorem of Gale (1957), "A theorem on flows in networks", the money can
be shared out if and only if no group of spending exceeds all the money within its reach, grants included
(:mod:`models.mechanisms.grants`). Those are rows on the decisions alone; for a fund with projects of its own they are
the cash rows ``Σ_{t≤k} spending_t <= Σ_{t≤k} amount_t``.

Where these groups are more numerous than the rows and columns of the transport problem itself, it is written out:
continuous columns ``pay[funds,period,fund]`` (money) with ``Σ_fund pay = spending``, and cash rows for each fund. No
objective counts them: who pays changes nothing for a portfolio.

With the policy figure ``overruns_borne = Γ`` every group must also do if up to Γ projects come to their ``cost_high``
at once, whichever they are: the budgeted uncertainty of Bertsimas & Sim (2004), "The price of robustness"
(:mod:`models.overruns`). Who pays is settled after it is known who overruns; grants stay as they are at stated costs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from instances.region import Region
from instances.schema import SEPARATOR, Project
from models.draft import Draft, Provider
from models.funds import Cell, Demand, Funds
from models.linear import ZERO, Linear
from models.mechanisms.grants import granted
from models.overruns import dearest, extra_spending, margin

TABLES = ("budgets",)
MOST_GROUPS = 1000
"""Groups of funds up to which each gets a margin for overruns."""


def build(draft: Draft) -> None:
    """Rows for each fund and group of funds; a project that no fund may pay for is forbidden."""
    funds = Funds.of(draft.region)
    spending = _spending(draft, funds)
    if borne := draft.region.settings.policy.overruns_borne:
        _bear_overruns(draft, funds, spending, borne)
        return
    groups = funds.groups(spending, most=draft.most_groups or _transport_size(spending))
    if groups is None:
        _transport(draft, funds, spending)
        return
    for group in groups:
        within = Linear.sum(linear for demand, linear in spending.items() if funds.reach(demand) <= group)
        _bound(draft, funds, group, within)


def _bear_overruns(draft: Draft, funds: Funds, spending: Mapping[Demand, Linear], borne: int) -> None:
    """The same rows with a margin each. Who pays may depend on who overruns, so the transport problem will not do."""
    extra = extra_spending(draft, funds)
    demands = sorted({*spending, *extra})
    groups = funds.groups(demands, most=MOST_GROUPS)
    if groups is None:
        raise ValueError(
            f"overruns_borne: the funds share projects in more than {MOST_GROUPS:,} ways, too many to leave money for "
            "overruns in each; give fewer funds the same categories, or leave the figure out"
        )
    for group in groups:
        within = [demand for demand in demands if funds.reach(demand) <= group]
        more: dict[str, list[Linear]] = defaultdict(list)
        for demand in within:
            for project, linear in extra.get(demand, {}).items():
                more[project].append(linear)
        sums = {project: Linear.sum(parts) for project, parts in more.items()}
        spent = Linear.sum(spending.get(demand, ZERO) for demand in within)
        if draft.range(spent + Linear.sum(sums.values()))[1] <= funds.amount(group):
            continue
        left = margin(draft, funds.words(group), sums, borne)
        _bound(draft, funds, group, spent + left)


def indicators(region: Region) -> Mapping[str, Provider]:
    """Budgets count nothing; what projects cost is counted with the effects."""
    return {}


def _spending(draft: Draft, funds: Funds) -> dict[Demand, Linear]:
    """What is spent in each period on the projects that the same funds may pay for (money)."""
    parts: dict[Demand, list[Linear]] = defaultdict(list)
    for project in draft.region.projects:
        capital = Fraction(project.capital_cost) * Fraction(project.public_share)
        operating = Fraction(project.operating_cost) * Fraction(project.public_share)
        payers = funds.payers(project)
        if not payers:
            _unpayable(draft, project, free=not (capital or dearest(draft, project)), free_to_run=not operating)
            continue
        for start in draft.region.starts(project):
            completed = start + project.duration
            for period in range(start, draft.region.periods + 1):
                spent = capital / project.duration if period < completed else operating
                if spent:
                    parts[Demand(period, payers)].append(draft.started(project.id, start) * spent)
    return {demand: Linear.sum(parts[demand]) for demand in sorted(parts)}


def _unpayable(draft: Draft, project: Project, *, free: bool, free_to_run: bool) -> None:
    """No fund may pay: the project is forbidden, or at least the starts from which it would cost something."""
    if not free:
        draft.forbid(project.id, "budget[no fund]: no fund may pay for a project of its category")
    elif not free_to_run:
        costly = [s for s in draft.region.starts(project) if s + project.duration <= draft.region.periods]
        running = Linear.sum(draft.started(project.id, start) for start in costly)
        draft.rule("budget", f"no fund runs {project.id}", running, upper=0)


def _transport_size(spending: Mapping[Demand, Linear]) -> int:
    """Rows and columns of the transport problem."""
    shared = [demand for demand in spending if len(demand.payers) > 1]
    paid = {(fund, demand.period) for demand in spending for fund in demand.payers}
    return len(paid) + sum(1 + len(demand.payers) for demand in shared)


def _transport(draft: Draft, funds: Funds, spending: Mapping[Demand, Linear]) -> None:
    paid: dict[tuple[str, int], list[Linear]] = defaultdict(list)
    for demand, linear in spending.items():
        if len(demand.payers) == 1:
            paid[demand.payers[0], demand.period].append(linear)
            continue
        payers = SEPARATOR.join(demand.payers)
        shares = {fund: draft.continuous("pay", payers, demand.period, fund) for fund in demand.payers}
        name = f"pay {payers},in {demand.period}"
        draft.rule("define", name, Linear.sum(shares.values()) - linear, lower=0, upper=0)
        for fund, share in shares.items():
            paid[fund, demand.period].append(share)
    for fund, period in sorted(paid, key=lambda cell: (funds.names.index(cell[0]), cell[1])):
        run = frozenset((fund, t) for t in funds.run(fund, period))
        _bound(draft, funds, run, Linear.sum(linear for cell in sorted(run) for linear in paid.get(cell, ())))


def _bound(draft: Draft, funds: Funds, cells: frozenset[Cell], spent: Linear) -> None:
    """``spent`` is at most the money of the cells with the grants that come into them."""
    for words, money in granted(draft, cells).items():
        draft.rule("budget", funds.words(cells) + words, spent - money, upper=funds.amount(cells))
