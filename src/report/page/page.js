"use strict";
(() => {
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const results = JSON.parse(byId("results").textContent);
const grid = results.grid;
const narrow = matchMedia("(max-width: 40rem)");
const touch = matchMedia("(pointer: coarse)");
const dark = matchMedia("(prefers-color-scheme: dark)");

// ---- numbers and texts out of the page

const bytes = (id) => {
  const text = atob(byId(id).textContent);
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) out[i] = text.charCodeAt(i);
  return out;
};

const columns = new Map();
const column = (entry) => {
  if (entry.column === null) return null;
  if (!columns.has(entry.column)) {
    const stored = new Float32Array(bytes(`column-${entry.column}`).buffer);
    const { offset } = entry;
    columns.set(entry.column, offset ? Float64Array.from(stored, (value) => value + offset) : stored);
  }
  return columns.get(entry.column);
};

// Inflates a gzip member where the browser has no DecompressionStream (RFC 1951 and 1952).
const inflate = (input) => {
  let at = 10;
  const flags = input[3];
  if (flags & 4) at += 2 + input[at] + 256 * input[at + 1];
  for (const flag of [8, 16]) if (flags & flag) while (input[at++] !== 0);
  if (flags & 2) at += 2;
  const end = input.length;
  const size = new DataView(input.buffer).getUint32(end - 4, true);
  const out = new Uint8Array(size);
  let filled = 0, bit = 0;
  const bits = (count) => {
    let value = 0;
    for (let i = 0; i < count; ++i) {
      value |= ((input[at] >> bit) & 1) << i;
      if (++bit === 8) { bit = 0; ++at; }
    }
    return value;
  };
  const table = (lengths) => {
    const counts = new Uint16Array(16), first = new Uint16Array(16), symbols = new Uint16Array(lengths.length);
    for (const length of lengths) ++counts[length];
    counts[0] = 0;
    for (let i = 1; i < 16; ++i) first[i] = first[i - 1] + counts[i - 1];
    const next = first.slice();
    lengths.forEach((length, symbol) => { if (length) symbols[next[length]++] = symbol; });
    return { counts, symbols };
  };
  const symbol = ({ counts, symbols }) => {
    let code = 0, first = 0, index = 0;
    for (let length = 1; length < 16; ++length) {
      code |= bits(1);
      if (code - counts[length] < first) return symbols[index + code - first];
      index += counts[length];
      first = (first + counts[length]) << 1;
      code <<= 1;
    }
    throw new Error("the texts are damaged");
  };
  const base = (start, extra) => extra.map((_, i) => start + extra.slice(0, i).reduce((a, e) => a + (1 << e), 0));
  const lengthExtra = [0,0,0,0,0,0,0,0,1,1,1,1,2,2,2,2,3,3,3,3,4,4,4,4,5,5,5,5,0];
  const lengthBase = base(3, lengthExtra);
  lengthBase[28] = 258;
  const farExtra = [0,0,0,0,1,1,2,2,3,3,4,4,5,5,6,6,7,7,8,8,9,9,10,10,11,11,12,12,13,13];
  const farBase = base(1, farExtra);
  const order = [16,17,18,0,8,7,9,6,10,5,11,4,12,3,13,2,14,1,15];
  for (let last = 0; !last;) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      if (bit) { bit = 0; ++at; }
      const count = input[at] + 256 * input[at + 1];
      out.set(input.subarray(at + 4, at + 4 + count), filled);
      at += 4 + count;
      filled += count;
      continue;
    }
    let literals, far;
    if (kind === 1) {
      literals = table(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)));
      far = table(new Array(30).fill(5));
    } else {
      const literalCount = bits(5) + 257, farCount = bits(5) + 1, codeCount = bits(4) + 4;
      const codes = new Array(19).fill(0);
      for (let i = 0; i < codeCount; ++i) codes[order[i]] = bits(3);
      const code = table(codes), lengths = [];
      while (lengths.length < literalCount + farCount) {
        const found = symbol(code);
        if (found < 16) lengths.push(found);
        else {
          const value = found === 16 ? lengths[lengths.length - 1] : 0;
          const times = found === 16 ? 3 + bits(2) : found === 17 ? 3 + bits(3) : 11 + bits(7);
          for (let i = 0; i < times; ++i) lengths.push(value);
        }
      }
      literals = table(lengths.slice(0, literalCount));
      far = table(lengths.slice(literalCount));
    }
    for (let found; (found = symbol(literals)) !== 256;) {
      if (found < 256) { out[filled++] = found; continue; }
      const length = lengthBase[found - 257] + bits(lengthExtra[found - 257]);
      const which = symbol(far);
      const from = filled - farBase[which] - bits(farExtra[which]);
      for (let i = 0; i < length; ++i) out[filled++] = out[from + i];
    }
  }
  return out;
};

let texts = null;
const readTexts = async () => {
  const packed = bytes("texts");
  const plain = typeof DecompressionStream === "undefined"
    ? inflate(packed)
    : await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  texts = new TextDecoder().decode(plain).split("\n");
};

// ---- small things

// As the program writes them (digits.h): with as many decimals as tell numbers apart that lie `spread` apart.
const significant = (value) => {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
};
const withDecimals = (decimals) => (value) => {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value), exponent = size > 0 ? Math.floor(Math.log10(size)) : 0;
  if (size === 0 && decimals > 7) return "0";
  if ((decimals > 7 && exponent < -3) || (decimals < 0 && exponent >= 7)) {
    return value.toExponential(Math.max(0, Math.min(15, decimals + exponent)));
  }
  const text = value.toFixed(Math.max(0, Math.min(decimals, 15 - Math.max(exponent, 0))));
  return /[1-9]/.test(text) ? text : text.replace("-", "");
};
const decimalsFor = (spread, steps) => Math.ceil(Math.log10(steps / spread) - 1e-9);
const usable = (spread) => Number.isFinite(spread) && spread > 0;
const bySpread = (spread) => (usable(spread) ? withDecimals(decimalsFor(spread, 50)) : significant);
const byRatio = (spread) => {
  const decimals = usable(spread) ? decimalsFor(spread, 10) : 3;
  return withDecimals(decimals > 6 ? 3 : Math.max(3, decimals));
};
const spreadOf = (low, high) => (high - low > 1e-13 * Math.max(Math.abs(low), Math.abs(high)) ? high - low : 0);
const intervalOf = (found) => found.interval_95 || found.interval_99 || null;
const written = (found, digits) => {
  const range = intervalOf(found);
  return digits(found.value) + (range ? ` [${digits(range[0])}, ${digits(range[1])}]` : "");
};
const estimate = (found) => {
  const range = intervalOf(found);
  return written(found, bySpread(range ? spreadOf(Math.min(range[0], found.value), Math.max(range[1], found.value)) : 0));
};
const ratio = (found) => {
  const range = intervalOf(found);
  return range ? written(found, byRatio(spreadOf(Math.min(range[0], found.value), Math.max(range[1], found.value)))) : lone(found.value);
};
const lone = (value) => withDecimals(value !== 0 && Math.abs(value) < 0.01 ? 4 : 3)(value);
// Of one of many: whole numbers as they are.
const oneOf = (values) => {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const digits = bySpread(spreadOf(low, high));
  return (value) => (Number.isInteger(value) && Math.abs(value) < 1e7 ? String(value) : digits(value));
};
const whole = (value) => value.toLocaleString("en");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const unique = (values) => [...new Set(values)];
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const select = (box, label, options, value, change) => {
  const element = make("select");
  for (const [key, text] of options) element.append(make("option", { value: key, textContent: text }));
  element.value = value;
  element.addEventListener("change", () => change(element.value));
  box.append(make("label", {}, label, element));
  return element;
};
const check = (box, label, value, change) => {
  const element = make("input", { type: "checkbox", checked: value });
  element.addEventListener("change", () => change(element.checked));
  box.append(make("label", { className: "check" }, element, label));
  return element;
};

const legend = (entries) => {
  const list = make("ul", { className: "legend" });
  for (const { text, colour: stroke, dash, dot, area, faint } of entries) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 12");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(svg.namespaceURI, dot ? "circle" : area ? "rect" : "line");
    const attributes = dot ? { cx: 12, cy: 6, r: 4, fill: stroke }
      : area ? { x: 0, y: 0, width: 24, height: 12, fill: stroke, "fill-opacity": faint ? 0.25 : 1 }
      : { x1: 0, x2: 24, y1: 6, y2: 6, stroke, "stroke-width": 2.5, "stroke-dasharray": (dash || []).join(" ") };
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    svg.append(shape);
    list.append(make("li", {}, svg, text));
  }
  return list;
};
const caption = (id, text, entries) => {
  const box = byId(`${id}-caption`);
  box.replaceChildren(...(entries ? [legend(entries)] : []), text);
};

// ---- charts

const Plotting = Bokeh.Plotting;
const frame = (options) => {
  const figure = Plotting.figure({
    sizing_mode: "stretch_width", height: narrow.matches ? 320 : 440, tools: "", toolbar_location: null,
    output_backend: "canvas", min_border_right: 12, ...options,
  });
  figure.background_fill_color = null;
  figure.border_fill_color = null;
  figure.outline_line_color = null;
  for (const axis of [...figure.xaxes, ...figure.yaxes]) {
    axis.axis_label_text_color = colour("text");
    axis.axis_label_text_font_style = "normal";
    axis.axis_label_text_font = axis.major_label_text_font = "system-ui, sans-serif";
    axis.axis_label_text_font_size = "13px";
    axis.major_label_text_font_size = "12px";
    axis.major_label_text_color = colour("faint");
    axis.axis_line_color = axis.major_tick_line_color = colour("rule");
    axis.minor_tick_line_color = null;
  }
  for (const line of [...figure.xgrids, ...figure.ygrids]) line.grid_line_color = colour("grid");
  return figure;
};
const ticks = (axis, labels) => {
  axis.ticker = new Bokeh.FixedTicker({ ticks: [...labels.keys()] });
  axis.major_label_overrides = labels;
};

// BokehJS would keep a finger on a chart from scrolling the page.
const letScroll = (root) => {
  for (const element of root.querySelectorAll("*")) {
    if (getComputedStyle(element).touchAction === "none") element.style.touchAction = "pan-x pan-y";
    if (element.shadowRoot) letScroll(element.shadowRoot);
  }
};

// A chart without a still figure is photographed: printing lays the page out anew, and a canvas that
// changes its size is empty.
const photograph = (id) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const view = views.get(id), figure = byId(id).parentElement;
  if (!view || figure.querySelector(".still:not(.snapshot)")) return;
  figure.querySelector(".snapshot")?.remove();
  const picture = make("img", { className: "still snapshot", alt: "", src: view.export("png").canvas.toDataURL() });
  picture.style.backgroundColor = colour("page");
  byId(id).after(picture);
}));

const views = new Map();
const show = async (id, figure) => {
  const box = byId(id);
  const old = views.get(id);
  views.delete(id);
  if (old) old.remove();
  box.replaceChildren();
  const view = await Plotting.show(figure, box);
  views.set(id, view);
  if (touch.matches) letScroll(box);
  photograph(id);
};

// From data to pixels of the chart's box, and back: both axes are linear.
const scales = (id) => {
  const view = views.get(id);
  if (!view) return null;
  const box = byId(id).getBoundingClientRect();
  const canvas = view.el.getBoundingClientRect();
  const line = (scale, offset) => {
    const zero = scale.compute(0), slope = scale.compute(1) - zero;
    return { to: (value) => zero + slope * value + offset, from: (pixel) => (pixel - offset - zero) / slope };
  };
  return {
    x: line(view.frame.x_scale, canvas.left - box.left),
    y: line(view.frame.y_scale, canvas.top - box.top),
    left: box.left, top: box.top,
  };
};

// ---- what is looked at

const state = {
  statistic: data.statistics[0], property: data.properties[0],
  points: true, line: true, band: true, means: true, number: "r_squared", probe: null,
};
const relations = new Map(grid.relations.map((r) => [`${r.statistic}\n${r.property}`, r]));
const relationOf = (statistic, property) => relations.get(`${statistic.name}\n${property.name}`);
const isFirst = () => state.statistic === data.statistics[0] && state.property === data.properties[0];

const looked = () => {
  const relation = relationOf(state.statistic, state.property);
  const { line, funnel, threshold } = relation;
  return {
    relation, line, funnel,
    band: isFirst() && results.band ? results.band
      : threshold && (threshold.low ?? threshold.high) !== null ? threshold : null,
  };
};

const choose = (wanted) => {
  const same = (key) => wanted[key] === undefined ? state.statistic[key] : wanted[key];
  const all = data.statistics;
  const near = (entry) => ["layer", "readout", "statistic"].reduce(
    (sum, key) => sum + (entry[key] === same(key) ? (key in wanted ? 10 : 1) : 0), 0);
  state.statistic = all.reduce((best, entry) => (near(entry) > near(best) ? entry : best), all[0]);
  if (wanted.property) state.property = data.properties.find((p) => p.name === wanted.property);
};

// ---- the scatter

const hidePoint = () => {
  byId("tooltip").hidden = true;
  byId("scatter").querySelector(".ring")?.remove();
};

// The sentences that have both numbers, and which of the page's sentences they are.
let found = {};
const drawn = () => {
  const property = column(state.property), statistic = column(state.statistic);
  if (found.property !== property || found.statistic !== statistic || !found.x) {
    const length = property && statistic ? Math.min(property.length, statistic.length) : 0;
    const rows = Uint32Array.from({ length }, (_, i) => i).filter((i) => Number.isFinite(property[i]) && Number.isFinite(statistic[i]));
    found = { property, statistic, rows, count: rows.length,
      x: Float64Array.from(rows, (i) => property[i]), y: Float64Array.from(rows, (i) => statistic[i]) };
    found.sayX = oneOf(found.x);
    found.sayY = oneOf(found.y);
  }
  return found;
};

const showPoint = (i) => {
  const at = scales("scatter");
  const { x, y, rows, sayX, sayY } = drawn();
  const tokens = data.properties.find((p) => p.name === "tokens");
  const heading = [`${state.statistic.label}: ${sayY(y[i])}`];
  if (tokens && column(tokens)) heading.push(`${whole(column(tokens)[rows[i]])} tokens`);
  if (state.property !== tokens) heading.push(`${state.property.label}: ${sayX(x[i])}`);
  const box = byId("tooltip");
  box.replaceChildren(make("strong", { textContent: capital(heading.join(" · ")) }),
    make("bdi", { textContent: texts ? texts[rows[i]] : "…" }));
  box.hidden = false;
  const left = at.x.to(x[i]), top = at.y.to(y[i]);
  const size = box.getBoundingClientRect();
  const below = at.top + top + 14;
  box.style.left = `${Math.max(8, Math.min(at.left + left + 12, innerWidth - size.width - 8))}px`;
  box.style.top = `${below + size.height < innerHeight ? below : Math.max(8, at.top + top - size.height - 14)}px`;
  const chart = byId("scatter");
  const ring = chart.querySelector(".ring") || chart.appendChild(make("div", { className: "ring" }));
  ring.style.left = `${left}px`;
  ring.style.top = `${top}px`;
};

// The one point nearest to the pointer, at most `reach` pixels off.
const pointAt = (event, reach) => {
  const at = scales("scatter");
  if (!at || !state.points) return -1;
  const px = event.clientX - at.left, py = event.clientY - at.top;
  const { x, y, count } = drawn();
  const x0 = at.x.to(0), dx = at.x.to(1) - x0, y0 = at.y.to(0), dy = at.y.to(1) - y0;
  let best = -1, least = reach * reach;
  for (let i = 0; i < count; ++i) {
    const a = x0 + dx * x[i] - px, b = y0 + dy * y[i] - py, distance = a * a + b * b;
    if (distance < least) { least = distance; best = i; }
  }
  return best;
};

const drawScatter = async () => {
  hidePoint();
  byRise = null;
  const { x, y, count } = drawn();
  const { line, funnel, band } = looked();
  const options = touch.matches ? {} : { tools: "box_zoom,reset", active_drag: "box_zoom" };
  const figure = frame({
    x_axis_label: capital(state.property.label), y_axis_label: capital(state.statistic.label), ...options });
  const entries = [];
  let low = Infinity, high = -Infinity, floor = Infinity, ceiling = -Infinity;
  for (let i = 0; i < count; ++i) {
    if (x[i] < low) low = x[i];
    if (x[i] > high) high = x[i];
    if (y[i] < floor) floor = y[i];
    if (y[i] > ceiling) ceiling = y[i];
  }
  for (const bin of funnel) {
    low = Math.min(low, bin.low);
    high = Math.max(high, bin.high);
    floor = Math.min(floor, bin.mean);
    ceiling = Math.max(ceiling, bin.mean);
  }
  const onLine = (value) => line.intercept.value + line.slope.value * value;
  if (line && low <= high) {
    floor = Math.min(floor, onLine(low), onLine(high));
    ceiling = Math.max(ceiling, onLine(low), onLine(high));
  }
  for (const [key, there] of [["points", count > 0], ["line", line], ["band", band], ["means", funnel.length > 0]]) {
    checks[key].disabled = !there;
  }
  if (low <= high) {
    const margin = (a, b) => 0.03 * (b - a) || 0.03 * Math.abs(a) || 1;
    figure.x_range = new Bokeh.Range1d({ start: low - margin(low, high), end: high + margin(low, high) });
    figure.y_range = new Bokeh.Range1d({ start: floor - margin(floor, ceiling), end: ceiling + margin(floor, ceiling) });
  }
  if (state.band && band) {
    figure.add_layout(new Bokeh.BoxAnnotation({
      ...((band.low ?? null) === null ? {} : { bottom: band.low }), ...((band.high ?? null) === null ? {} : { top: band.high }), fill_color: colour("green"), fill_alpha: 0.12,
      line_color: colour("green"), line_alpha: 0.8, level: "underlay", editable: false }));
    entries.push({ text: band.share === undefined ? "what the rule calls not short" : `band of ${(100 * band.share).toFixed(1)} %`, colour: colour("green"), area: true, faint: true });
  }
  if (state.points && count) {
    const many = Math.min(Math.log10(Math.max(count, 10)) / 5, 1);
    figure.scatter({ field: "x" }, { field: "y" }, {
      source: new Bokeh.ColumnDataSource({ data: { x, y } }),
      size: 8 - 5 * many, line_color: null, fill_color: colour("blue"), fill_alpha: 0.75 - 0.53 * many });
    entries.push({ text: "a sentence", colour: colour("blue"), dot: true });
  }
  if (state.line && line && low <= high) {
    figure.line([low, high], [onLine(low), onLine(high)], { line_color: colour("vermilion"), line_width: 2.5 });
    entries.push({ text: "line", colour: colour("vermilion") });
  }
  if (state.means && funnel.length) {
    const mx = funnel.map((bin) => bin.mean_property), my = funnel.map((bin) => bin.mean);
    figure.line(mx, my, { line_color: colour("purple"), line_width: 2, line_dash: [6, 4] });
    figure.scatter(mx, my, { marker: "square", size: 7, fill_color: colour("purple"), line_color: colour("page") });
    entries.push({ text: "binned means", colour: colour("purple"), dash: [6, 4] });
  }
  const { relation } = looked();
  const said = [`${capital(state.statistic.label)} against ${state.property.label}:`];
  if (line) said.push(`R² = ${ratio(line.r_squared)}, slope ${estimate(line.slope)};`);
  if (relation.spearman) said.push(`Spearman's ρ = ${ratio(relation.spearman)};`);
  if (state.statistic.rounding) said.push("these numbers differ by no more than rounding;");
  const { sentences } = relation;
  said.push(count === 0 ? "the sentences' numbers are not in the run's table."
    : count < sentences ? `${whole(count)} of ${whole(sentences)} sentences drawn, a uniform sample; the numbers are of all.`
    : `all ${whole(sentences)} sentences.`);
  if (sentences < data.sentences) said.push(`The other ${whole(data.sentences - sentences)} have no such number.`);
  caption("scatter", said.join(" "), entries);
  await show("scatter", figure);
};

let byRise = null;
const checks = {};
const listen = () => {
  const chart = byId("scatter");
  chart.setAttribute("role", "application");
  chart.tabIndex = 0;
  chart.setAttribute("aria-label", "Scatter of the sentences. The arrow keys go from one to the next along the horizontal axis.");
  let current = -1;
  const move = (event) => {
    current = pointAt(event, event.type === "click" ? 24 : 12);
    if (current < 0) hidePoint(); else showPoint(current);
  };
  let waiting = null;
  chart.addEventListener("pointermove", (event) => {
    if (event.buttons || event.pointerType === "touch") return;
    if (!waiting) requestAnimationFrame(() => { move(waiting); waiting = null; });
    waiting = event;
  });
  chart.addEventListener("click", move);
  chart.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") hidePoint(); });
  chart.addEventListener("blur", hidePoint);
  addEventListener("scroll", hidePoint, { passive: true });
  chart.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hidePoint();
    const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1000, PageUp: -1000 }[event.key];
    const { x, y, count } = drawn();
    if (!step || !count) return;
    event.preventDefault();
    if (!byRise) {
      byRise = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => x[a] - x[b] || y[a] - y[b]);
      current = -1;
    }
    const place = current < 0 ? (step > 0 ? -1 : count) : byRise.indexOf(current);
    current = byRise[Math.max(0, Math.min(count - 1, place + step))];
    showPoint(current);
  });
};

// ---- the other charts

const ramp = (share) => {
  const stops = [[242, 246, 250], [158, 202, 225], [66, 146, 198], [8, 81, 156], [8, 48, 107]];
  const at = Math.max(0, Math.min(1, share)) * (stops.length - 1), low = Math.min(Math.floor(at), stops.length - 2);
  return `rgb(${stops[low].map((c, i) => Math.round(c + (stops[low + 1][i] - c) * (at - low))).join(",")})`;
};
const mapNumbers = {
  r_squared: ["R² of the line", (r) => r.line && r.line.r_squared.value],
  spearman: ["|Spearman's ρ|", (r) => r.spearman && Math.abs(r.spearman.value)],
  held_out: ["held-out R²", (r) => r.held_out && r.held_out.r_squared.value],
  beyond: ["R² beyond random weights", (r) => r.controls?.measured.random_weights?.real_less_this.value],
};
let cells = [];
const drawMap = async () => {
  const [name, value] = mapNumbers[state.number];
  const here = data.statistics.filter((s) => s.statistic === state.statistic.statistic);
  const readouts = unique(here.map((s) => s.readout));
  // Layers that were not measured have no row.
  const layers = unique(here.map((s) => s.layer)).sort((a, b) => a - b);
  cells = here.map((entry) => {
    const relation = relationOf(entry, state.property);
    const found = entry.rounding ? null : value(relation) ?? null;
    return { entry, x: readouts.indexOf(entry.readout), y: layers.indexOf(entry.layer), value: found,
      text: entry.rounding ? "rounding only" : found === null ? "–" : found.toFixed(3) };
  });
  const most = Math.max(0, ...cells.map((cell) => cell.value ?? 0));
  const end = [0.05, 0.1, 0.25, 0.5, 1].find((step) => step >= most) || 1;
  const figure = frame({
    x_range: new Bokeh.Range1d({ start: -0.5, end: readouts.length - 0.5 }),
    y_range: new Bokeh.Range1d({ start: -0.5, end: layers.length - 0.5 }),
    height: Math.max(180, Math.min(560, 70 + 42 * layers.length)), x_axis_label: "Readout", y_axis_label: "Layer" });
  ticks(figure.xaxes[0], new Map(readouts.map((readout, i) => [i, readout])));
  ticks(figure.yaxes[0], new Map(layers.map((layer, i) => [i, String(layer)])));
  for (const line of [...figure.xgrids, ...figure.ygrids]) line.grid_line_color = null;
  const chosen = cells.map((cell) => cell.entry === state.statistic);
  figure.rect(cells.map((c) => c.x), cells.map((c) => c.y), 0.97, 0.92, {
    fill_color: cells.map((c) => (c.value === null ? colour("rule") : ramp(c.value / end))),
    line_color: chosen.map((c) => colour(c ? "vermilion" : "page")), line_width: chosen.map((c) => (c ? 3 : 1)) });
  figure.text(cells.map((c) => c.x), cells.map((c) => c.y), cells.map((c) => c.text), {
    text_align: "center", text_baseline: "middle", text_font_size: narrow.matches ? "10px" : "13px", text_font: "system-ui, sans-serif",
    text_color: cells.map((c) => (c.value === null ? colour("faint") : c.value > 0.55 * end ? "#ffffff" : "#1c2024")) });
  caption("map", `${name}: ${state.statistic.number} against ${state.property.label}; the colours go from 0 to ${end}.`
    + (cells.some((c) => c.entry.rounding) ? " Grey: numbers that differ by no more than rounding." : ""));
  await show("map", figure);
};

const drawFunnel = async () => {
  const { funnel } = looked();
  if (!funnel.length) {
    caption("funnel", "Too few sentences for bins.");
    byId("funnel").replaceChildren();
    return;
  }
  const x = funnel.map((bin) => bin.mean_property), mean = funnel.map((bin) => bin.mean);
  const quantile = (bin, p) => bin.quantiles.find((q) => Math.abs(q.probability - p) < 1e-9)?.value ?? bin.mean;
  const figure = frame({ x_axis_label: capital(state.property.label), y_axis_label: capital(state.statistic.label) });
  figure.varea({ x, y1: funnel.map((bin) => quantile(bin, 0.05)), y2: funnel.map((bin) => quantile(bin, 0.95)), fill_color: colour("wide-band") });
  figure.varea({
    x, y1: funnel.map((bin) => bin.mean - (bin.standard_deviation ?? 0)), y2: funnel.map((bin) => bin.mean + (bin.standard_deviation ?? 0)),
    fill_color: colour("band") });
  figure.line(x, mean, { line_color: colour("blue"), line_width: 2.5 });
  figure.scatter(x, mean, { size: 6, fill_color: colour("blue"), line_color: null });
  caption("funnel", `${capital(state.statistic.label)} in ${funnel.length} bins of ${state.property.label}.`, [
    { text: "mean", colour: colour("blue") }, { text: "one standard deviation", colour: colour("band"), area: true },
    { text: "nine in ten sentences", colour: colour("wide-band"), area: true }]);
  await show("funnel", figure);
};

const drawDistribution = async () => {
  const { x, y, count, sayX } = drawn();
  if (count < 20) {
    caption("distribution", "Too few sentences to show how they are spread.");
    byId("distribution").replaceChildren();
    return;
  }
  const sorted = Float64Array.from(x).sort();
  const cuts = unique([0.25, 0.5, 0.75].map((p) => sorted[Math.floor(p * (count - 1))]));
  const values = Float64Array.from(y).sort();
  const low = values[Math.floor(0.001 * count)], high = values[Math.min(count - 1, Math.ceil(0.999 * count))];
  const bins = Math.max(8, Math.min(60, Math.round(Math.sqrt(count) / 2)));
  const width = (high - low) / bins || 1;
  const groups = Array.from({ length: cuts.length + 1 }, () => ({ counts: new Float64Array(bins), all: 0, low: Infinity, high: -Infinity }));
  for (let i = 0; i < count; ++i) {
    let which = 0;
    while (which < cuts.length && x[i] > cuts[which]) ++which;
    const group = groups[which];
    ++group.all;
    group.low = Math.min(group.low, x[i]);
    group.high = Math.max(group.high, x[i]);
    const bin = Math.floor((y[i] - low) / width);
    if (bin >= 0 && bin < bins) ++group.counts[bin];
  }
  const figure = frame({ x_axis_label: capital(state.statistic.label), y_axis_label: "Density" });
  const looks = [["blue", []], ["vermilion", [8, 4]], ["green", [3, 3]], ["purple", [10, 3, 2, 3]]];
  const centres = Array.from({ length: bins }, (_, i) => low + (i + 0.5) * width);
  const entries = [];
  groups.forEach((group, i) => {
    if (!group.all) return;
    const [name, dash] = looks[i];
    figure.step(centres, Array.from(group.counts, (c) => c / group.all / width), "center", { line_color: colour(name), line_width: 2, line_dash: dash });
    entries.push({ text: `${sayX(group.low)} to ${sayX(group.high)} (${whole(group.all)} sentences)`, colour: colour(name), dash });
  });
  caption("distribution", `${capital(state.statistic.label)} by ${state.property.label}.`, entries);
  await show("distribution", figure);
};

const drawDimensions = async () => {
  const all = results.dimensions.shares, shown = all.slice(0, 20);
  const figure = frame({
    x_axis_label: "Share of the variance of the squared norm", y_axis_label: "Dimension",
    y_range: new Bokeh.Range1d({ start: shown.length - 0.5, end: -0.5 }), height: 70 + 22 * Math.max(shown.length, 4) });
  ticks(figure.yaxes[0], new Map(shown.map((share, i) => [i, String(share.dimension)])));
  for (const line of figure.ygrids) line.grid_line_color = null;
  figure.hbar({
    y: shown.map((_, i) => i), left: 0, right: shown.map((share) => share.share), height: 0.75, line_color: null,
    fill_color: shown.map((share) => colour(share.share < 0 ? "vermilion" : "blue")) });
  const sum = shown.reduce((total, share) => total + share.share, 0);
  caption("dimensions", `The first ${shown.length} of ${whole(all.length)} dimensions; together ${(100 * sum).toFixed(1)} % of the variance. `
    + `Correlation of the squared norm with the length: ${lone(results.dimensions.property_correlation)}.`);
  await show("dimensions", figure);
};

const accuracy = (classifier) => ({ value: classifier.accuracy.share, interval_95: classifier.accuracy.interval_95 });
const probeNumbers = {
  ridge: ["held-out R² of ridge regression", (p) => p.ridge && p.ridge.r_squared],
  logistic: ["held-out accuracy of logistic regression, six length bins", (p) => p.sentence_length && accuracy(p.sentence_length.logistic)],
  mlp: ["held-out accuracy of the multilayer perceptron, six length bins", (p) => p.sentence_length && accuracy(p.sentence_length.mlp)],
};
const drawProbe = async () => {
  const [name, value] = probeNumbers[state.probe];
  const figure = frame({ x_axis_label: "Layer", y_axis_label: capital(name.split(",")[0]) });
  const names = ["blue", "vermilion", "green", "purple"];
  const entries = [];
  const draw = (text, points, stroke, dash, control) => {
    const there = points.filter(([, found]) => found).sort((a, b) => a[0] - b[0]);
    if (!there.length) return;
    const x = there.map(([layer]) => layer), y = there.map(([, found]) => found.value);
    // The line is broken where layers between were not measured.
    const pairs = there.flatMap(([layer, found], i) => (i > 0 && layer !== there[i - 1][0] + 1 ? [[NaN, NaN]] : []).concat([[layer, found.value]]));
    figure.line(pairs.map(([a]) => a), pairs.map(([, b]) => b), { line_color: stroke, line_width: control ? 1.5 : 2.5, line_dash: dash });
    figure.scatter(x, y, { size: control ? 5 : 8, fill_color: control ? colour("page") : stroke, line_color: stroke });
    const sure = there.filter(([, found]) => found.interval_95);
    figure.segment(sure.map(([l]) => l), sure.map(([, f]) => f.interval_95[0]), sure.map(([l]) => l), sure.map(([, f]) => f.interval_95[1]), { line_color: stroke, line_width: 1.5 });
    entries.push({ text, colour: stroke, dash });
  };
  unique(results.probes.map((probe) => probe.readout)).forEach((readout, i) => {
    const probes = results.probes.filter((probe) => probe.readout === readout);
    const stroke = colour(names[i % names.length]);
    draw(readout, probes.map((p) => [p.layer, value(p)]), stroke, [], false);
    draw(`${readout}, words shuffled`, probes.map((p) => [p.layer, p.controls.shuffled_words && value(p.controls.shuffled_words)]), stroke, [8, 4], true);
    draw(`${readout}, random weights`, probes.map((p) => [p.layer, p.controls.random_weights && value(p.controls.random_weights)]), stroke, [3, 3], true);
    if (state.probe === "ridge") {
      draw(`${readout}, length permuted`, probes.map((p) => [p.layer, p.ridge?.control && { value: p.ridge.control.r_squared }]), stroke, [1, 5], true);
    }
  });
  ticks(figure.xaxes[0], new Map(unique(results.probes.map((p) => p.layer)).map((layer) => [layer, String(layer)])));
  caption("probe", `${capital(name)}${state.probe === "ridge" ? "" : " (chance: 1/6)"}, with 95 % intervals.`, entries);
  await show("probe", figure);
};

// ---- all of it

const parts = [["scatter", drawScatter], ["map", drawMap], ["funnel", drawFunnel], ["distribution", drawDistribution],
  ["dimensions", drawDimensions], ["probe", drawProbe]].filter(([id]) => byId(id));
const draw = async (ids) => {
  for (const [id, part] of parts) if (!ids || ids.includes(id)) await part();
};
const menus = {};
const look = async (wanted) => {
  choose(wanted);
  for (const key of ["layer", "readout", "statistic"]) if (menus[key]) menus[key].value = state.statistic[key];
  await draw(["scatter", "map", "funnel", "distribution"]);
};

const controls = () => {
  const box = byId("scatter-controls");
  for (const [key, label] of [["layer", "Layer"], ["readout", "Readout"], ["statistic", "Statistic"]]) {
    const values = unique(data.statistics.map((s) => s[key]));
    if (values.length < 2) continue;
    menus[key] = select(box, label, values.map((v) => [v, v]), state.statistic[key],
      (value) => look({ [key]: key === "layer" ? Number(value) : value }));
  }
  if (data.properties.length > 1) {
    menus.property = select(box, "Property", data.properties.map((p) => [p.name, capital(p.label)]), state.property.name,
      (property) => look({ property }));
  }
  for (const [key, label] of [["points", "sentences"], ["line", "line"], ["band", "band"], ["means", "binned means"]]) {
    checks[key] = check(box, label, state[key], (on) => { state[key] = on; drawScatter(); });
  }
  if (!touch.matches) {
    const reset = make("button", { type: "button", textContent: "Whole view" });
    reset.addEventListener("click", drawScatter);
    box.append(reset);
  }
  if (byId("map")) {
    const there = Object.entries(mapNumbers).filter(([, [, value]]) => grid.relations.some((r) => (value(r) ?? null) !== null));
    if (there.length) state.number = there[0][0];
    select(byId("map-controls"), "Number", there.map(([key, [label]]) => [key, label]), state.number,
      (key) => { state.number = key; drawMap(); });
    byId("map").addEventListener("click", (event) => {
      const at = scales("map");
      if (!at) return;
      const x = Math.round(at.x.from(event.clientX - at.left)), y = Math.round(at.y.from(event.clientY - at.top));
      const cell = cells.find((c) => c.x === x && c.y === y);
      if (cell) look({ layer: cell.entry.layer, readout: cell.entry.readout });
    });
  }
  if (byId("probe")) {
    const there = Object.entries(probeNumbers).filter(([, [, value]]) => results.probes.some((p) => value(p)));
    if (!there.length) { parts.splice(parts.findIndex(([id]) => id === "probe"), 1); return; }
    state.probe = there[0][0];
    select(byId("probe-controls"), "Probe", there.map(([key, [label]]) => [key, capital(label)]), state.probe,
      (key) => { state.probe = key; drawProbe(); });
  }
};

const start = async () => {
  document.documentElement.classList.add("live");
  controls();
  listen();
  await draw();
  document.documentElement.dataset.drawn = Math.round(performance.now());
  await readTexts();
  document.documentElement.dataset.ready = Math.round(performance.now());
  dark.addEventListener("change", () => draw());
  narrow.addEventListener("change", () => draw());
};
start().catch((error) => {
  // The still figures say it too.
  document.documentElement.classList.remove("live");
  throw error;
});
})();
