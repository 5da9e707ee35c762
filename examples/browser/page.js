// The page: controls, address, worker and figures brought together.

import { drawFigures } from "./figures.js";
import { fromFragment, toFragment } from "./state.js";

const element = (id) => document.getElementById(id);
const form = element("controls");

let settings = fromFragment(location.hash);
let worker;
let checker;
let training = emptyTraining();
let drawing = false;

function emptyTraining() {
  return { total: settings.steps, events: [], evaluation: undefined, since: 0, paused: false };
}

function showSettings() {
  for (const [name, value] of Object.entries(settings)) {
    const field = form.elements.namedItem(name);
    if (field !== null) field.value = String(value);
  }
  form.elements.namedItem("backend").options[1].disabled = navigator.gpu === undefined;
}

function readSettings() {
  const given = new FormData(form);
  settings = fromFragment(
    toFragment({ ...Object.fromEntries(given), software: settings.software }),
  );
  history.replaceState(null, "", toFragment(settings));
}

/** At most once for each picture of the screen. */
function redraw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    drawFigures(training);
  });
}

function say(text, isError = false) {
  element("status").textContent = text;
  element("status").classList.toggle("error", isError);
}

function facts(entries) {
  element("facts").replaceChildren(
    ...entries.flatMap(([name, value]) => {
      const [term, text] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      text.textContent = value;
      return [term, text];
    }),
  );
}

function running(is) {
  element("settings").disabled = is;
  element("start").textContent = is ? "Stop" : "Train";
  element("pause").disabled = !is;
  element("pause").textContent = "Pause";
}

function downloads(are) {
  element("samples").disabled = !are;
  element("snapshot").disabled = !are;
}

const handlers = {
  backend({ info, isolated }) {
    const threads =
      info.threads === 1 && !isolated ? "1 (page not isolated)" : String(info.threads);
    facts([
      ["Backend", info.name],
      ["Device", info.software ? `${info.device} (emulated)` : info.device],
      ["Threads", threads],
    ]);
  },
  event({ step, steps, losses, metrics }) {
    training.events.push({ step, losses, metrics });
    const seconds = (performance.now() - training.since) / 1000;
    const rate = Math.round((step * settings.replicas) / seconds).toLocaleString("en");
    element("progress").value = step / steps;
    if (!training.paused) say(`step ${String(step)} of ${String(steps)}, ${rate} replica steps/s`);
    downloads(true);
    redraw();
  },
  evaluation({ evaluation }) {
    training.evaluation = evaluation;
    const { value, floor } = evaluation.measures.find(({ name }) => name === "jointDistance");
    const best = `Best replica: distance ${value.toFixed(3)}, floor ${floor.toFixed(3)}.`;
    element("joint").textContent = best;
    redraw();
  },
  done() {
    const seconds = ((performance.now() - training.since) / 1000).toFixed(1);
    say(`${String(training.total)} steps in ${seconds} s`);
    running(false);
  },
  checked({ count, largest }) {
    const verdict = largest < 1e-5 ? "Right" : "Wrong";
    checker.terminate();
    element("check").disabled = false;
    element("verdict").textContent =
      `${verdict}: largest difference ${largest.toExponential(1)} in ${count.toLocaleString("en")} steady states.`;
  },
  file({ name, mime, text }) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: mime }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },
};

function trainingFailed({ message }) {
  say(message, true);
  running(false);
}

function checkFailed({ message }) {
  element("verdict").textContent = message;
  element("check").disabled = false;
}

/** A worker at a command: one backend lives in each. What goes wrong is handed to `failed`. */
function startWorker(command, failed) {
  const made = new Worker("worker.js", { type: "module" });
  made.onmessage = ({ data: { type, ...content } }) =>
    type === "error" ? failed(content) : handlers[type](content);
  made.onerror = failed;
  made.postMessage({ command, ...settings });
  return made;
}

function start() {
  readSettings();
  training = { ...emptyTraining(), since: performance.now() };
  element("progress").value = 0;
  element("joint").textContent = "";
  facts([]);
  running(true);
  downloads(false);
  say("Starting …");
  worker?.terminate();
  worker = startWorker("train", trainingFailed);
  redraw();
}

function stop() {
  worker.terminate();
  say("Stopped.");
  running(false);
  downloads(false);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (element("settings").disabled) stop();
  else start();
});
element("pause").addEventListener("click", () => {
  training.paused = !training.paused;
  element("pause").textContent = training.paused ? "Continue" : "Pause";
  if (training.paused) say("Paused.");
  worker.postMessage({ command: training.paused ? "pause" : "resume" });
});
element("samples").addEventListener("click", () => worker.postMessage({ command: "sampleRows" }));
element("snapshot").addEventListener("click", () => worker.postMessage({ command: "snapshot" }));
element("check").addEventListener("click", () => {
  if (!element("settings").disabled) readSettings();
  element("check").disabled = true;
  element("verdict").textContent = "Computing …";
  checker = startWorker("check", checkFailed);
});
addEventListener("hashchange", () => {
  settings = fromFragment(location.hash);
  showSettings();
});
addEventListener("resize", redraw);

showSettings();
redraw();
