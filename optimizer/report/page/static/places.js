// Places: towns with their projects, roundabout each town where a project has no place of its own.

const GOLDEN = Math.PI * (3 - Math.sqrt(5));

function drawMap() {
  const towns = data.towns;
  if (!towns.length) { $("towns").hidden = true; return; }
  const known = towns.every((town) => town.place);
  const spots = towns.map((town, i) => known ? town.place : [Math.sin((2 * Math.PI * i) / towns.length), Math.cos((2 * Math.PI * i) / towns.length)]);
  const middle = known ? (Math.max(...spots.map((s) => s[1])) + Math.min(...spots.map((s) => s[1]))) / 2 : 0;
  const stretch = known ? Math.cos((middle * Math.PI) / 180) : 1;
  const flat = spots.map(([x, y]) => [x * stretch, -y]);
  const low = [0, 1].map((i) => Math.min(...flat.map((s) => s[i]))), high = [0, 1].map((i) => Math.max(...flat.map((s) => s[i])));
  const wide = 900, tall = 560, edge = 90;
  const scale = Math.min((wide - 2 * edge) / (high[0] - low[0] || 1), (tall - 2 * edge) / (high[1] - low[1] || 1));
  const around = towns.map((town) => data.projects.map((p, j) => [p, j]).filter(([p]) => p.town === town.id));
  const radius = around.map((list) => 9 * Math.sqrt(list.length + 1) + 6);
  const centres = flat.map(([x, y]) => [wide / 2 + (x - (low[0] + high[0]) / 2) * scale, tall / 2 + (y - (low[1] + high[1]) / 2) * scale]);
  apart(centres, radius);
  const box = [Math.min(...centres.map((c, i) => c[0] - radius[i])) - 60, Math.min(...centres.map((c, i) => c[1] - radius[i])) - 26,
    Math.max(...centres.map((c, i) => c[0] + radius[i])) + 60, Math.max(...centres.map((c, i) => c[1] + radius[i])) + 14];
  const svg = E("svg", { viewBox: `${box[0]} ${box[1]} ${box[2] - box[0]} ${box[3] - box[1]}`, role: "img", "aria-label": T("nav.towns") });
  const dots = [], names = [];
  towns.forEach((town, i) => {
    const [x, y] = centres[i], lines = town.lines.map((kind) => words[`towns.${kind}`]).filter(Boolean);
    svg.append(E("circle", { cx: x, cy: y, r: radius[i], fill: "#f3f1ec", stroke: lines.length ? "#9a4a00" : "#c9ced4", "stroke-width": lines.length ? 2.5 : 1, "stroke-dasharray": lines.length ? "6 3" : null },
      E("title", {}, [town.name, ...lines, town.profile].filter(Boolean).join(" · "))));
    around[i].forEach(([project, j], n) => {
      const far = n ? 9 * Math.sqrt(n) : 0, turn = n * GOLDEN;
      const dot = E("circle", { cx: x + far * Math.cos(turn), cy: y + far * Math.sin(turn), r: 5, stroke: "#0b3f38" }, E("title", {}, project.name));
      dots.push([dot, j]);
      svg.append(dot);
    });
    names.push(E("text", { x, y: y - radius[i] - 5, "text-anchor": "middle" }, town.name));
  });
  svg.append(...names);
  $("map").replaceChildren(svg, known ? "" : E("p", { class: "small" }, T("towns.unplaced")));
  on("choice selection", () => {
    const mine = shown();
    dots.forEach(([dot, j]) => {
      const share = state.rows.length ? state.rows.filter((row) => startOf(row, j)).length / state.rows.length : 0;
      dot.setAttribute("fill", "#0b5d52");
      dot.setAttribute("fill-opacity", share.toFixed(3));
      dot.setAttribute("stroke", mine.starts[j] ? "#d04a00" : "#5b6670");
      dot.setAttribute("stroke-width", mine.starts[j] ? 2.5 : 0.8);
    });
  });
}

/** Move discs until none hides another one. */
function apart(centres, radius) {
  for (let round = 0; round < 300; round++) {
    let still = true;
    for (let i = 0; i < centres.length; i++) for (let j = 0; j < i; j++) {
      const way = [centres[i][0] - centres[j][0], centres[i][1] - centres[j][1]], far = Math.hypot(...way);
      const lack = radius[i] + radius[j] + 22 - far;
      if (lack <= 0.01) continue;
      still = false;
      const push = far > 1e-9 ? way.map((w) => w / far) : [1, 0];
      for (const axis of [0, 1]) { centres[i][axis] += (push[axis] * lack) / 2; centres[j][axis] -= (push[axis] * lack) / 2; }
    }
    if (still) break;
  }
}
