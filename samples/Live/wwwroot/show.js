// What was answered, as it is seen and as it is read aloud.
const $ = id => document.getElementById(id);
const svg = (name, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};
const element = (name, text, className) =>
  Object.assign(document.createElement(name), { textContent: text ?? "", className: className ?? "" });
const percent = share => share >= 0.9995 ? "> 99.9 %" : share < 0.0005 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`;
const places = size => size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.01 || size === 0 ? 2 : 4;
const number = value => value.toFixed(places(Math.abs(value)));
const signed = value => (value < 0 ? "−" : "+") + number(Math.abs(value));
const likeliest = answer => answer.choices.reduce((best, one) => one.probability > best.probability ? one : best);
const shown = name => name === "<eos>" ? "(end)" : name === "<unk>" ? "(another word)" : name;

const share = value => {
  const bar = element("span", "", "bar");
  const picture = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
  picture.append(svg("rect", { width: 100 * value, height: 10 }));
  bar.append(picture);
  return bar;
};

export function answer(told, target, choose) {
  const best = likeliest(told);
  $("said").textContent = shown(best.name);
  $("sure").textContent = percent(best.probability);
  const buttons = told.choices.map(one => {
    const made = element("button");
    made.type = "button";
    made.setAttribute("aria-pressed", one.unit === told.target.unit);
    made.setAttribute("aria-label", `Explain ${shown(one.name)}, ${percent(one.probability)}`);
    made.dataset.unit = one.unit;
    made.append(element("span", shown(one.name)), share(one.probability), element("span", percent(one.probability)));
    made.addEventListener("click", () => choose(one.unit));
    return made;
  });
  const focused = document.activeElement?.closest?.("#choices button")?.dataset.unit;
  $("choices").replaceChildren(...buttons);
  if (focused) buttons.find(one => one.dataset.unit === focused)?.focus();
  $("why").textContent = `Why ${shown(told.target.name)}?`;
  $("legend").replaceChildren(
    key("for", `speaks for ${shown(told.target.name)}`), key("against", "speaks against"));
}

// Between two networks: the one's answer is none about the other.
export function nothing() {
  for (const id of ["choices", "methods", "path", "legend"]) $(id).replaceChildren();
  for (const id of ["said", "sure", "way-says", "timing"]) $(id).textContent = "\u00a0";
  $("why").textContent = "Why?";
}

function key(className, text) {
  const made = element("span");
  made.append(element("i", "", className), text);
  return made;
}

export function path(told, alpha, [from, to]) {
  const [width, height] = [320, 150];
  const at = (i, value) => `${(i / (told.path.length - 1) * width).toFixed(1)},${(height - value * height).toFixed(1)}`;
  const line = told.path.map((value, i) => at(i, value)).join(" L");
  const parts = [0, 0.25, 0.5, 0.75, 1].map(y => svg("line", { class: "grid", x1: 0, x2: width, y1: height * y, y2: height * y }));
  parts.push(svg("path", { class: "under", d: `M0,${height} L${line} L${width},${height} Z` }));
  parts.push(svg("path", { class: "curve", d: `M${line}` }));
  parts.push(svg("line", { class: "now", x1: alpha * width, x2: alpha * width, y1: 0, y2: height }));
  $("path").replaceChildren(...parts);
  $("way-says").textContent = `How likely ${shown(told.target.name)} is on the way from ${from} (${percent(told.path[0])}) `
    + `to ${to} (${percent(told.path.at(-1))}); at α = ${alpha.toFixed(2)}: ${percent(told.target.probability)}.`;
}

function gap(method) {
  const line = element("p", "", "gap");
  const relative = Math.abs(method.gap) / (Math.abs(method.change) + method.scores.reduce((sum, one) => sum + Math.abs(one), 0) || 1);
  const size = Math.abs(method.gap) < 1e-3 * Math.max(1, Math.abs(method.change)) && Math.abs(method.gap) < 0.005
    ? method.gap.toExponential(0).replaceAll("-", "−").replace("e+", "e") : signed(method.gap);
  line.append(`sum ${signed(method.sum)} of ${signed(method.change)} · `, element("b", `gap ${size}`, relative < 0.02 ? "small" : "large"),
    method.isPromised ? "" : " · promises none");
  return line;
}

const sizeOf = scores => Math.max(1e-12, ...scores.map(Math.abs));
const colours = () => {
  const style = getComputedStyle(document.documentElement);
  const of = name => style.getPropertyValue(name).trim().split(" ").map(Number);
  return { good: of("--for-rgb"), bad: of("--against-rgb"), card: style.getPropertyValue("--card").trim() };
};

export function methods(told, measurements, drawing) {
  const made = told.ask === "digit" ? maps(told, drawing) : told.ask === "sentence" ? sentences(told) : table(told, measurements);
  $("methods").replaceChildren(made);
}

function maps(told, drawing) {
  const all = element("div", "", "maps");
  for (const method of told.methods) {
    const one = element("article", "", "card map");
    const canvas = Object.assign(document.createElement("canvas"), { width: 28, height: 28 });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${method.method}: ${inWords(method)}`);
    heat(canvas, method.scores, drawing);
    one.append(element("h3", method.method), canvas, gap(method));
    all.append(one);
  }
  return all;
}

// Scores over a faint shadow of the digit. The square root shows the small ones too.
function heat(canvas, scores, drawing) {
  const largest = sizeOf(scores);
  const { good, bad } = colours();
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const [ground, shadow] = dark ? [[18, 20, 26], [58, 62, 74]] : [[246, 244, 240], [205, 200, 190]];
  const context = canvas.getContext("2d");
  const image = context.createImageData(28, 28);
  scores.forEach((score, i) => {
    const ink = drawing.pixels[i] / 255;
    const strength = Math.sqrt(Math.abs(score) / largest);
    const colour = score >= 0 ? good : bad;
    for (let channel = 0; channel < 3; channel++) {
      const below = ground[channel] + (shadow[channel] - ground[channel]) * ink;
      image.data[4 * i + channel] = below + (colour[channel] - below) * strength;
    }
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

function inWords(method) {
  const [best, worst] = [Math.max(...method.scores), Math.min(...method.scores)];
  const where = value => { const i = method.scores.indexOf(value); return `row ${Math.floor(i / 28) + 1}, column ${i % 28 + 1}`; };
  return (best > 0 ? `speaks most for it at ${where(best)}` : "nothing speaks for it")
    + (worst < 0 ? `, most against it at ${where(worst)}` : ", nothing against it");
}

function sentences(told) {
  const all = element("div", "", "says");
  for (const method of told.methods) {
    const one = element("article", "", "card say");
    const list = element("ul", "", "words");
    const largest = sizeOf(method.scores);
    const { good, bad } = colours();
    told.words.forEach((word, i) => {
      const score = method.scores[i];
      const item = element("li", "", word === "<eos>" ? "pad" : "");
      item.append(shown(word), element("small", signed(score)));
      const strength = 0.75 * Math.sqrt(Math.abs(score) / largest);
      item.style.backgroundColor = `rgb(${(score >= 0 ? good : bad).join(" ")} / ${strength.toFixed(3)})`;
      list.append(item);
    });
    one.append(element("h3", method.method), list, gap(method));
    all.append(one);
  }
  return all;
}

function table(told, measurements) {
  const most = 10;
  const order = [...told.methods[0].scores.keys()]
    .sort((a, b) => Math.abs(told.methods[0].scores[b]) - Math.abs(told.methods[0].scores[a])).slice(0, most);
  const largest = Math.max(...told.methods.map(method => sizeOf(method.scores)));
  const made = element("table");
  const head = made.createTHead().insertRow();
  for (const title of ["measurement", "value", ...told.methods.map(method => method.method)]) {
    const cell = element("th", title);
    cell.scope = "col";
    head.append(cell);
  }
  const body = made.createTBody();
  for (const i of order) {
    const line = body.insertRow();
    const name = element("th", measurements[i].name);
    name.scope = "row";
    line.append(name, element("td", number(told.values[i])));
    for (const method of told.methods) line.insertCell().append(bar(method.scores[i], largest));
  }
  const rest = body.insertRow();
  rest.append(Object.assign(element("th", `${measurements.length - most} others together`), { scope: "row" }), element("td"));
  for (const method of told.methods)
    rest.insertCell().append(bar(method.scores.reduce((sum, one, i) => order.includes(i) ? sum : sum + one, 0), largest));
  const foot = made.createTFoot().insertRow();
  foot.append(element("th", "log-odds"), element("td"));
  for (const method of told.methods) foot.insertCell().append(gap(method));
  const scroll = element("div", "", "card scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "Reasons by method");
  scroll.append(made);
  return scroll;
}

function bar(score, largest) {
  const cell = element("div", "", "cell");
  const length = Math.min(50, 50 * Math.abs(score) / largest);
  const picture = svg("svg", { viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" });
  const start = score >= 0 ? 50 : 50 - length;
  picture.append(svg("rect", { class: score >= 0 ? "for-fill" : "against-fill", x: start, y: 1, width: length, height: 12 }),
    svg("line", { class: "axis", x1: 50, x2: 50, y1: 0, y2: 14 }));
  cell.append(picture, element("span", signed(score)));
  return cell;
}

export function slider(measurement, index, text, moved) {
  const line = element("div", "", "slider");
  const label = element("label", text);
  const range = Object.assign(document.createElement("input"), { type: "range", id: `m${index}`, min: 0, max: 200, step: 1 });
  label.htmlFor = range.id;
  const value = element("output");
  value.htmlFor.add(range.id);
  const marks = document.createElement("datalist");
  marks.id = `t${index}`;
  marks.append(Object.assign(document.createElement("option"), { value: place(measurement, measurement.typical) }));
  range.setAttribute("list", marks.id);
  range.addEventListener("input", () => {
    const set = measurement.least + (measurement.most - measurement.least) * range.value / 200;
    say(measurement, set);
    moved(set);
  });
  Object.assign(measurement, { range, value });
  line.append(label, range, value, marks);
  return line;
}

const place = (measurement, value) => Math.round(200 * (value - measurement.least) / (measurement.most - measurement.least));

function say(measurement, value) {
  measurement.value.textContent = number(value);
  measurement.range.setAttribute("aria-valuetext", `${number(value)}, typical ${number(measurement.typical)}`);
}

export function slide(measurement, value) {
  measurement.range.value = place(measurement, value);
  say(measurement, value);
}

export function spoken(told, measurements, [from]) {
  const best = likeliest(told);
  const said = `The network says ${shown(best.name)}, ${percent(best.probability)}. `;
  const method = told.methods[0];
  if (told.ask === "digit") return `${said}${method.method}, for ${told.target.name}: ${inWords(method)}.`;
  const names = told.ask === "sentence" ? told.words : measurements.map(one => one.name);
  const order = [...method.scores.keys()].sort((a, b) => Math.abs(method.scores[b]) - Math.abs(method.scores[a])).slice(0, 3);
  const reasons = order.map(i => `${shown(names[i])} ${signed(method.scores[i])}`).join(", ");
  return `${said}Against ${from}, ${method.method}, for ${shown(told.target.name)}: ${reasons}.`;
}
