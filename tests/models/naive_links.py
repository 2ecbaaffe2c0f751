"""Roads and by-products read off the tables for one plan at a time: shortest paths, largest flows, pairs of plants."""

from __future__ import annotations

from fractions import Fraction as F

import networkx as nx


def broken(region, plan):
    """Words for each rule of network and symbiosis that the plan breaks."""
    if not _trips_arrive(region, plan):
        yield "trips do not arrive"
    policy = region.settings.policy
    if policy.closed_chain is not None:
        arising = sum(F(b.tonnes) for b in region.byproducts if b.project in plan)
        if sum(F(e.tonnes) for e in _happening(region, plan)) < F(policy.closed_chain) * arising:
            yield "the chain is open"
    parks = {z.id for z in region.zones if z.kind == "eco_park"}
    for project in region.projects:
        inside = any(f.project == project.id and f.zone in parks and f.hectares for f in region.footprints)
        if project.id in plan and {*project.category} & {*policy.park_only} and not inside:
            yield f"{project.id} pollutes outside a park"


def indicators(region, plan):
    """What network and symbiosis count, as pairs of indicator and value."""
    roads = _roads(region, plan)
    trunk = {n.id for n in region.nodes if n.trunk}
    for node in region.nodes:
        if node.people:
            minutes = nx.single_source_dijkstra_path_length(roads, node.id, weight="minutes")
            yield "travel_time", F(node.people) * min(minutes[t] for t in trunk & set(minutes))
    for exchange in _happening(region, plan):
        yield "exchange_saving", F(exchange.saving)


def _roads(region, plan):
    roads = nx.Graph()
    roads.add_nodes_from(node.id for node in region.nodes)
    for link in region.links:
        if not link.project or link.project in plan:
            known = roads.get_edge_data(link.start, link.end, {"minutes": F(link.minutes)})["minutes"]
            roads.add_edge(link.start, link.end, minutes=min(known, F(link.minutes)))
    return roads


def _trips_arrive(region, plan):
    if all(link.capacity is None for link in region.links):
        return True
    flow, asked = nx.DiGraph(), F(0)
    flow.add_nodes_from(["trips", "trunk"])
    for node in region.nodes:
        trips = F(node.trips) + sum(F(t.trips) for t in region.trips if t.node == node.id and t.project in plan)
        asked += trips
        flow.add_edge("trips", ("node", node.id), capacity=trips)
        if node.trunk:
            flow.add_edge(("node", node.id), "trunk")
    for number, link in enumerate(region.links):
        if not link.project or link.project in plan:
            # an arc each way over a gate of the link's capacity
            for here in (link.start, link.end):
                flow.add_edge(("node", here), ("gate", number))
                flow.add_edge(("exit", number), ("node", here))
            limit = {} if link.capacity is None else {"capacity": F(link.capacity)}
            flow.add_edge(("gate", number), ("exit", number), **limit)
    return nx.maximum_flow_value(flow, "trips", "trunk") == asked


def _happening(region, plan):
    return [e for e in region.exchanges if {e.source, e.target} <= set(plan)]
