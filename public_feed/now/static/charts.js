// Opened, a chart becomes one that can be read at each time, by pointer, finger or keys. Its figures are the table's
// beside it; without scripts the drawing stays. uPlot is loaded only now: the first view does without. No words here.

const HOUR_S = 3600;
const QUARTER_S = 900;
const MINUTE_S = 60;
const HEIGHT_PX = 224;
const SCALE_MIN = 15;
/* Of a quarter's width. */
const BAR = 0.8;
const MARK_PX = 2;
const vendored = (file) => new URL(`../web/vendor/uplot/${file}`, import.meta.url).href;

let loading;

function load() {
  loading ??= new Promise((done, failed) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: vendored("uPlot.min.css") });
    link.addEventListener("load", () => import(vendored("uPlot.esm.js")).then((module) => done(module.default), failed));
    link.addEventListener("error", failed);
    document.head.append(link);
  });
  return loading;
}

/** One record a row: seconds as x, minutes as figures, and what the row says. */
function moments(details) {
  return [...details.querySelectorAll("[data-moments] tr")].map((row) => {
    const minutes = (text) => (text ? Number(text) / MINUTE_S : null);
    const [low, middle, high] = (row.dataset.usual ?? "").split(" ").map(minutes);
    const said = (of) => row.querySelector(`[data-of="${of}"]`)?.textContent ?? "";
    return {
      at: Number(row.dataset.at),
      low: low ?? null,
      middle: middle ?? null,
      high: high ?? null,
      today: minutes(row.dataset.today),
      said: { time: said("time"), usual: row.dataset.usual ? said("usual") : "", today: row.dataset.today ? said("today") : "" },
    };
  });
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--chart-${name}`).trim();

/** Beneath the line of today: what is usual, from the 10 to the 90 % point, and the best time. */
function paintUsual(plot, records, best) {
  const { ctx } = plot;
  const x = (seconds) => plot.valToPos(seconds, "x", true);
  const y = (minutes) => plot.valToPos(minutes, "y", true);
  const column = (record, top, bottom) => {
    const left = x(record.at);
    ctx.fillRect(left, top, (x(record.at + QUARTER_S) - left) * BAR, bottom - top);
  };
  ctx.save();
  for (const record of records.filter(({ high }) => high !== null)) {
    if (record.at === best) {
      ctx.fillStyle = colour("best");
      column(record, plot.bbox.top, plot.bbox.top + plot.bbox.height);
    }
    ctx.fillStyle = colour("bar");
    column(record, Math.min(y(record.high), y(record.low) - MARK_PX), y(record.low));
    ctx.fillStyle = colour("mark");
    column(record, y(record.middle) - MARK_PX, y(record.middle) + MARK_PX);
  }
  ctx.restore();
}

function options(records, best, width, pointed) {
  const first = Math.floor(records[0].at / HOUR_S) * HOUR_S;
  const last = Math.ceil((records.at(-1).at + QUARTER_S) / HOUR_S) * HOUR_S;
  const most = Math.max(...records.map(({ high, today }) => Math.max(high ?? 0, today ?? 0)));
  const hours = records.filter(({ at }) => at % HOUR_S === 0);
  const wide = hours.length > width / 40 ? 2 : 1;
  const axis = { stroke: () => colour("text"), font: `14px ${getComputedStyle(document.body).fontFamily}` };
  const grid = { stroke: () => colour("line"), width: 1 };
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false, range: [first, last] }, y: { range: [0, Math.max(1, Math.ceil(most / SCALE_MIN)) * SCALE_MIN] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        ticks: grid,
        splits: () => hours.filter((_, n) => n % wide === 0).map(({ at }) => at),
        values: (_, splits) => splits.map((at) => parseInt(hours.find((record) => record.at === at).said.time, 10)),
      },
      { ...axis, grid, ticks: { show: false }, size: 40 },
    ],
    series: [{}, { stroke: () => colour("today"), width: 3, points: { size: 7, fill: () => colour("today") } }],
    hooks: { drawClear: [(plot) => paintUsual(plot, records, best)], setCursor: [(plot) => pointed(plot.cursor.idx)] },
  };
}

function say(reading, record) {
  for (const [of, text] of Object.entries(record.said)) {
    reading.querySelector(`[data-said="${of}"]`).textContent = text;
    const whole = reading.querySelector(`[data-said-of="${of}"]`);
    if (whole) whole.hidden = !text;
  }
}

export async function draw(details) {
  const Plot = await load();
  const records = moments(details);
  const area = details.querySelector("[data-chart-area]");
  const reading = details.querySelector("[data-reading]");
  const time = reading.querySelector("input");
  const drawn = area.querySelector("svg");

  const choose = (index) => {
    if (index === null || index === undefined) return;
    time.value = index;
    say(reading, records[index]);
    time.setAttribute("aria-valuetext", reading.querySelector("p").innerText.replace(/\s+/g, " "));
  };
  const data = [records.map(({ at }) => at), records.map(({ today }) => today)];
  const plot = new Plot(options(records, Number(details.dataset.chart), area.clientWidth, choose), data);
  const point = () => plot.setCursor({ left: plot.valToPos(records[time.value].at, "x"), top: 0 }, false);

  area.setAttribute("role", "img");
  area.setAttribute("aria-label", drawn.getAttribute("aria-label"));
  area.replaceChildren(plot.root);
  area.nextElementSibling.hidden = true;
  reading.hidden = false;
  const go = (index) => {
    choose(index);
    point();
  };
  time.addEventListener("input", () => go(Number(time.value)));
  new ResizeObserver(() => area.clientWidth && plot.setSize({ width: area.clientWidth, height: HEIGHT_PX })).observe(area);
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", () => plot.redraw());
  }
  /* uPlot has its scales only when it has drawn. */
  requestAnimationFrame(() => go(Math.max(0, records.findLastIndex(({ at }) => at <= Number(details.dataset.now)))));
}
