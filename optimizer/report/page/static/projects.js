// Projects: the shortlist with its buttons, and the heat map of projects and portfolios.

const RANK = { core: 0, borderline: 1, exterior: 2 };

function drawShortlist() {
  const order = [...data.projects.keys()].sort((a, b) => RANK[data.projects[a].class] - RANK[data.projects[b].class] || data.projects[b].share - data.projects[a].share);
  $("basis").textContent = T(data.certificate.status === "COMPLETE" ? "basis.COMPLETE" : "basis.other");
  const buttons = [], shares = [];
  const rows = order.map((j) => {
    const project = data.projects[j];
    const button = (side, key) => {
      const made = E("button", { type: "button", "aria-pressed": "false", "aria-label": T(`${key}.of`, { project: project.name }), onclick: () => decide(project.id, side) }, T(key));
      buttons.push([made, side, project.id]);
      return made;
    };
    const bar = E("span", { class: "share" }), figure = E("span", {});
    shares.push([j, bar, figure]);
    return [E("span", {}, E("strong", {}, project.name), project.name === project.id ? "" : ` ${project.id}`), townOf(project.town), [T(`class.short.${project.class}`), "short"],
      [E("span", {}, bar, figure), "short"], G(project.cost), whyOf(project), [E("span", {}, button(state.pinned, "pin"), " ", button(state.banned, "ban")), "short"]];
  });
  $("shortlist").replaceChildren(table([[T("col.project")], [T("col.town")], [T("col.class")], [T("col.share")], [T("col.cost"), "figure"], [T("col.why")], [T("col.choice")]], rows));
  on("selection", () => {
    shares.forEach(([j, bar, figure]) => {
      const share = state.rows.length ? state.rows.filter((row) => startOf(row, j)).length / state.rows.length : 0;
      bar.style.width = `${(share * 4).toFixed(2)}rem`;
      figure.textContent = P(share);
    });
    buttons.forEach(([button, side, id]) => button.setAttribute("aria-pressed", String(side.has(id))));
  });
}

/** Why a project stands where it does, in the language of the page where the page knows the words. */
function whyOf(project) {
  if (project.locked) return T(`why.locked.${project.locked}`);
  if (project.class === "core") return T("why.core", { n: F(count()) });
  if (project.class === "exterior") return project.barred ? `${T("why.barred")} ${project.why}` : T("why.crowded", { n: F(count()) });
  const list = data.objectives.map((o, k) => [project.difference[o.name], k]).filter(([amount]) => amount)
    .map(([amount, k]) => `${data.objectives[k].label} ${F(amount, data.objectives[k].places, true)}`);
  return list.length ? `${T("projects.mean")} ${list.join(", ")}` : project.why;
}

function drawHeat() {
  const canvas = $("heat"), pen = canvas.getContext("2d");
  const order = [...data.projects.keys()].sort((a, b) => RANK[data.projects[a].class] - RANK[data.projects[b].class] || data.projects[b].share - data.projects[a].share);
  const left = 230, top = 8, high = 15;
  let columns = [], wide = 1;
  const draw = () => {
    columns = [...state.rows].sort((a, b) => better(0, data.portfolios.values[b][0], data.portfolios.values[a][0]));
    const room = Math.max(320, canvas.closest(".scroll").clientWidth - left - 20);
    wide = columns.length ? Math.max(1, Math.min(22, Math.floor(room / columns.length))) : 1;
    const ratio = window.devicePixelRatio || 1, width = left + Math.max(40, wide * columns.length) + 10, height = top + high * order.length + 8;
    canvas.style.width = `${width}px`; canvas.style.height = `${height}px`;
    canvas.width = width * ratio; canvas.height = height * ratio;
    pen.scale(ratio, ratio);
    pen.font = "11px system-ui, 'Noto Sans CJK SC', sans-serif";
    pen.textBaseline = "middle";
    order.forEach((j, line) => {
      pen.fillStyle = "#1d2329";
      pen.fillText(clipped(data.projects[j].name), 4, top + high * (line + 0.5), left - 8);
      pen.fillStyle = data.projects[j].class === "core" ? "#0b3f38" : "#0b7a6c";
      let from = -1;
      for (let c = 0; c <= columns.length; c++) {
        const taken = c < columns.length && startOf(columns[c], j) > 0;
        if (taken && from < 0) from = c;
        if (!taken && from >= 0) { pen.fillRect(left + wide * from, top + high * line + 1, wide * (c - from) - (wide > 3 ? 1 : 0), high - 2); from = -1; }
      }
    });
  };
  const mark = () => {
    const at = columns.indexOf(state.chosen), box = $("heat-mark");
    box.hidden = at < 0;
    box.style.left = `${left + wide * at - 2}px`;
    box.style.width = `${Math.max(3, wide) + 3}px`;
  };
  on("selection", draw);
  on("selection choice", mark);
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect(), at = Math.floor((event.clientX - box.left - left) / wide);
    if (columns[at] !== undefined) choose(columns[at]);
  });
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || !columns.length) return;
    event.preventDefault();
    choose(columns[(columns.indexOf(state.chosen) + by + columns.length) % columns.length]);
  });
}
const clipped = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
