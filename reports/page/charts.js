"use strict";
// The charts of a load, drawn with uPlot from the figures that stand in the page; the tables below have the same ones.
(() => {
  const HEIGHT = 260;
  const COLOURS = { light: ["#0b5394", "#b3141e", "#17682f", "#7d5200", "#6b3fa0"], dark: ["#8ec1f5", "#ff9a9a", "#7fd492", "#f2c14e", "#cba8f5"] };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const drawn = [];

  const draw = (figure) => {
    const plot = figure.querySelector(".plot");
    const chart = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink"), line = style.getPropertyValue("--line");
    const colours = COLOURS[dark.matches ? "dark" : "light"];
    const named = chart.labels.length > 0;
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    const said = (at) => (named ? chart.labels[at] ?? "" : at);
    const across = { ...axis, label: chart.across, values: (_, at) => at.map((one) => (Number.isInteger(one) || !named ? said(one) : "")) };
    const names = Object.keys(chart.lines);
    const options = {
      width: plot.clientWidth, height: HEIGHT, padding: [null, named ? 60 : null, null, null], scales: { x: { time: false } },
      axes: [across, { ...axis, label: chart.unit, size: 70 }],
      series: [{ label: chart.across, value: (_, at) => (at == null ? "–" : said(at)) }, ...names.map((label, at) => ({
        label, stroke: colours[at % colours.length], width: 2, spanGaps: true, dash: at % 2 ? [6, 3] : undefined,
        points: { show: chart.x.length < 40 },
      }))],
    };
    plot.replaceChildren();
    return [figure, new uPlot(options, [chart.x, ...names.map((name) => chart.lines[name])], plot)];
  };

  const redraw = () => { drawn.splice(0, drawn.length, ...[...document.querySelectorAll("[data-chart]")].map(draw)); };
  dark.addEventListener("change", redraw);
  addEventListener("resize", () => drawn.forEach(([figure, plot]) => {
    plot.setSize({ width: figure.querySelector(".plot").clientWidth, height: HEIGHT });
  }));
  redraw();
})();
