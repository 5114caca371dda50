"use strict";
// The charts above the tables of Roomcheck's tabs in Locust's web UI, which has no way of its own to add one. They stand
// beside what its front-end renders, and never inside it.
(() => {
  const EVERY_MS = 2000, HEIGHT = 220;
  const host = document.createElement("section");
  host.className = "roomcheck-charts";
  host.setAttribute("aria-label", "Charts of the run");
  let charts = {}, shown = "", frame = "", drawn = [];

  const tab = () => document.querySelector("[role=tab][aria-selected=true]")?.textContent.trim() ?? "";

  // Between the row of tabs and the table below it.
  const place = () => {
    let row = document.querySelector("[role=tablist]");
    while (row?.parentElement && !row.parentElement.querySelector("table")) row = row.parentElement;
    if (row?.parentElement && row.nextElementSibling !== host) row.after(host);
  };

  const look = () => {
    const style = getComputedStyle(document.body);
    const [red, green, blue] = style.backgroundColor.match(/\d+/g).map(Number);
    const dark = red + green + blue < 384;
    return { dark, ink: style.color, line: dark ? "#454545" : "#dddddd", height: HEIGHT };
  };

  const draw = () => {
    const found = charts[tab()] ?? [], looks = look();
    // What is drawn already only takes the new figures: whoever points at it goes on pointing at it.
    const wanted = JSON.stringify([looks, host.clientWidth, found.map((chart) => [chart.title, Object.keys(chart.lines), chart.labels])]);
    if (wanted === frame) {
      found.forEach((chart, at) => drawn[at].setData([chart.x, ...Object.values(chart.lines)]));
      return;
    }
    frame = wanted;
    drawn.forEach((plot) => plot.destroy());
    host.replaceChildren(...found.map((chart) => {
      const figure = document.createElement("figure"), title = document.createElement("figcaption"), plot = document.createElement("div");
      title.textContent = chart.title;
      figure.append(title, plot);
      return figure;
    }));
    // A plot takes its width from the page.
    drawn = found.map((chart, at) => roomcheckPlot(chart, host.children[at].lastChild, looks));
  };

  const renew = async () => {
    const now = tab();
    if (document.visibilityState !== "visible" || !TABS.includes(now)) return;
    const answer = await fetch("./rooms-charts.json");
    if (!answer.ok || tab() !== now) return;
    charts = await answer.json();
    draw();
  };

  const follow = () => {
    const now = tab();
    host.hidden = !TABS.includes(now);
    if (host.hidden) { shown = now; return; }
    place();
    if (shown !== now) { shown = now; draw(); renew(); }
  };

  new MutationObserver((changes) => {
    if (changes.some((change) => !host.contains(change.target))) follow();
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-selected"] });
  addEventListener("resize", () => { if (!host.hidden) draw(); });
  setInterval(() => renew().catch(() => {}), EVERY_MS);  // A run that ends takes its answers with it.
  follow();
})();
