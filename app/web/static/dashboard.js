// Charts drawn from the tables beside them: the table holds the numbers, the chart only shows them.
(() => {
  "use strict";
  if (!window.echarts) return;
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const INK = colour("--ds-ink-2");
  const LINE = colour("--ds-line");
  const SERIES = ["#2f6299", "#a9c4de", "#c98a18", "#8b95a1"];
  const DEPTHS = ["#f6f7f9", "#e6eff7", "#c3d8ea", "#8fb3d3", "#2f6299"];
  const FONT = { fontFamily: getComputedStyle(document.body).fontFamily, color: INK };

  const read = (table) => {
    const heads = [...table.querySelectorAll("thead th")];
    const shown = heads.map((head, place) => [head, place]).filter(([head]) => head.hasAttribute("data-series"));
    const rows = [...table.querySelectorAll("tbody tr")].filter((row) => row.querySelector("th"));
    const number = (row, place) => Number(row.children[place].textContent.replace(/[^\d.]/g, "")) || 0;
    return {
      names: rows.map((row) => row.querySelector("th").textContent),
      series: shown.map(([head, place]) => ({ name: head.textContent, data: rows.map((row) => number(row, place)) })),
      rows,
      number,
    };
  };

  const bars = (found, holder) => {
    const beside = holder.hasAttribute("data-beside");
    return {
      textStyle: FONT,
      color: SERIES,
      legend: { show: found.series.length > 1, top: 0, right: 0, textStyle: FONT },
      grid: { left: 8, right: 48, top: 36, bottom: 8, containLabel: true },
      xAxis: { type: "value", minInterval: 1, axisLabel: FONT, splitLine: { lineStyle: { color: LINE } } },
      yAxis: { type: "category", data: found.names, inverse: true, axisLabel: FONT, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } } },
      series: found.series.map((each) => ({ ...each, type: "bar", stack: beside ? undefined : "all", barMaxWidth: 22 })),
    };
  };

  const map = (found, holder) => {
    const tiles = found.rows.filter((row) => Number(row.dataset.column));
    const side = Math.floor(Math.min(holder.clientWidth / 6.6, holder.clientHeight / 5.6));
    const label = (row) => {
      const late = found.number(row, 2);
      return `${row.querySelector("th").textContent}\n${found.number(row, 1)}${late ? `  (${late})` : ""}`;
    };
    return {
      textStyle: FONT,
      grid: { left: side / 2 + 4, right: side / 2 + 4, top: side / 2 + 4, bottom: side / 2 + 4 },
      xAxis: { type: "value", min: 1, max: 6, show: false },
      yAxis: { type: "value", min: 1, max: 5, inverse: true, show: false },
      series: [{
        type: "scatter",
        symbol: "roundRect",
        symbolSize: side - 6,
        silent: true,
        data: tiles.map((row) => ({
          value: [Number(row.dataset.column), Number(row.dataset.row)],
          itemStyle: { color: DEPTHS[Number(row.dataset.depth)], borderColor: "#c9d7e5", borderWidth: 1 },
          label: { show: true, formatter: label(row), color: Number(row.dataset.depth) > 3 ? "#fff" : "#1b2129", lineHeight: 18, fontFamily: FONT.fontFamily },
        })),
      }],
    };
  };

  const DRAW = { bars, map };
  for (const holder of document.querySelectorAll("[data-chart]")) {
    const found = read(document.getElementById(holder.dataset.table));
    if (found.series.length && !found.series.some((each) => each.data.some(Boolean))) continue;  // nothing to draw yet
    holder.textContent = " ";
    const chart = window.echarts.init(holder, null, { renderer: "canvas" });
    const draw = () => { chart.resize(); chart.setOption({ animation: false, ...DRAW[holder.dataset.chart](found, holder) }, true); };
    draw();
    window.addEventListener("resize", draw);
  }
})();
