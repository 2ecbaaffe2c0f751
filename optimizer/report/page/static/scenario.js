// Scenario: on a live page, changed figures, a new solve with its progress, scenarios side by side, saved runs.

async function post(what, body, signal) {
  const answer = await fetch(data.live.root + what, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
  return answer.json();
}

function drawScenario() {
  const changes = new Map(), known = new Map();
  let running = null;
  const list = () => $("changes").replaceChildren(...[...changes].map(([address, value]) => E("li", {}, `${address}: ${known.get(address)?.value ?? ""} → ${value} `,
    E("button", { type: "button", "aria-label": `${T("scenario.drop")} ${address}`, onclick: () => { changes.delete(address); list(); } }, T("scenario.drop")))));
  fetch(`${data.live.root}figures/${data.live.base}`).then((answer) => answer.json()).then((found) => {
    found.forEach((figure) => known.set(figure.address, figure));
    $("figures").replaceChildren(...found.map((figure) => E("option", { value: figure.address }, `${figure.value} · ${figure.meaning}`)));
    document.body.dataset.figures = "yes";
  });
  $("figure").addEventListener("input", () => {
    const figure = known.get($("figure").value);
    $("meaning").textContent = figure?.meaning ?? "";
    if (figure) $("figure-value").value = figure.value;
  });
  $("change").addEventListener("submit", (event) => {
    event.preventDefault();
    changes.set($("figure").value.trim(), $("figure-value").value);
    $("figure").value = $("figure-value").value = $("meaning").textContent = "";
    list();
  });
  const busy = (yes) => { $("again").disabled = yes; $("cancel").disabled = !yes; };
  $("cancel").addEventListener("click", () => { running?.abort(); busy(false); $("progress").textContent = T("scenario.cancelled"); });
  $("again").addEventListener("click", () => {
    running = new AbortController();
    busy(true);
    $("progress").textContent = T("wish.running");
    const name = $("scenario-name").value || [...changes].map(([address, value]) => `${address} ${value}`).join(", ") || data.live.name;
    solveAgain({ base: data.live.base, name: name.slice(0, 80), changes: Object.fromEntries(changes), seconds: Number($("scenario-seconds").value) || 20 }, running.signal)
      .catch((error) => { if (error.name !== "AbortError") $("progress").textContent = String(error.message); })
      .finally(() => busy(false));
  });
  $("save").addEventListener("click", () => post("save", { base: data.live.base, name: $("save-name").value }).then((answer) => {
    $("progress").textContent = answer.saved ? T("scenario.saved", { name: answer.saved }) : answer.error;
  }));
  remember(data.live.base);
  showBeside();
}

async function solveAgain(body, signal) {
  const answer = await fetch(`${data.live.root}solve`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
  if (!answer.ok) throw new Error((await answer.json()).error);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const event of lines.map((line) => JSON.parse(line))) {
      if (event.error) throw new Error(event.error);
      if (event.progress) $("progress").textContent = T("scenario.progress", { seconds: F(event.progress.seconds, 1), points: F(event.progress.points), share: event.progress.epsilon === null ? "–" : upTo(event.progress.epsilon) });
      if (event.scenario) { remember(event.scenario); $("progress").textContent = T("scenario.done"); await showBeside(); document.body.dataset.scenario = event.scenario; }
    }
  }
}

/** The scenarios of this tab: other people's tabs have their own. */
function remember(key) {
  const keys = JSON.parse(sessionStorage.getItem("scenarios") ?? "[]");
  if (!keys.includes(key)) sessionStorage.setItem("scenarios", JSON.stringify([...keys, key]));
}

async function showBeside() {
  const keys = JSON.parse(sessionStorage.getItem("scenarios") ?? "[]");
  const found = await (await fetch(`${data.live.root}scenarios?keys=${keys.map(encodeURIComponent).join(",")}`)).json();
  const name = (id) => data.projects[placeOf(id)]?.name ?? id;
  const first = found.find((one) => one.key === data.live.base) ?? found[0];
  $("beside").replaceChildren(table([[T("scenario.name")], [T("run.status")], [T("run.points"), "figure"], ...data.objectives.map((o) => [`${T("front.best")}: ${o.label}`, "figure"]), [T("scenario.core")]],
    found.map((one) => [E("a", { href: `${data.live.root}s/${one.key}`, "aria-current": one.key === data.live.base ? "page" : null }, one.name),
      T(`status.${one.status}`, { share: one.epsilon === null ? "" : upTo(one.epsilon) }), F(one.points),
      ...one.best.map((value, k) => F(value, data.objectives[k].places)),
      [...one.core.filter((id) => !first.core.includes(id)).map((id) => `+ ${name(id)}`), ...first.core.filter((id) => !one.core.includes(id)).map((id) => `− ${name(id)}`)].join("; ") || "–"])));
}
