// Certain: what is proved and how, growth alone and its regret, the reports of the mechanisms, the run itself.

function drawProof() {
  const proof = data.certificate, share = proof.epsilon === null ? "" : upTo(proof.epsilon);
  document.title = T("title", { title: data.region.title });
  $("title").textContent = document.title;
  $("description").textContent = data.region.description;
  $("status").textContent = T(`status.${proof.status}`, { share });
  $("status").dataset.status = proof.status;
  const says = T(`words.${proof.status}`, { n: F(count()), share });
  $("words").textContent = says;
  const units = proof.epsilon_in_units && proof.status === "GUARANTEE"
    ? T("in_units", { list: data.objectives.map((o, k) => `${o.label} ${withUnit(k, proof.epsilon_in_units[o.name])}`).join("; ") }) : null;
  $("proof").replaceChildren(E("h3", {}, T("certain.lead")), E("p", {}, says), ...(units ? [E("p", {}, units)] : []),
    ...(data.region.provenance ? [E("h3", {}, T("certain.provenance")), E("p", {}, data.region.provenance)] : []), E("p", {}, T("certain.check")));
  const rows = [["status", T(`status.${proof.status}`, { share })], ["points", F(proof.points)], ["engine", proof.engine], ["effort", F(proof.solves)], ["seconds", F(proof.seconds, 1)],
    ["stopped", proof.stopped_by], ["missing", proof.hypervolume_missing === null ? "–" : upTo(proof.hypervolume_missing)], ["open", F(proof.open_regions_total)],
    ["version", data.manifest.growthring], ["made", data.manifest.written ?? ""], ["method", data.manifest.options?.method ?? ""], ["why", data.manifest.why ?? ""], ...proof.faults.map((fault) => ["fault", fault])];
  $("about").replaceChildren(table([[""], [""]], rows.filter(([, value]) => value).map(([key, value]) => [T(`run.${key}`), String(value)])));
}

function drawGrowth() {
  const alone = data.growth_only;
  if (!alone) { $("growth").hidden = true; return; }
  const lost = data.objectives.map((o, k) => Math.max(0, better(k, alone.best[o.name], alone.values[o.name])));
  const regret = table([[T("col.objective")], [T("nav.growth"), "figure"], [T("col.best"), "figure"], [T("growth.regret"), "figure"], [T("col.share_range"), "figure"]],
    data.objectives.map((o, k) => [o.label, withUnit(k, alone.values[o.name]), F(alone.best[o.name], o.places), F(lost[k], o.places), P(lost[k] / o.range)]));
  on("choice", () => {
    const mine = shown();
    const extra = data.projects.filter((p, j) => alone.projects.includes(p.id) && !mine.starts[j]).map((p) => p.name);
    $("regret").replaceChildren(regret, E("p", {}, `${T("growth.only_in")}: ${extra.join(", ") || "–"}`));
  });
  if (!data.reports.length) return;
  $("reports").replaceChildren(E("h3", {}, T("reports.title")), E("p", { class: "small" }, T("reports.of", { number: data.reports[0].portfolio })),
    ...data.reports.map((report) => E("details", {}, E("summary", {}, report.title), ...report.words.map((sentence) => E("p", { lang: "en" }, sentence)),
      ...report.tables.map((part) => E("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": part.caption }, table(part.columns.map((column, i) => [column, part.rows.some((line) => typeof line[i] === "number") ? "figure" : ""]),
        part.rows.map((line) => line.map((value) => (typeof value === "number" ? G(value) : String(value ?? "–")))), part.caption))))));
}
