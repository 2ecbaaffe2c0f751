// Wish: aims, bounds, pinned and banned projects; the efficient portfolio nearest to them, solved in a worker.

let worker = null, asked = 0, stopped = null;

function newWorker(sources) {
  const url = URL.createObjectURL(new Blob([sources.code], { type: "text/javascript" }));
  const made = new Worker(url);
  made.postMessage({ wasm: sources.wasm, model: data.model });
  return made;
}

function drawWish(sources) {
  const fields = data.objectives.map((o, k) => {
    const [low, high] = [Math.min(...data.portfolios.values.map((v) => v[k])), Math.max(...data.portfolios.values.map((v) => v[k]))];
    const step = (high - low) / 200 || 1, middle = Number(((low + high) / 2).toFixed(o.places));
    const slider = E("input", { type: "range", min: low, max: high, step, value: middle, "aria-label": `${o.label}: ${T("aim")}` });
    const exact = E("input", { type: "number", step: "any", value: middle, "aria-label": `${o.label}: ${T("aim")}` });
    const bound = E("input", { type: "number", step: "any", "aria-label": `${o.label}: ${T(o.sense === "max" ? "at_least" : "at_most")}` });
    slider.addEventListener("input", () => { exact.value = Number(Number(slider.value).toFixed(o.places)); });
    exact.addEventListener("input", () => { slider.value = exact.value; });
    $("aims").append(E("fieldset", {}, E("legend", {}, `${o.label}${o.unit ? `, ${o.unit}` : ""}`), E("label", {}, T("aim"), slider, exact), E("label", {}, T(o.sense === "max" ? "at_least" : "at_most"), bound)));
    return { exact, slider, bound, middle };
  });
  const names = (set) => [...set].map((id) => data.projects[placeOf(id)].name).join(", ") || T("wish.none");
  on("wish", () => { $("pinned").textContent = names(state.pinned); $("banned").textContent = names(state.banned); });
  $("wish-form").addEventListener("submit", (event) => { event.preventDefault(); solve(); });
  $("clear").addEventListener("click", () => {
    fields.forEach((field) => { field.exact.value = field.slider.value = field.middle; field.bound.value = ""; });
    state.pinned.clear(); state.banned.clear();
    $("answer").textContent = "";
    changed("wish", "selection");
  });
  $("stop").addEventListener("click", () => { worker?.terminate?.(); stopped?.abort(); worker = null; asked++; busy(false); $("answer").textContent = ""; });

  function busy(yes) {
    $("solve").disabled = yes; $("stop").disabled = !yes;
    if (yes) $("answer").textContent = T("wish.running");
  }
  /** Whole quanta, minimised, of a figure in an objective's own unit. */
  const quanta = (k, value) => ((value - data.model.quanta[k][1]) / data.model.quanta[k][0]) * (data.objectives[k].sense === "max" ? -1 : 1);

  /** The question goes to the worker of the page, or to the engines behind a live page. */
  function ask(wish) {
    if (!data.live) { worker.postMessage(wish); return; }
    stopped = new AbortController();
    const own = (read) => Object.fromEntries(data.objectives.map((o, k) => [o.name, read(fields[k])]).filter(([, value]) => value !== ""));
    post("wish", { base: data.live.base, aim: own((field) => field.exact.value), at_least: own((field) => field.bound.value), pin: wish.inside, ban: wish.outside, seconds: wish.seconds }, stopped.signal)
      .then((answer) => worker.onmessage({ data: { id: wish.id, ...answer, why: answer.error } })).catch(() => {});
  }

  function solve() {
    busy(true);
    worker ??= data.live ? {} : newWorker(sources);
    const aims = fields.map((field, k) => quanta(k, Number(field.exact.value)));
    const caps = fields.map((field, k) => (field.bound.value === "" ? null : Math.floor(quanta(k, Number(field.bound.value)) + 1e-9)));
    const near = (y) => Math.max(...y.map((value, k) => (value - aims[k]) / data.model.spans[k]));
    const fits = state.rows.map((row) => [row, data.portfolios.values[row].map((value, k) => Math.round(quanta(k, value)))]).filter(([, y]) => y.every((value, k) => caps[k] === null || value <= caps[k]));
    const listed = fits.reduce((best, [row, y]) => (best === null || near(y) < best[1] ? [row, near(y)] : best), null);
    const mine = ++asked, before = shown();
    worker.onmessage = ({ data: answer }) => {
      if (answer.id !== mine) return;
      busy(false);
      took(answer, listed, near, before);
    };
    worker.onerror = (event) => { event.preventDefault(); busy(false); worker = null; $("answer").textContent = T("wish.failed", { why: event.message }); };
    ask({ id: mine, aims, caps, inside: [...state.pinned], outside: [...state.banned], seconds: Number($("seconds").value) || 3,
      taken: listed && data.model.decisions.map(([project, period]) => startOf(listed[0], placeOf(project)) === period) });
  }

  function took(answer, listed, near, before) {
    document.body.dataset.answer = JSON.stringify(answer.y ?? null);
    if (answer.why) { $("answer").textContent = T("wish.failed", { why: answer.why }); return; }
    if (answer.infeasible) { $("answer").textContent = T("wish.infeasible"); return; }
    let said;
    if (answer.y && (!listed || answer.proved || near(answer.y) < listed[1] - 1e-9)) {
      const values = answer.y.map((value, k) => data.model.quanta[k][1] + data.model.quanta[k][0] * value * (data.objectives[k].sense === "max" ? -1 : 1));
      const taken = new Map(data.model.decisions.filter((_, d) => answer.chosen[d]).map(([project, period]) => [project, period]));
      state.live = { values, starts: data.projects.map((project) => taken.get(project.id) ?? 0), stands: "" };
      state.chosen = -1;
      said = T(answer.proved ? "wish.live" : "wish.live_open");
    } else if (listed) {
      state.chosen = listed[0];
      said = T("wish.list");
    } else { $("answer").textContent = T("wish.failed", { why: T("wish.seconds") }); return; }
    const now = shown();
    const list = data.objectives.map((o, k) => `${o.label} ${withUnit(k, now.values[k] - before.values[k], true)}`).join("; ");
    $("answer").textContent = `${said} ${data.objectives.map((o, k) => `${o.label} ${withUnit(k, now.values[k])}`).join("; ")}. ${before.number ? T("wish.gives", { number: before.number, list }) : ""}`;
    changed("choice");
  }
}
