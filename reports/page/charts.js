"use strict";
// The charts of a load, drawn with uPlot from the figures that stand in the page; the tables below have the same ones.
(() => {
  const HEIGHT = 260;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const drawn = [];

  const draw = (figure) => {
    const chart = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const style = getComputedStyle(document.documentElement);
    const look = { dark: dark.matches, ink: style.getPropertyValue("--ink"), line: style.getPropertyValue("--line"), height: HEIGHT };
    return [figure, roomcheckPlot(chart, figure.querySelector(".plot"), look)];
  };

  const redraw = () => { drawn.splice(0, drawn.length, ...[...document.querySelectorAll("[data-chart]")].map(draw)); };
  dark.addEventListener("change", redraw);
  addEventListener("resize", () => drawn.forEach(([figure, plot]) => {
    plot.setSize({ width: figure.querySelector(".plot").clientWidth, height: HEIGHT });
  }));
  redraw();
})();
