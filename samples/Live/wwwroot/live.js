// The page: what is given, what is asked, and what was answered. One question is under way at a time; what changes meanwhile is asked next.
import { Drawing } from "./drawing.js";
import { Socket } from "./socket.js";
import * as show from "./show.js";

const $ = id => document.getElementById(id);
const kinds = ["digit", "sentence", "row"];
const state = { ask: "digit", target: null, values: [], measurements: [] };
const means = {
  digit: ["black", "your drawing"],
  sentence: ["words that say nothing", "your words"],
  row: ["the mean row", "your row"],
};

const socket = new Socket(question, answered, trouble => { $("trouble").textContent = trouble; });
const drawing = new Drawing($("draw"), () => changed());

function question() {
  const asked = { ask: state.ask, alpha: Number($("alpha").value), target: state.target };
  if (state.ask === "digit") asked.pixels = drawing.base64();
  else if (state.ask === "sentence") asked.text = $("text").value;
  else asked.values = state.values;
  return asked;
}

// Another input has another answer, which is then what is explained.
function changed() {
  state.target = null;
  socket.ask();
}

let spokenAt = 0;
function answered(answer) {
  if (answer.ask !== state.ask) return;
  $("trouble").textContent = "";
  show.answer(answer, state.target, unit => {
    state.target = state.target === unit ? null : unit;
    socket.ask();
  });
  show.path(answer, Number($("alpha").value), means[answer.ask]);
  show.methods(answer, state.measurements, drawing);
  $("timing").textContent =
    `${answer.methods.length} methods and ${answer.path.length} points of the path: ${answer.milliseconds.toFixed(0)} ms`;
  // Said when the hand rests: a screen reader would otherwise never come to an end.
  clearTimeout(spokenAt);
  spokenAt = setTimeout(() => { $("spoken").textContent = show.spoken(answer, state.measurements, means[answer.ask]); }, 600);
}

function choose(kind, focus) {
  state.ask = kind;
  state.target = null;
  for (const one of kinds) {
    const tab = $(`tab-${one}`);
    tab.setAttribute("aria-selected", one === kind);
    tab.tabIndex = one === kind ? 0 : -1;
    $(`panel-${one}`).hidden = one !== kind;
  }
  document.querySelector("main").className = kind;
  document.querySelector(".top").className = `top ${kind}`;
  if (focus) $(`tab-${kind}`).focus();
  show.nothing();
  setAlpha(1);
  socket.ask();
}

function setAlpha(value) {
  $("alpha").value = value;
  $("alpha-is").textContent = Number(value).toFixed(2);
  $("alpha-means").textContent = `0 is ${means[state.ask][0]}, 1 is ${means[state.ask][1]}`;
  drawing.fade(state.ask === "digit" ? Number(value) : 1);
}

for (const kind of kinds) {
  $(`tab-${kind}`).addEventListener("click", () => choose(kind));
  $(`tab-${kind}`).addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? 2 : step ? (kinds.indexOf(kind) + step + 3) % 3 : -1;
    if (to < 0) return;
    event.preventDefault();
    choose(kinds[to], true);
  });
}
$("alpha").addEventListener("input", event => { setAlpha(event.target.value); socket.ask(); });
$("text").addEventListener("input", changed);
$("clear").addEventListener("click", () => drawing.clear());

function button(parent, text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  parent.append(made);
}

function row(values) {
  state.values = [...values];
  state.measurements.forEach((one, i) => show.slide(one, values[i]));
  changed();
}

function sliders(measurements) {
  state.measurements = measurements;
  const groups = [["mean ", "Means"], ["worst ", "Worst of the nuclei"], [" error", "Standard errors"]];
  for (const [word, title] of groups) {
    const group = document.createElement("fieldset");
    group.append(Object.assign(document.createElement("legend"), { textContent: title }));
    measurements.forEach((one, i) => {
      if (one.name.startsWith(word) || one.name.endsWith(word))
        group.append(show.slider(one, i, one.name.replace(word, ""), value => { state.values[i] = value; changed(); }));
    });
    $("sliders").append(group);
  }
}

const examples = await (await fetch("/examples")).json();
examples.digits.forEach((pixels, digit) =>
  button($("digit-examples"), `${digit}`, `a ${digit} that somebody wrote`, () => drawing.put(pixels)));
examples.sentences.forEach(text => button($("sentence-examples"), `${text} …`, null, () => { $("text").value = text; changed(); }));
sliders(examples.measurements);
["a malignant one", "a benign one"].forEach((name, i) => button($("row-examples"), name, null, () => row(examples.rows[i])));
$("text").value = examples.sentences[0];
row(examples.rows[0]);
drawing.put(examples.digits[7]);
choose("digit");
document.body.dataset.ready = "true";
