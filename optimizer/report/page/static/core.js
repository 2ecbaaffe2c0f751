"use strict";
// Core: the data of the page, its words and figures, what is selected, and who is told when that changes.

const $ = (id) => document.getElementById(id);
let data, words, starts;
const state = { keep: [], low: [], high: [], pinned: new Set(), banned: new Set(), chosen: 0, live: null };
const listeners = [];

async function unpacked(id) {
  const bytes = Uint8Array.from(atob($(id).textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The text of a key in the language of the page, its places filled in. */
function T(key, places = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => places[name] ?? "");
}

const figures = new Map();
function F(value, places = 0, signed = false) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const key = places + (signed ? "+" : "");
  if (!figures.has(key)) figures.set(key, new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: places, maximumFractionDigits: places, signDisplay: signed ? "exceptZero" : "auto" }));
  return figures.get(key).format(value);
}
/** A figure with as many decimals as its size needs. */
const G = (value) => F(value, Number.isInteger(value) ? 0 : Math.abs(value) >= 100 ? 1 : 2);
/** A share; 0 % and 100 % only where they are exact. */
function P(share) {
  if (share > 0 && share < 0.01) return "<1 %";
  if (share > 0.99 && share < 1) return ">99 %";
  return `${F(share * 100)} %`;
}
/** A bound in per cent, rounded up so that it never promises too much. */
const upTo = (share) => `${F(Math.ceil(Math.round(share * 1e6) / 100) / 100, 2).replace(/[.,]?0+$/, "")} %`;

/** An element with attributes and children; text stays text. */
function E(tag, attributes = {}, ...children) {
  const svg = ["svg", "circle", "line", "text", "g", "rect", "title", "path"].includes(tag) && attributes.svg !== false;
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined && name !== "svg") element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A table; a column is [heading, "figure" or ""], a cell is text, an element, or [text, class]. */
function table(columns, rows, caption) {
  const cell = (content, kind) => Array.isArray(content)
    ? E("td", { class: [kind, content[1]].filter(Boolean).join(" ") || null }, content[0])
    : E("td", { class: kind || null }, content ?? "");
  return E("table", {}, caption ? E("caption", { class: "small" }, caption) : null,
    columns.every(([heading]) => heading) ? E("thead", {}, E("tr", {}, columns.map(([heading, kind]) => E("th", { scope: "col", class: kind || null }, heading)))) : null,
    E("tbody", {}, rows.map((row) => E("tr", {}, row.map((content, i) => cell(content, columns[i][1]))))));
}

const better = (k, a, b) => (data.objectives[k].sense === "max" ? a - b : b - a);
const withUnit = (k, value, signed = false) =>
  `${F(value, data.objectives[k].places, signed)}${data.objectives[k].unit ? ` ${data.objectives[k].unit}` : ""}`;
const count = () => data.portfolios.values.length;
const startOf = (row, project) => starts[row * data.projects.length + project];

/** The portfolio that is shown: a listed one, or the one solved live. */
function shown() {
  if (state.chosen === -1) return state.live;
  const row = state.chosen;
  return { number: data.portfolios.numbers[row], values: data.portfolios.values[row],
    starts: data.projects.map((_, j) => startOf(row, j)), stands: data.portfolios.stands_for[row] ?? "" };
}

/** Which portfolios lie within the bounds and agree with the pinned and banned projects. */
function select() {
  const inside = [...state.pinned].map(placeOf), outside = [...state.banned].map(placeOf);
  state.keep = data.portfolios.values.map((values, row) =>
    values.every((value, k) => value >= state.low[k] && value <= state.high[k])
    && inside.every((j) => startOf(row, j)) && outside.every((j) => !startOf(row, j)));
  state.rows = [...state.keep.keys()].filter((row) => state.keep[row]);
}
const placeOf = (project) => data.projects.findIndex((p) => p.id === project);

let waiting = false;
const changes = new Set();
/** Say that something changed: "selection", "choice" or "wish"; everybody draws once, in the next frame. */
function changed(...what) {
  what.forEach((one) => changes.add(one));
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const now = new Set(changes);
    changes.clear();
    if (now.has("selection")) select();
    const began = performance.now();
    listeners.forEach(([kinds, draw]) => { if (kinds.some((kind) => now.has(kind))) draw(now); });
    document.body.dataset.drawn = (performance.now() - began).toFixed(1);
  });
}
const on = (kinds, draw) => listeners.push([kinds.split(" "), draw]);

function choose(row) {
  state.chosen = row;
  changed("choice");
}
function decide(project, side) {
  const other = side === state.pinned ? state.banned : state.pinned;
  other.delete(project);
  if (!side.delete(project)) side.add(project);
  changed("selection", "wish");
}
