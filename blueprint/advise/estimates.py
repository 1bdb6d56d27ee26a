"""Estimates: what candidates, groupings, stacks, hosts and clouds cost for some needs."""

from datetime import date
from typing import NamedTuple

from blueprint.advise.candidates import CONTEXTS, Candidate
from blueprint.advise.capacity_plan import Demand, Shape
from blueprint.advise.cost.lines import COST_LEVELS
from blueprint.advise.cost.people import operating_usd
from blueprint.advise.groupings.choice import GroupingChoice
from blueprint.advise.groupings.scores import is_shop
from blueprint.advise.groupings.steps import commands
from blueprint.advise.hosting.choice import HostChoice, choose_host, every_host, on_host
from blueprint.advise.prices import PriceList
from blueprint.advise.providers import product
from blueprint.advise.result import CloudCost, Estimate, GroupingOption, HostCost, StackOption, Today
from blueprint.advise.stacks import choose_stack, shape_in, start_cpu_s, title_of
from blueprint.advise.targets import latency_sd
from blueprint.needs.model import Needs


class Estimator(NamedTuple):
    """Estimates for some needs, with the demand that they are and a price list."""

    needs: Needs
    demand: Demand
    prices: PriceList

    def host_of(self, shape: Shape) -> HostChoice:
        """Return the host of a shape."""
        return choose_host(shape, self.needs, self.demand, self.prices)

    def in_its_stack(self, candidate: Candidate) -> Candidate:
        """Return a candidate with the demands of the stack that it would be generated in."""
        stack = choose_stack(self.needs, candidate.name).name
        return candidate._replace(shape=shape_in(candidate.shape, stack))

    def estimate(self, candidate: Candidate, choice: HostChoice) -> Estimate:
        """Return the estimate for a candidate on a host, which may have the shape of some of its groups."""
        needs, hosted = self.needs, choice.hosted
        low, base, high = (hosted.bill(self.demand, self.prices, needs.cloud, x) for x in COST_LEVELS)
        return Estimate(
            pattern=candidate.name,
            plan=hosted.plan,
            separate=on_host(candidate.shape, needs, self.demand, self.prices, hosted.host).plan,
            p95_ms=hosted.plan.p95_ms,
            answer_ms=hosted.plan.answer_ms,
            settled_ms=hosted.plan.settled_ms,
            availability=hosted.availability,
            monthly_usd=base.total,
            cached=base.cached,
            people_usd=operating_usd(hosted.plan, hosted.host, needs),
            host=hosted.host,
            low_usd=low.total,
            high_usd=high.total,
            latency_sd=latency_sd(candidate, needs),
        )

    def grouping(self, choice: GroupingChoice, project: Today | None) -> GroupingOption:
        """Return a grouping with what it costs, and the commands that lead there from a project."""
        candidate, groups = self.in_its_stack(choice.candidate), choice.score.groups
        start = project.groups if project and project.groups else (CONTEXTS,)
        return GroupingOption(
            groups=groups,
            points=choice.score.points,
            lines=choice.lines,
            sagas=choice.score.sagas,
            gates=choice.gates,
            estimate=self.estimate(candidate, self.host_of(candidate.shape)),
            commands=tuple(commands(start, groups)) if is_shop(self.needs) else (),
        )

    def stack(self, name: str, shape: Shape) -> StackOption:
        """Return what a shape costs in a stack."""
        hosted = self.host_of(shape_in(shape, name)).hosted
        services = hosted.plan.services
        return StackOption(
            name=name,
            title=title_of(name),
            cpu_ms=sum(service.cpu_ms for service in services),
            memory_mib=hosted.plan.memory_mib,
            copies_at_peak=sum(service.copies_at_peak for service in services),
            start_cpu_s=start_cpu_s(name),
            usd_month=hosted.bill(self.demand, self.prices, self.needs.cloud).total,
        )

    def hosts(self, shape: Shape) -> tuple[HostCost, ...]:
        """Return what a shape costs on every kind of host."""
        cloud, rows = self.needs.cloud, []
        for hosted in every_host(shape, self.needs, self.demand, self.prices):
            low, base, high = (hosted.bill(self.demand, self.prices, cloud, x).total for x in COST_LEVELS)
            name, usd = product(cloud, hosted.host), (low, base, high) if hosted.holds else None
            rows.append(HostCost(hosted.host, name, usd, hosted.availability, hosted.obstacles))
        return tuple(rows)

    def cloud_cost(self, shape: Shape, host: str, cloud: str, today: date) -> CloudCost:
        """Return what a shape costs on a cloud, with the dates and caveats of the prices."""
        prices = self.prices
        hosted = on_host(shape, self.needs.change({"cloud": cloud}), self.demand, prices, host)
        low, base, high = (hosted.bill(self.demand, prices, cloud, level) for level in COST_LEVELS)
        oldest, newest = prices.dates(cloud, base.roles) or (None, None)
        return CloudCost(
            cloud=cloud,
            product=product(cloud, host),
            low=low,
            base=base,
            high=high,
            oldest=oldest.isoformat() if oldest else None,
            newest=newest.isoformat() if newest else None,
            warnings=tuple(prices.warnings(cloud, base.roles, today)),
        )
