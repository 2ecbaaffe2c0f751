// Portfolio: the one that is shown, what it builds and gives, and what the next step in each objective costs.

function drawPortfolio() {
  const inTheOrder = () => (state.rows.length ? state.rows : [...data.portfolios.values.keys()]);
  const step = (by) => {
    const rows = inTheOrder(), at = rows.indexOf(state.chosen);
    choose(rows[at < 0 ? 0 : (at + by + rows.length) % rows.length]);
  };
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  on("choice", () => {
    const mine = shown();
    $("chosen").textContent = state.chosen === -1 ? T("portfolio.live") : T("portfolio.title", { number: mine.number });
    $("stands").textContent = mine.stands ? `(${T("portfolio.stands")}: ${standsFor(mine.stands)})` : "";
    $("values").replaceChildren(valuesOf(mine));
    $("builds").replaceChildren(buildsOf(mine));
    $("gets").replaceChildren(getsOf(mine));
  });
  on("choice selection", () => $("steps").replaceChildren(stepsFrom(shown())));
}

/** "best growth, compromise" in the words of the page. */
function standsFor(text) {
  return text.split(", ").map((word) => {
    const objective = data.objectives.find((o) => word === `best ${o.name}`);
    return objective ? `${T("front.best")}: ${objective.label}` : word === "compromise" ? T("portfolio.compromise") : word;
  }).join("; ");
}

function bestOf(k) {
  return data.portfolios.values.reduce((best, values) => (better(k, values[k], best) > 0 ? values[k] : best), data.portfolios.values[0][k]);
}

function valuesOf(mine) {
  return table([[T("col.objective")], [T("col.value"), "figure"], [T("col.best"), "figure"], [T("col.gap"), "figure"], [T("col.share_range"), "figure"]],
    data.objectives.map((o, k) => {
      const gap = better(k, bestOf(k), mine.values[k]);
      return [`${o.label} (${T(o.sense === "max" ? "more" : "less")})`, withUnit(k, mine.values[k]), F(bestOf(k), o.places), F(Math.max(0, gap), o.places), P(Math.max(0, gap) / o.range)];
    }));
}

/** The nearest selected portfolio that is better in an objective, for each; least largest loss, as a share of the ranges. */
function stepsFrom(mine) {
  const rows = data.objectives.map((o, k) => {
    let found = null, least = Infinity;
    for (const row of state.rows) {
      const values = data.portfolios.values[row], gain = better(k, values[k], mine.values[k]);
      if (gain <= 1e-9 * o.range) continue;
      const loss = Math.max(...data.objectives.map((other, i) => better(i, mine.values[i], values[i]) / other.range));
      if (loss < least || (loss === least && gain < better(k, data.portfolios.values[found][k], mine.values[k]))) [found, least] = [row, loss];
    }
    if (found === null) return [o.label, T("portfolio.already"), "", ""];
    const values = data.portfolios.values[found];
    const pays = data.objectives.map((_, i) => i).filter((i) => i !== k && better(i, values[i], mine.values[i]) < 0)
      .map((i) => `${data.objectives[i].label} ${withUnit(i, values[i] - mine.values[i], true)}`);
    const go = E("button", { type: "button", onclick: () => choose(found), "aria-label": T("portfolio.title", { number: data.portfolios.numbers[found] }) }, String(data.portfolios.numbers[found]));
    return [o.label, [withUnit(k, values[k] - mine.values[k], true), "better"], [pays.join("; ") || "–", "worse"], go];
  });
  return table([[T("col.objective")], ["+", ""], ["−", ""], [T("col.number"), "figure"]], rows);
}

const townOf = (id) => data.towns.find((town) => town.id === id)?.name ?? id;
const periodOf = (t) => data.region.periods[t - 1] ?? t;

function buildsOf(mine) {
  const several = data.region.periods.length > 1;
  const rows = data.projects.map((project, j) => [project, mine.starts[j]]).filter(([, t]) => t);
  rows.sort(([a, s], [b, t]) => s - t || b.cost - a.cost);
  return table([[T("col.project")], [T("col.town")], ...(several ? [[T("col.start"), "figure"]] : []), [`${T("col.cost")}${data.region.money ? ` (${data.region.money})` : ""}`, "figure"]],
    rows.map(([project, t]) => [project.name, townOf(project.town), ...(several ? [String(periodOf(t))] : []), G(project.cost)]));
}

function getsOf(mine) {
  const sums = new Map();
  data.projects.forEach((project, j) => {
    if (!mine.starts[j]) return;
    const [number, cost] = sums.get(project.town) ?? [0, 0];
    sums.set(project.town, [number + 1, cost + project.cost]);
  });
  const towns = [...new Set([...data.towns.map((town) => town.id), ...sums.keys()])];
  return table([[T("col.town")], [T("col.count"), "figure"], [`${T("col.cost")}${data.region.money ? ` (${data.region.money})` : ""}`, "figure"]],
    towns.map((town) => [townOf(town) || "–", F(sums.get(town)?.[0] ?? 0), G(sums.get(town)?.[1] ?? 0)]));
}
