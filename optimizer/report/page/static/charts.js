// Charts: parallel coordinates with brushes, the scatter matrix, the plane of single projects.

const DIM = "#c4c9cd", DARK = "#0b5d52", MARK = "#d04a00";

/** A drawing over a chart for what changes often: the chart itself is not drawn anew. */
function overlay(chart) {
  const box = chart.getDom(), svg = E("svg", { class: "overlay", "aria-hidden": "true" });
  box.append(svg);
  return svg;
}

function axisName(k) {
  const o = data.objectives[k];
  return `${o.label}${o.unit ? `\n${o.unit}` : ""}`;
}
function ends(k) {
  const column = data.portfolios.values.map((values) => values[k]);
  const low = Math.min(...column), high = Math.max(...column), room = (high - low || 1) * 0.02;
  return [low - room, high + room];
}

function drawParallel() {
  const chart = echarts.init($("parallel"), null, { renderer: "canvas" });
  const p = data.objectives.length;
  chart.setOption({
    animation: false,
    parallel: { left: 60, right: 90, top: 56, bottom: 24, axisExpandable: false },
    parallelAxis: data.objectives.map((o, k) => ({
      dim: k, name: axisName(k), nameGap: 14, min: ends(k)[0], max: ends(k)[1], inverse: o.sense === "min",
      nameTextStyle: { fontSize: 12, color: "#1d2329", width: 160, overflow: "break" },
      axisLabel: { color: "#1d2329", formatter: (value) => G(Math.round(value * 100) / 100), showMinLabel: false, showMaxLabel: false },
      areaSelectStyle: { width: 22, color: "#0b5d52", opacity: 0.18 },
    })),
    series: [
      { type: "parallel", data: data.portfolios.values, silent: false, progressive: 0,
        lineStyle: { width: 1, color: DARK, opacity: Math.max(0.08, Math.min(0.6, 60 / count())) }, inactiveOpacity: 0.03, activeOpacity: Math.max(0.12, Math.min(0.8, 90 / count())) },
    ],
  });
  const line = overlay(chart), axes = chart.getModel().getComponent("parallel").coordinateSystem;
  const draw = () => {
    const spots = shown().values.map((value, k) => axes.dataToPoint(value, `dim${k}`));
    line.replaceChildren(E("path", { d: `M${spots.map((spot) => spot.join(" ")).join("L")}`, fill: "none", stroke: MARK, "stroke-width": 3.5 }));
  };
  let own = false;
  chart.on("axisareaselected", () => {
    if (own) return;
    chart.getModel().eachComponent("parallelAxis", (axis, k) => {
      const spans = axis.activeIntervals;
      [state.low[k], state.high[k]] = spans.length ? [spans[0][0], spans[0][1]] : [-Infinity, Infinity];
    });
    changed("selection");
  });
  chart.on("click", (event) => { if (event.seriesIndex === 0) choose(event.dataIndex); });
  chart.redraw = draw;
  on("choice", draw);
  on("bounds", () => {
    own = true;
    for (let k = 0; k < p; k++) {
      const free = state.low[k] === -Infinity && state.high[k] === Infinity;
      const [low, high] = ends(k);
      chart.dispatchAction({ type: "axisAreaSelect", parallelAxisIndex: k,
        intervals: free ? [] : [[Math.max(low, state.low[k]), Math.min(high, state.high[k])]] });
    }
    own = false;
  });
  return chart;
}

/** Bounds as figures beside the brushes: for the keyboard, and for exact values. */
function drawBounds() {
  const inputs = data.objectives.map((o, k) => {
    const field = (side, key) => E("label", {}, T(key), E("input", { type: "number", step: "any",
      "aria-label": `${o.label}: ${T(key)}`, onchange: (event) => {
        const value = event.target.value === "" ? (side === "low" ? -Infinity : Infinity) : Number(event.target.value);
        state[side][k] = value;
        changed("bounds", "selection");
      } }));
    const low = field("low", "at_least"), high = field("high", "at_most");
    $("bounds").append(E("fieldset", {}, E("legend", {}, `${o.label} (${T(o.sense === "max" ? "more" : "less")})`), low, high));
    return [low.lastChild, high.lastChild];
  });
  on("selection", () => inputs.forEach(([low, high], k) => {
    const places = data.objectives[k].places;
    const text = (value) => (Number.isFinite(value) ? String(Number(value.toFixed(places + 1))) : "");
    if (document.activeElement !== low) low.value = text(state.low[k]);
    if (document.activeElement !== high) high.value = text(state.high[k]);
  }));
}

function drawMatrix() {
  const p = data.objectives.length, pairs = [];
  for (let i = 0; i < p; i++) for (let j = i + 1; j < p; j++) pairs.push([i, j]);
  const across = Math.min(pairs.length, window.innerWidth < 740 ? 1 : 3), down = Math.ceil(pairs.length / across);
  $("matrix").style.height = `${Math.max(1, down) * 19}rem`;
  const chart = echarts.init($("matrix"), null, { renderer: "canvas" });
  const all = data.portfolios.values;
  const label = { color: "#1d2329", hideOverlap: true, formatter: (value) => G(value) };
  chart.setOption({
    animation: false,
    grid: pairs.map((_, n) => ({ left: `${((n % across) * 100) / across + 7 / across + (across === 1 ? 8 : 0)}%`, width: `${(across === 1 ? 80 : 74) / across}%`,
      top: `${(Math.floor(n / across) * 100) / down + 4}%`, height: `${74 / down}%` })),
    xAxis: pairs.map(([i], n) => ({ gridIndex: n, min: ends(i)[0], max: ends(i)[1], name: axisName(i).replace("\n", ", "), nameLocation: "middle", nameGap: 26, nameTextStyle: { color: "#1d2329" }, axisLabel: { ...label, showMinLabel: false, showMaxLabel: false }, splitNumber: 4, splitLine: { show: false } })),
    yAxis: pairs.map(([, j], n) => ({ gridIndex: n, min: ends(j)[0], max: ends(j)[1], name: axisName(j).replace("\n", ", "), nameLocation: "middle", nameGap: 44, nameTextStyle: { color: "#1d2329" }, axisLabel: { ...label, showMinLabel: false, showMaxLabel: false }, splitNumber: 4, splitLine: { show: false } })),
  });
  const points = E("canvas", { class: "overlay", "aria-hidden": "true" }), pen = points.getContext("2d");
  chart.getDom().append(points);
  const marks = overlay(chart);
  /** Where the figures of a pair of objectives stand, by two corners of its grid; linear in between. */
  const frame = ([i, j], n) => {
    const [low, high] = [ends(i), ends(j)], [x0, y0] = chart.convertToPixel({ gridIndex: n }, [low[0], high[0]]), [x1, y1] = chart.convertToPixel({ gridIndex: n }, [low[1], high[1]]);
    return (values) => [x0 + ((values[i] - low[0]) / (low[1] - low[0])) * (x1 - x0), y0 + ((values[j] - high[0]) / (high[1] - high[0])) * (y1 - y0)];
  };
  let frames = pairs.map(frame);
  const scatter = () => {
    const ratio = window.devicePixelRatio || 1;
    points.width = chart.getWidth() * ratio;
    points.height = chart.getHeight() * ratio;
    pen.scale(ratio, ratio);
    const dots = (rows, size) => frames.forEach((at) => rows.forEach((row) => {
      const [x, y] = at(all[row]);
      pen.fillRect(x - size / 2, y - size / 2, size, size);
    }));
    pen.fillStyle = DIM;
    dots([...all.keys()].filter((row) => !state.keep[row]), 3);
    pen.fillStyle = DARK;
    pen.globalAlpha = 0.75;
    dots(state.rows, 5);
  };
  on("selection", scatter);
  const draw = () => {
    const values = shown().values;
    marks.replaceChildren(...pairs.map(([i, j], n) => {
      const [x, y] = chart.convertToPixel({ gridIndex: n }, [values[i], values[j]]);
      return E("path", { d: `M${x} ${y - 8}L${x + 8} ${y}L${x} ${y + 8}L${x - 8} ${y}Z`, fill: MARK, stroke: "#000" });
    }));
  };
  on("choice", draw);
  chart.getDom().addEventListener("click", (event) => {
    const box = chart.getDom().getBoundingClientRect(), [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let found = -1, least = 12;
    frames.forEach((at) => state.rows.forEach((row) => {
      const far = Math.hypot(at(all[row])[0] - x, at(all[row])[1] - y);
      if (far < least) [found, least] = [row, far];
    }));
    if (found >= 0) choose(found);
  });
  chart.redraw = () => { frames = pairs.map(frame); scatter(); draw(); };
  return chart;
}

/** Single projects: own growth against own value for the other objectives, with the lines of the money. */
function drawPlane() {
  const chart = echarts.init($("plane"), null, { renderer: "canvas" });
  const growth = data.objectives.findIndex((o) => o.name === "growth") < 0 ? 0 : data.objectives.findIndex((o) => o.name === "growth");
  const scale = data.objectives.map((o) => Math.max(1e-12, ...data.projects.map((p) => Math.abs(p.alone[o.name] ?? 0))));
  const worth = (project, k) => ((data.objectives[k].sense === "max" ? 1 : -1) * (project.alone[data.objectives[k].name] ?? 0)) / scale[k];
  const others = data.objectives.map((_, k) => k).filter((k) => k !== growth);
  const spots = data.projects.map((project, j) => [worth(project, growth), others.reduce((sum, k) => sum + worth(project, k), 0) / Math.max(1, others.length), j]);
  const most = Math.max(...data.limits.there.map((there) => data.limits.names.reduce((sum, name, l) => sum + (name.startsWith("budget ") ? there[l] : 0), 0)), 0);
  const line = (axis) => {
    let spent = 0;
    for (const spot of [...spots].sort((a, b) => b[axis] - a[axis])) {
      spent += data.projects[spot[2]].cost;
      if (spent > most) return spot[axis];
    }
    return null;
  };
  const marks = most ? [[line(0), "xAxis"], [line(1), "yAxis"]].filter(([at]) => at !== null).map(([at, axis]) => ({ [axis]: at, name: T("screening.budget") })) : [];
  const kinds = ["core", "borderline", "exterior"];
  chart.setOption({
    animation: false,
    legend: { top: 0, textStyle: { color: "#1d2329" } },
    grid: { left: 70, right: 40, top: 36, bottom: 48 },
    xAxis: { name: T("screening.x"), nameLocation: "middle", nameGap: 28, nameTextStyle: { color: "#1d2329" }, axisLabel: { color: "#1d2329" }, scale: true },
    yAxis: { name: T("screening.y"), nameLocation: "middle", nameGap: 44, nameTextStyle: { color: "#1d2329" }, axisLabel: { color: "#1d2329" }, scale: true },
    tooltip: { confine: true, renderMode: "richText", formatter: (event) => (event.data?.[2] === undefined ? event.name : data.projects[event.data[2]].name) },
    series: kinds.map((kind, n) => ({ type: "scatter", name: T(`class.${kind}`), symbol: ["rect", "circle", "path://M0,0L10,10M10,0L0,10"][n], symbolSize: n === 1 ? 10 : 9,
      itemStyle: n === 2 ? { color: "transparent", borderColor: "#7a2f00", borderWidth: 1.6 } : { color: n ? "#6aa79d" : "#0b3f38", borderColor: "#fff" },
      data: spots.filter((spot) => data.projects[spot[2]].class === kind),
      markLine: n ? undefined : { silent: true, symbol: "none", lineStyle: { color: "#333", type: "dashed" }, label: { formatter: T("screening.budget"), color: "#1d2329", position: "insideEndTop" }, data: marks } })),
  });
  return chart;
}
