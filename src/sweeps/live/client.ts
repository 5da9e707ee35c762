// The script of the live page, as text for browsers: plain JavaScript, no build step, nothing fetched from elsewhere.

/** JavaScript of the live page. */
export const CLIENT = `"use strict";
(() => {
  const about = JSON.parse(document.body.dataset.about);
  const byId = (id) => document.getElementById(id);
  const HEIGHT = 26;
  const state = {};
  let charts = {};

  const number = (value) => {
    if (typeof value === "string") return value;
    if (value === null || value === undefined) return "";
    if (Number.isInteger(value)) return String(value).replace(/\\B(?=(\\d{3})+$)/g, "\\u202f");
    const size = Math.abs(value);
    return size >= 1e-4 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(3);
  };
  const duration = (seconds) => {
    const s = Math.ceil(seconds);
    if (s < 60) return s + " s";
    if (s < 3600) return Math.floor(s / 60) + " min " + (s % 60) + " s";
    return Math.floor(s / 3600) + " h " + Math.round((s % 3600) / 60) + " min";
  };

  function facts(status) {
    const { counts, rows, trials, best, pace, rungs } = status;
    const words = Object.entries(counts).filter(([name, n]) => n > 0 || name === "ok");
    const list = [
      ["state", status.state],
      ["trials", number(trials.done) + " of " + number(trials.total)],
      ["rows", number(rows.done) + " of " + number(rows.total)],
      ...words.map(([name, n]) => [name, number(n)]),
      ["best " + about.metric.name, best === null ? "none yet" : number(best.value) + " (trial " + best.trial + ")"],
      ...(rungs.length > 1 ? [["rung", String(rungs.length)]] : []),
      ["speed", pace && pace.rate !== null ? number(pace.rate) + " rows/s" : "–"],
      ["to go", pace && pace.remaining !== null ? duration(pace.remaining) : "–"],
    ];
    byId("facts").replaceChildren(...list.map(([name, text]) => {
      const box = document.createElement("div");
      const term = document.createElement("dt");
      const value = document.createElement("dd");
      term.textContent = name;
      value.textContent = text;
      value.id = "fact-" + name.split(" ")[0];
      box.append(term, value);
      return box;
    }));
    const part = rows.total === 0 ? 100 : (100 * rows.done) / rows.total;
    byId("bar").firstElementChild.style.width = part + "%";
    byId("bar").setAttribute("aria-valuenow", part.toFixed(1));
    document.title = Math.floor(part) + " % " + status.name;
  }

  const finite = (values) => values.map((value) => (typeof value === "number" ? value : null));
  const width = (id) => byId(id).clientWidth - 18;
  const axis = (label) => ({ label, stroke: "#222", grid: { stroke: "#eee", width: 1 }, ticks: { stroke: "#ccc" }, font: "12px Liberation Sans, Arial", labelFont: "12px Liberation Sans, Arial" });

  function chart(id, options, data, key) {
    const old = charts[id];
    if (old && old.key === key) { old.plot.setData(data); return; }
    if (old) old.plot.destroy();
    const size = { width: Math.max(200, width(id)), height: id === "history" ? 280 : 150 };
    charts[id] = { key, plot: new uPlot({ ...size, ...options, legend: { show: false }, cursor: { show: false } }, data, byId(id)) };
  }

  function history({ trial, quantiles, best }) {
    const data = [trial, ...quantiles.map(finite), finite(best)];
    const values = data.slice(1).flat().filter((value) => value !== null);
    const low = Math.min(...values), high = Math.max(...values);
    const isLog = low > 0 && high / low > 8;
    const color = "#0072B2";
    const line = (stroke, width) => ({ stroke, width, points: { show: trial.length < 3 } });
    chart("history", {
      scales: { x: { time: false }, y: { distr: isLog ? 3 : 1 } },
      axes: [axis("trial"), { ...axis(about.metric.name + (isLog ? " (log)" : "")), size: 64, values: (_, splits) => splits.map(number) }],
      series: [{}, line(color + "30", 1), line(color + "60", 1), line(color, 2), line(color + "60", 1), line(color + "30", 1), line("#D55E00", 2)],
      bands: [{ series: [5, 1], fill: color + "18" }, { series: [4, 2], fill: color + "28" }],
    }, data, String(isLog) + (trial.length < 3));
  }

  function speed({ end, rates }) {
    const unit = end > 7200 ? [3600, "h"] : end > 300 ? [60, "min"] : [1, "s"];
    const x = rates.map((_, k) => ((k + 0.5) * end) / rates.length / unit[0]);
    chart("speed", {
      scales: { x: { time: false }, y: { range: (_, low, high) => [0, (high || 1) * 1.05] } },
      axes: [axis("time since the first batch (" + unit[1] + ")"), { ...axis("rows per second (1/s)"), size: 64 }],
      series: [{}, { stroke: "#009E73", width: 1.5, fill: "#009E7322", points: { show: false } }],
    }, [x, finite(rates)], unit[1]);
  }

  const columns = ["rank", "trial", about.metric.name, "steps", ...about.parameters];
  function line(cells) {
    const row = document.createElement("div");
    row.className = "row";
    row.append(...cells.map((text) => {
      const cell = document.createElement("span");
      cell.textContent = text;
      cell.title = text;
      return cell;
    }));
    return row;
  }
  byId("head").append(...line(columns.map((name) => name.slice(name.lastIndexOf(".") + 1))).children);

  let asked = "";
  async function table() {
    const { count, version } = state.ranking;
    const view = byId("table");
    byId("space").style.height = count * HEIGHT + "px";
    const from = Math.max(0, Math.floor(view.scrollTop / HEIGHT) - 8);
    const shown = Math.ceil(view.clientHeight / HEIGHT) + 16;
    const wanted = from + "+" + shown + "@" + version;
    if (wanted === asked) return;
    asked = wanted;
    try {
      const rows = await (await fetch("rows?from=" + from + "&count=" + shown)).json();
      if (asked !== wanted) return;
      byId("space").replaceChildren(...rows.map((row) => {
        const shown = line([row.rank, row.trial, row.value, row.steps].map(number).concat(about.parameters.map((name) => {
          const value = row.parameters[name];
          return typeof value === "number" ? number(value) : value === null || value === undefined ? "" : String(value);
        })));
        shown.style.top = (row.rank - 1) * HEIGHT + "px";
        return shown;
      }));
    } catch { asked = ""; }
  }
  byId("table").addEventListener("scroll", () => { if (state.ranking) void table(); });

  function show(parts) {
    Object.assign(state, parts);
    if (parts.status) facts(parts.status);
    if (parts.history && parts.history.trial.length > 0) history(parts.history);
    if (parts.speed && parts.speed.end > 0) speed(parts.speed);
    if (parts.ranking) void table();
    const left = state.status.rows.done - (state.read || 0);
    byId("history-note").textContent = "median, quartiles, 5 and 95 % of the trials; orange: best so far (" + about.metric.goal + "d)" + (left > 0 ? "; reading, " + number(left) + " rows to go" : "");
    byId("trouble").hidden = !state.trouble;
    byId("trouble").textContent = state.trouble || "";
  }
  byId("history-title").textContent = "History of " + about.metric.name;

  function connect() {
    const source = new EventSource("events");
    const link = byId("link");
    source.onopen = () => { link.textContent = "live"; link.className = ""; asked = ""; };
    source.onerror = () => {
      link.textContent = "connection lost, trying again";
      link.className = "lost";
      // The browser comes back by itself, except after an answer that was an error.
      if (source.readyState === EventSource.CLOSED) { source.close(); setTimeout(connect, 1000); }
    };
    for (const name of ["snapshot", "delta"]) source.addEventListener(name, (event) => show(JSON.parse(event.data)));
  }
  addEventListener("resize", () => {
    for (const [id, { plot }] of Object.entries(charts)) plot.setSize({ width: Math.max(200, width(id)), height: plot.height });
  });
  connect();
})();
`;
