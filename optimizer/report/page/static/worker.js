// Worker: the achievement scalarization of a wish, then the proof that nothing dominates its answer; HiGHS does both.

let ready = null, model = null;

onmessage = async ({ data }) => {
  if (data.wasm) { model = data.model; ready = load(data.wasm); return; }
  try {
    postMessage({ id: data.id, ...nearest(await ready, data) });
  } catch (error) {
    postMessage({ id: data.id, why: String(error.message ?? error) });
  }
};

/** HiGHS from the bytes that the page carries; nothing is fetched. */
function load(wasm) {
  return Module({
    instantiateWasm: (imports, done) => {
      WebAssembly.instantiate(wasm, imports).then(({ instance }) => done(instance));
      return {};
    },
  });
}

/** The least max_k (y_k - aim_k) / span_k; of all as near the least weighted sum, which nothing dominates; and the proof
    that whole caps which a nearer point would keep are kept by none. The order is that of Python's navigator. */
function nearest(highs, wish) {
  const end = Date.now() + wish.seconds * 1000, left = (share) => Math.max(0.2, ((end - Date.now()) / 1000) * share);
  const known = wish.taken ? run(highs, { ...wish, only: true }, wish.caps, true, 1) : {};
  const first = run(highs, { ...wish, start: known.x }, wish.caps, true, left(0.4));
  if (first.infeasible || !first.y) return first;
  for (let best = first; ;) {
    const far = Math.max(...best.y.map((value, k) => (value - wish.aims[k]) / model.spans[k]));
    const caps = (side) => wish.aims.map((aim, k) => Math.min(wish.caps[k] ?? Infinity, side(aim + far * model.spans[k])));
    const second = run(highs, { ...wish, start: best.x }, caps((cap) => Math.floor(cap + 1e-7)), false, left(0.7));
    if (second.y) best = second;
    const nearer = Date.now() < end ? run(highs, wish, caps((cap) => Math.ceil(cap - 1e-7) - 1), false, left(1)) : {};
    if (!nearer.y || Date.now() >= end) return { y: best.y, chosen: model.decisions.map(([, , column]) => best.x[column] > 0.5), proved: Boolean(second.proved && nearer.infeasible) };
    best = nearer;
  }
}

function run(highs, wish, caps, reaching, seconds) {
  const n = model.lower.length, p = model.costs.length, infinity = highs.infinity;
  const starts = [0], indices = [], values = [], rowLower = [], rowUpper = [];
  const row = (entries, low, high) => {
    entries.forEach(([column, value]) => { indices.push(column); values.push(value); });
    starts.push(indices.length); rowLower.push(low ?? -infinity); rowUpper.push(high ?? infinity);
  };
  for (let i = 0; i + 1 < model.starts.length; i++) {
    const entries = [];
    for (let at = model.starts[i]; at < model.starts[i + 1]; at++) entries.push([model.columns[at], model.values[at]]);
    row(entries, model.row_lower[i], model.row_upper[i]);
  }
  model.costs.forEach((entries, k) => {
    if (caps[k] !== null && caps[k] < Infinity) row(entries, null, caps[k]);
    if (reaching) row([...entries, [n, -model.spans[k]]], null, wish.aims[k]);
  });
  const built = new Map();
  model.decisions.forEach(([project, , column]) => built.set(project, [...(built.get(project) ?? []), [column, 1]]));
  wish.inside.forEach((project) => row(built.get(project) ?? [], 1, null));
  wish.outside.forEach((project) => row(built.get(project) ?? [], null, 0));
  const lower = model.lower.map((v) => v ?? -infinity), upper = model.upper.map((v) => v ?? infinity);
  if (wish.only) model.decisions.forEach(([, , column], d) => { lower[column] = upper[column] = wish.taken[d] ? 1 : 0; });
  const cost = new Float64Array(n + 1);
  model.costs.forEach((entries, k) => entries.forEach(([column, value]) => { cost[column] += reaching ? 0 : model.weights[k] * value; }));
  cost[n] = reaching ? 1 : 0;
  return highs.withModel({
    numCols: n + 1, numRows: rowLower.length, sense: highs.constants.objectiveSense.minimize,
    colCost: cost,
    colLower: Float64Array.from([...lower, reaching ? -infinity : 0]),
    colUpper: Float64Array.from([...upper, reaching ? infinity : 0]),
    rowLower: Float64Array.from(rowLower), rowUpper: Float64Array.from(rowUpper),
    integrality: Int32Array.from([...model.integer, 0]),
    matrix: { format: "csr", numRows: rowLower.length, numCols: n + 1, starts: Int32Array.from(starts), indices: Int32Array.from(indices), values: Float64Array.from(values) },
  }, (solver) => {
    solver.options.set({ output_flag: false, time_limit: seconds, mip_rel_gap: 0, mip_abs_gap: reaching ? 1e-6 : 0.9 });
    if (wish.start) solver.setSolution({ colValue: Float64Array.from([...wish.start, reach(wish)]) });
    solver.run();
    const status = solver.getModelStatus(), names = highs.constants.modelStatus;
    if (status === names.infeasible) return { infeasible: true };
    const x = Array.from(solver.getSolution().colValue);
    if (x.length !== n + 1 || !holds(x)) return { proved: false };
    const whole = x.slice(0, n).map((value, j) => (model.integer[j] ? Math.round(value) : value));
    return { x: whole, y: model.costs.map((entries) => entries.reduce((sum, [column, value]) => sum + value * whole[column], 0)), proved: status === names.optimal };
  });
}

/** The value of the column that reaches for the aims, at the start. */
function reach(wish) {
  return Math.max(...model.costs.map((entries, k) => (entries.reduce((sum, [column, value]) => sum + value * wish.start[column], 0) - wish.aims[k]) / model.spans[k]));
}

/** Does the point, rounded, keep every rule? What the solver says is not believed without a look. */
function holds(x) {
  const whole = x.map((value, j) => (model.integer[j] ? Math.round(value) : value));
  for (let i = 0; i + 1 < model.starts.length; i++) {
    let sum = 0;
    for (let at = model.starts[i]; at < model.starts[i + 1]; at++) sum += model.values[at] * whole[model.columns[at]];
    if (sum < (model.row_lower[i] ?? -Infinity) - 1e-6 || sum > (model.row_upper[i] ?? Infinity) + 1e-6) return false;
  }
  return model.lower.every((low, j) => whole[j] >= (low ?? -Infinity) - 1e-6 && whole[j] <= (model.upper[j] ?? Infinity) + 1e-6);
}
