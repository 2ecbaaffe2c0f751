// Money: what the portfolio shown uses of each budget and limit, and which of them bind.

function limitName(name) {
  const budget = /^budget (.*), period (\d+)$/.exec(name);
  if (budget) return data.region.periods.length > 1 ? `${budget[1]}, ${periodOf(Number(budget[2]))}` : budget[1];
  const plain = name.replaceAll("_", " ");
  const kind = Object.keys(words).find((key) => key.startsWith("limit.") && plain.startsWith(key.slice(6)));
  return kind ? words[kind] + plain.slice(kind.length - 6) : plain;
}

function drawMoney() {
  const { names, used, there } = data.limits;
  const lines = names.map((name, l) => [name, l]).filter(([, l]) => used.some((row) => row[l] > 0));
  if (!lines.length) { $("money").hidden = true; return; }
  const share = (row, l) => (there[row][l] > 0 ? used[row][l] / there[row][l] : used[row][l] > 0 ? 1 : 0);
  const parts = lines.map(([name, l]) => {
    const bar = E("i", {}), span = E("b", {}), amount = E("span", { class: "amount" });
    $("limits").append(E("div", { class: "limit" }, E("span", { class: "name" }, limitName(name)), E("div", { class: "track", "aria-hidden": "true" }, bar, span), amount));
    return [l, bar, span, amount];
  });
  on("choice selection", () => {
    const row = state.chosen;
    parts.forEach(([l, bar, span, amount]) => {
      const rows = state.rows.length ? state.rows : [...used.keys()];
      const shares = rows.map((other) => Math.min(1, Math.max(0, share(other, l))));
      const low = Math.min(...shares), high = Math.max(...shares);
      span.style.left = `${100 * low}%`; span.style.width = `${Math.max(0.4, 100 * (high - low))}%`;
      const mine = row < 0 ? null : share(row, l);
      bar.style.width = `${100 * Math.min(1, Math.max(0, mine ?? 0))}%`;
      bar.className = mine >= 0.999 ? "full" : "";
      amount.textContent = mine === null ? "" : `${G(used[row][l])} / ${G(there[row][l])}${mine >= 0.999 ? ` · ${T("money.binds")}` : ""}`;
    });
    const often = lines.map(([name, l]) => [name, state.rows.filter((other) => share(other, l) >= 0.99).length]).filter(([, n]) => n).sort((a, b) => b[1] - a[1]);
    $("binding").textContent = often.length ? `${T("money.binds")}: ${often.slice(0, 6).map(([name, n]) => `${limitName(name)} (${n} / ${state.rows.length})`).join("; ")}` : "";
  });
}
