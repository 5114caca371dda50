"use strict";
// How a chart is drawn with uPlot, in a report and in Locust's web UI: axes with units, from 0, one colour and dash a line.
const roomcheckPlot = (chart, plot, { dark, ink, line, height }) => {
  const COLOURS = dark ? ["#8ec1f5", "#f2c14e", "#7fd492", "#cba8f5", "#ffb38a"] : ["#0b5394", "#7d5200", "#17682f", "#6b3fa0", "#a3450c"];
  const BOUND = dark ? "#ff9a9a" : "#b3141e";
  const named = chart.labels.length > 0;
  const names = Object.keys(chart.lines);
  const bounds = chart.bounds ?? [];
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const said = (at) => (named ? chart.labels[at] ?? "" : at);
  const across = { ...axis, label: chart.across, values: (_, at) => at.map((one) => (Number.isInteger(one) || !named ? said(one) : "")) };
  const drawn = (label, at) => (bounds.includes(label)
    ? { label, stroke: BOUND, width: 2, dash: [3, 4], points: { show: false } }
    : { label, stroke: COLOURS[at % COLOURS.length], width: 2, spanGaps: true, dash: at % 2 ? [6, 3] : undefined, points: { show: chart.x.length < 40 } });
  const options = {
    width: plot.clientWidth, height, padding: [null, named ? 60 : null, null, null],
    scales: { x: { time: false }, y: { range: (_, least, most) => [Math.min(0, least ?? 0), most > 0 ? most * 1.05 : 1] } },
    axes: [across, { ...axis, label: chart.unit, size: 70 }],
    series: [{ label: chart.across, value: (_, at) => (at == null ? "–" : said(at)) }, ...names.map(drawn)],
  };
  plot.replaceChildren();
  return new uPlot(options, [chart.x, ...names.map((name) => chart.lines[name])], plot);
};
