// Draws every chart of the page from the options beside it, and again when the width changes or paper is asked for.
(() => {
  'use strict';
  const paperWidth = 686;
  const halfPaperWidth = 335;
  const charts = [];
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  // Paper, ink, rules and the alarm of charts, and what they become on a dark page.
  const darkOf = { '#ffffff': '#12181f', '#1f2933': '#e4e9ee', '#e4e7eb': '#3a4653', '#b03a00': '#ff9d66' };

  // A part of a page may have a mode of its own; a page of the site follows the system; a report file is paper.
  function isDark(box) {
    const own = box.closest('[data-theme]');
    return own ? own.dataset.theme === 'dark' : document.documentElement.classList.contains('site') && system.matches;
  }

  function optionOf(source, dark) {
    const text = dark ? source.textContent.replace(/#(ffffff|1f2933|e4e7eb|b03a00)/g, color => darkOf[color]) : source.textContent;
    const option = JSON.parse(text);
    if (dark) {
      for (const axis of [option.xAxis, option.yAxis]) {
        axis.axisLabel = { ...axis.axisLabel, color: '#a3b1bf' };
      }
      for (const scale of [option.visualMap ?? []].flat()) {
        scale.textStyle = { ...scale.textStyle, color: '#a3b1bf' };
      }
    }
    return option;
  }

  // Many cards are labeled by their hosts. A cell is named by its row and hour; drawn as text, never parsed.
  function nameCells(option, unit) {
    const rows = option.yAxis.data;
    const hosts = rows.map(name => name.split(' · ')[0]);
    if (new Set(hosts).size < rows.length && rows.length > 16) {
      option.yAxis.axisLabel.interval = index => index === 0 || hosts[index] !== hosts[index - 1];
      option.yAxis.axisLabel.formatter = name => name.split(' · ')[0];
      option.yAxis.axisLabel.hideOverlap = true;
    }
    const hours = option.xAxis.data;
    option.tooltip.formatter = cell => {
      const [hour, row, value] = cell.value;
      const use = cell.seriesIndex === 0 ? (value === null || Number.isNaN(value) ? '' : `${value}%`) : cell.seriesName;
      return `${rows[row]}\n${hours[hour]}${unit}  ${use}`;
    };
  }

  // Samples come at odd seconds; the axis counts hours.
  function nameHours(option) {
    const times = option.xAxis.data;
    const hourOf = time => time.slice(0, 2);
    option.xAxis.axisTick = { show: false };
    option.xAxis.axisLabel = { ...option.xAxis.axisLabel, interval: i => i === 0 || hourOf(times[i]) !== hourOf(times[i - 1]), formatter: hourOf };
  }

  // Long names leave a narrow chart too little room for its bars.
  function fit(chart, option, width) {
    if (width < 480 && option.yAxis.type === 'category') {
      const left = Math.min(option.grid.left, 92);
      const right = Math.min(option.grid.right, 60);
      chart.setOption({ grid: { left, right }, yAxis: { axisLabel: { width: left - 8, fontSize: 11 } } });
    } else if (option.yAxis.type === 'category') {
      chart.setOption({ grid: { left: option.grid.left, right: option.grid.right }, yAxis: { axisLabel: option.yAxis.axisLabel } });
    }
  }

  function draw(entry, dark) {
    const { box, chart } = entry;
    entry.dark = dark;
    entry.option = optionOf(entry.source, dark);
    if (box.dataset.kind === 'card-hour-heatmap') {
      nameCells(entry.option, ':00');
    } else if (box.dataset.kind === 'host-day-heatmap') {
      nameCells(entry.option, '');
    } else if (box.dataset.kind === 'card-samples') {
      nameHours(entry.option);
    }
    chart.setOption(entry.option, true);
  }

  for (const source of document.querySelectorAll('script[data-chart]')) {
    const box = document.getElementById(source.dataset.chart);
    const entry = { box, source, chart: echarts.init(box, null, { renderer: 'svg' }) };
    draw(entry, isDark(box));
    fit(entry.chart, entry.option, box.clientWidth);
    charts.push(entry);
  }

  function resize() {
    for (const entry of charts) {
      if (entry.dark !== isDark(entry.box)) {
        draw(entry, isDark(entry.box));
      }
      entry.chart.resize({ width: 'auto', height: 'auto' });
      fit(entry.chart, entry.option, entry.box.clientWidth);
    }
  }

  function resizeToPaper() {
    for (const entry of charts) {
      const { box, chart } = entry;
      const width = box.closest('.pairs') ? halfPaperWidth : paperWidth;
      if (entry.dark) {
        draw(entry, false); // Paper is always light.
      }
      chart.resize({ width, height: parseInt(box.style.height, 10) });
      fit(chart, entry.option, width);
      chart.getZr().flush(); // Paper does not wait for the next frame.
    }
  }

  let waiting = 0;
  let printing = false;
  window.addEventListener('resize', () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => (printing ? resizeToPaper() : resize()));
  });
  system.addEventListener('change', () => (printing ? undefined : resize()));
  window.addEventListener('beforeprint', () => {
    printing = true;
    resizeToPaper();
  });
  window.addEventListener('afterprint', () => {
    printing = false;
    resize();
  });

  // Behind each row of a large heat map are the cards of its hosts: chosen by key in the list, or by a click in the picture.
  const shades = ['#e6f0f9', '#d0e2f2', '#b5d2ea', '#93c2e1', '#6baed6', '#4a96c8', '#2f80bd', '#2171b5', '#17599f', '#0e4488', '#08306b'];

  function cellOf(mark, words, hour) {
    const cell = document.createElement('td');
    const percent = parseInt(mark, 16);
    if (/^[0-9a-f]{2}$/.test(mark) && percent <= 100) {
      cell.textContent = percent;
      cell.style.backgroundColor = shades[Math.round(percent / 10)];
      cell.style.color = percent >= 55 ? '#ffffff' : '#1f2933';
      cell.title = `${hour} ${percent}%`;
    } else {
      cell.className = { '??': 'unknown', mm: 'maintenance', xx: 'down' }[mark] ?? 'gone';
      cell.textContent = { '??': '?', mm: 'M', xx: '×' }[mark] ?? '';
      cell.title = `${hour} ${words[mark] ?? ''}`;
    }
    return cell;
  }

  function headOf(text, scope) {
    const head = document.createElement('th');
    head.scope = scope;
    head.textContent = text;
    return head;
  }

  function show(table, data, group) {
    const top = document.createElement('tr');
    top.append(headOf(group.name, 'col'), ...data.hours.map(hour => headOf(hour, 'col')));
    table.tHead.replaceChildren(top);
    table.tBodies[0].replaceChildren(...Object.entries(group.cards).map(([card, marks]) => {
      const row = document.createElement('tr');
      row.append(headOf(card, 'row'), ...data.hours.map((hour, i) => cellOf(marks.slice(2 * i, 2 * i + 2), data.words, hour)));
      return row;
    }));
  }

  for (const source of document.querySelectorAll('script[data-drill]')) {
    const box = document.getElementById(source.dataset.drill);
    const data = JSON.parse(source.textContent);
    const list = box.querySelector('select');
    const table = box.querySelector('table');
    const choose = index => {
      list.selectedIndex = index;
      show(table, data, data.groups[index]);
    };
    list.append(...data.groups.map(group => new Option(group.name)));
    list.addEventListener('change', () => choose(list.selectedIndex));
    const entry = charts.find(chart => chart.box.id === box.dataset.chart);
    entry?.chart.on('click', cell => {
      const found = data.groups.findIndex(group => group.row === entry.option.yAxis.data[cell.value[1]]);
      if (found >= 0) {
        choose(found);
        box.scrollIntoView({ block: 'nearest' });
      }
    });
    choose(0);
    box.hidden = false;
  }

  // In a file a number tells what it is and how to ask for its rows; on a page of the site it is a link to them.
  const dialog = document.getElementById('explain');
  function explain(event) {
    const number = event.target.closest?.('[role="button"][data-number]');
    if (number && (event.type === 'click' || event.key === 'Enter')) {
      const cell = number.closest('[data-cell]').dataset.cell;
      dialog.querySelector('#explain-cell').textContent = cell;
      dialog.querySelector('#explain-number').textContent = number.title;
      dialog.querySelector('code').textContent = `headroom explain ${document.body.dataset.report} '${cell}'`;
      dialog.showModal();
    }
  }
  if (dialog) {
    for (const number of document.querySelectorAll('span.figure[data-cell], .figure.large[data-cell] > .value')) {
      number.dataset.number = '';
      number.setAttribute('role', 'button');
      number.tabIndex = 0;
    }
    document.addEventListener('click', explain);
    document.addEventListener('keydown', explain);
  }
})();
