// Main: unpack what the page carries, then draw everything once.

async function main() {
  const text = new TextDecoder();
  data = JSON.parse(text.decode(await unpacked("data")));
  words = JSON.parse($("strings").textContent);
  starts = Uint8Array.from(atob(data.portfolios.starts), (c) => c.charCodeAt(0));
  document.querySelectorAll("[data-t]").forEach((element) => { element.textContent = T(element.dataset.t); });
  document.querySelectorAll("[data-label]").forEach((element) => element.setAttribute("aria-label", T(element.dataset.label)));
  await new Promise((done, failed) => unpacked("charts").then((code) => {
    const script = E("script", { src: URL.createObjectURL(new Blob([code], { type: "text/javascript" })) });
    script.onload = done; script.onerror = failed;
    document.head.append(script);
  }));
  state.low = data.objectives.map(() => -Infinity);
  state.high = data.objectives.map(() => Infinity);
  state.chosen = Number(Object.entries(data.portfolios.stands_for).find(([, why]) => why.includes("compromise"))?.[0] ?? 0);
  $("scenario").hidden = !data.live;
  for (const section of document.querySelectorAll("main section")) $("nav").append(E("a", { href: `#${section.id}` }, section.querySelector("h2").textContent));
  const resize = [drawParallel(), drawMatrix(), drawPlane()];
  drawBounds(); drawPortfolio(); drawShortlist(); drawHeat(); drawMap(); drawMoney(); drawProof(); drawGrowth();
  on("selection", () => { $("selected").textContent = T("selected", { n: F(state.rows.length), m: F(count()) }); });
  $("reset").addEventListener("click", () => {
    state.low.fill(-Infinity); state.high.fill(Infinity); state.pinned.clear(); state.banned.clear();
    changed("bounds", "selection", "wish");
  });
  document.querySelectorAll("main section[hidden]").forEach((section) => document.querySelector(`nav a[href="#${section.id}"]`)?.remove());
  window.addEventListener("resize", () => resize.forEach((chart) => { chart.resize(); chart.redraw?.(); }));
  const [code, wasm] = [text.decode(await unpacked("solver")), await unpacked("wasm")];
  window.sources = { code: `${code}\n;${$("worker").textContent}`, wasm };
  drawWish(window.sources);
  if (data.live) drawScenario();
  changed("selection", "choice", "wish");
  document.body.dataset.ready = "yes";
}
main();
