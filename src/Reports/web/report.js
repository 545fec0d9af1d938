// Draws every chart of the page from the options beside it, and again when the width changes or paper is asked for.
(() => {
  'use strict';
  const paperWidth = 686;
  const charts = [];

  // A heat map's cell is named by its row and hour; drawn as text, never parsed.
  function nameCells(option) {
    const rows = option.yAxis.data;
    const hours = option.xAxis.data;
    option.tooltip.formatter = cell => {
      const [hour, row, value] = cell.value;
      const use = cell.seriesIndex === 0 ? (value === null || Number.isNaN(value) ? '' : `${value}%`) : cell.seriesName;
      return `${rows[row]}\n${hours[hour]}:00  ${use}`;
    };
  }

  // Long names leave a narrow chart too little room for its bars.
  function fit(chart, option, width) {
    if (width < 480 && option.yAxis.type === 'category') {
      const left = Math.min(option.grid.left, 88);
      const right = Math.min(option.grid.right, 60);
      chart.setOption({ grid: { left, right }, yAxis: { axisLabel: { width: left - 8, fontSize: 11 } } });
    } else if (option.yAxis.type === 'category') {
      chart.setOption({ grid: { left: option.grid.left, right: option.grid.right }, yAxis: { axisLabel: option.yAxis.axisLabel } });
    }
  }

  for (const source of document.querySelectorAll('script[data-chart]')) {
    const box = document.getElementById(source.dataset.chart);
    const option = JSON.parse(source.textContent);
    if (box.dataset.kind === 'card-hour-heatmap') {
      nameCells(option);
    }
    const chart = echarts.init(box, null, { renderer: box.dataset.renderer, devicePixelRatio: Math.max(2, window.devicePixelRatio || 1) });
    chart.setOption(option);
    fit(chart, option, box.clientWidth);
    charts.push({ box, chart, option });
  }

  function resize(width) {
    for (const { box, chart, option } of charts) {
      chart.resize(width ? { width } : { width: 'auto' });
      fit(chart, option, width || box.clientWidth);
    }
  }

  let waiting = 0;
  window.addEventListener('resize', () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => resize());
  });
  window.addEventListener('beforeprint', () => resize(paperWidth));
  window.addEventListener('afterprint', () => resize());
})();
