// What htmx does not do: the token of each request, names to choose from, thresholds that follow the hand, cards that
// are dragged, and where the page was scrolled to.
"use strict";

const token = document.querySelector('meta[name="meeting-token"]').content;
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-Meeting"] = token;
  const sections = [...document.querySelectorAll("#board > [data-mark]")];
  event.detail.headers["X-Sections"] = sections.map((section) => section.dataset.mark).join(" ");
});

// The panel and the board keep their place when they are replaced; another panel begins at its top.
const places = new Map();
const shown = () => document.getElementById("panel")?.getAttribute("aria-label");
document.addEventListener("htmx:beforeSwap", () => {
  places.set("shown", shown());
  for (const id of ["panel", "board"]) places.set(id, document.getElementById(id)?.scrollTop ?? 0);
  places.set("page", window.scrollY);
});
document.addEventListener("htmx:afterSettle", () => {
  for (const id of ["panel", "board"]) {
    const part = document.getElementById(id);
    if (part) part.scrollTop = id === "panel" && places.get("shown") !== shown() ? 0 : places.get(id) ?? 0;
  }
  window.scrollTo(0, places.get("page") ?? 0);
  const message = document.querySelector("#stage p.message");
  document.getElementById("spoken").textContent = message ? message.textContent : "";
});

// An answer that says what is wrong is shown too, and so is none.
const failed = document.getElementById("failed");
function tell(sentence) {
  failed.textContent = sentence;
  failed.className = sentence ? "message bad" : "";
  failed.hidden = !sentence;
  if (sentence) failed.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:responseError", (event) => tell(event.detail.xhr.responseText));
document.addEventListener("htmx:sendError", () => tell(failed.dataset.silent));
document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.shouldSwap) tell(""); });

// One request after the other. What is typed or pressed while an answer is on its way is done after it, and what was
// asked of a part that is not there any more is dropped. A second press of the same button is the hand's, not meant.
const SHIFTING = ["block.kind", "example.add"];
let underWay = null;
let later = null;
const values = (element) => element.dataset.post ?? element.getAttribute("hx-vals");
const about = (element) => values(element) ?? element.dataset.open;
const described = (element, kind = "click") => ({ id: element.id, about: about(element), value: element.value, kind });
const still = (wanted) => {
  const found = wanted.id ? document.getElementById(wanted.id) : null;
  return found && about(found) === wanted.about ? found : null;
};
function doLater() {
  const wanted = later;
  later = null;
  const found = wanted && still(wanted);
  if (!found || found.disabled) return;
  if (wanted.kind === "change") {
    found.value = wanted.value;
    found.dispatchEvent(new Event("change", { bubbles: true }));
  } else found.click();
}
const ofStage = (event) => event.detail.target?.id === "stage";
document.addEventListener("htmx:confirm", (event) => {
  if (!underWay || !ofStage(event)) return;
  event.preventDefault();
  const kind = event.detail.triggeringEvent?.type ?? "click";
  if (event.detail.elt === underWay.element && kind !== "change") return;
  const action = JSON.parse(values(underWay.element) ?? "{}").action;
  const safe = !action || (underWay.kind === "change" && !SHIFTING.includes(action));
  if (safe && (kind === "change" || kind === "click")) later = described(event.detail.elt, kind);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!ofStage(event)) return;
  const { elt, requestConfig } = event.detail;
  underWay = { ...described(elt, requestConfig.triggeringEvent?.type), element: elt };
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!ofStage(event)) return;
  underWay = null;
  if (!event.detail.successful) doLater();
});

// A press that begins on a button and ends on what replaced it meanwhile is a press all the same.
let pressed = null;
const buttonAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("button[id]");
document.addEventListener("pointerdown", (event) => {
  const button = buttonAt(event);
  pressed = button ? { ...described(button, "click"), element: button } : null;
});
document.addEventListener("pointerup", (event) => {
  const began = pressed;
  pressed = null;
  if (!began || buttonAt(event) !== still(began)) return;
  if (!began.element.isConnected) still(began)?.click();
  else if (underWay && began.element.disabled) later = described(began.element, "click");
});

// What is being typed when the page is replaced stays, and is taken over when the field is left.
let typed = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const field = document.activeElement;
  typed = null;
  if (!ofStage(event) || !field?.matches("input:not([type=range]), textarea") || !field.id) return;
  const sent = underWay?.id === field.id ? underWay.value : field.defaultValue;
  if (field.value !== sent) typed = { ...described(field, "change"), at: field.selectionStart };
});
document.addEventListener("htmx:afterSettle", () => {
  const field = typed && still(typed);
  if (field && document.activeElement === field) {
    field.value = typed.value;
    if (typed.at !== null) field.setSelectionRange(typed.at, typed.at);
    field.dataset.kept = "1";
  }
  typed = null;
  doLater();
});
document.addEventListener("change", (event) => { delete event.target.dataset?.kept; });
document.addEventListener("focusout", (event) => {
  if (!event.target.dataset?.kept || !event.target.isConnected) return;
  delete event.target.dataset.kept;
  event.target.dispatchEvent(new Event("change", { bubbles: true }));
});

// What stands in a form that was not taken over is not lost: neither when the answer says why, nor when something else
// is done first. Text of the spec stays only with an answer that says why: otherwise it would be older than the spec.
let drafts = [];
const formOf = (field) => field.closest("#panel form[hx-post]");
const draftOf = (field) => `${formOf(field).getAttribute("hx-post")} ${values(formOf(field))} ${field.id}`;
const asSent = (field) => (field.matches("select") ? [...field.options].find((option) => option.defaultSelected)?.value : field.defaultValue);
const drafted = () => [...document.querySelectorAll("#panel form[hx-post] :is(input, select, textarea)[id]")];
document.addEventListener("htmx:beforeSwap", (event) => {
  drafts = ofStage(event) ? drafted().filter((field) => field.value !== asSent(field)) : [];
  drafts = drafts.map((field) => ({ key: draftOf(field), value: field.value, own: formOf(field) === underWay?.element }));
});
document.addEventListener("htmx:afterSettle", () => {
  const refused = document.querySelector("#stage .message:is(.bad, p.warn)") !== null;
  for (const field of drafts.length ? drafted() : []) {
    const draft = drafts.find((one) => one.key === draftOf(field));
    if (!draft || (!refused && (draft.own || field.matches("textarea")))) continue;
    field.value = draft.value;
    if (field.closest("details")) field.closest("details").open = true;
  }
  drafts = [];
});

// Where the focus was is still there, or it goes on to what came next: never back to the beginning of the page.
let order = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  const here = document.activeElement;
  const all = [...document.querySelectorAll("#stage [id]")].filter((element) => element.matches("button, input, select, textarea"));
  const at = all.indexOf(here);
  order = ofStage(event) && at >= 0 ? [...all.slice(at), ...all.slice(0, at).reverse()].map((element) => element.id) : [];
});
document.addEventListener("htmx:afterSettle", () => {
  if (order.length && document.activeElement === document.body) {
    const next = order.map((id) => document.getElementById(id)).find((element) => element && !element.disabled && element.checkVisibility());
    (next ?? document.getElementById("panel")).focus();
  }
  order = [];
});

// A section of the board that comes out the same is left where it is. Of the others htmx would take leave element by
// element, with an event for each: they are emptied before, since nothing in them is htmx's.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!ofStage(event) || !event.detail.shouldSwap) return;
  const kept = new Set([...event.detail.serverResponse.matchAll(/data-mark="(\w+)" hx-preserve>/g)].map((found) => found[1]));
  for (const section of document.querySelectorAll("#board > [data-mark]")) {
    if (!kept.has(section.dataset.mark)) section.replaceChildren();
  }
});

// The buttons of the board and the panel.
function ask(verb, path, source, values) {
  const asked = window.htmx.ajax(verb, path, { source, target: "#stage", swap: "outerHTML", values });
  asked.catch(() => {}); // htmx:sendError tells of it
}
function edit(source, values) {
  ask("POST", "/edit", source, { ...values, ...Object.fromEntries(new FormData(document.getElementById("where"))) });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-post], [data-open]");
  if (!button) return;
  if (button.dataset.post) edit(button, JSON.parse(button.dataset.post));
  else ask("GET", `/panel?${button.dataset.open}`, button);
});

// Names of a field, as they are typed.
let waiting = null;
document.addEventListener("input", (event) => {
  const list = event.target.list;
  if (!list || !list.dataset.values) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const asked = new URLSearchParams({ field: list.dataset.values, q: event.target.value });
    const answer = await fetch(`/values?${asked}`);
    if (!answer.ok) return;
    list.replaceChildren(...(await answer.json()).map((name) => Object.assign(document.createElement("option"), { value: name })));
  }, 150);
});

// A threshold that is moved: the board follows, and the edit is made when it is let go.
let previewing = false;
let next = null;
async function preview(slider) {
  if (previewing) { next = slider; return; }
  previewing = true;
  try {
    const values = { ...JSON.parse(slider.getAttribute("hx-vals")), value: slider.value };
    for (const field of new FormData(document.getElementById("where"))) values[field[0]] = field[1];
    const answer = await fetch("/preview", {
      method: "POST", headers: { "X-Meeting": token }, body: new URLSearchParams(values),
    });
    if (answer.ok && !slider.dataset.done && slider.isConnected && !underWay) {
      const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
      const board = document.getElementById("board");
      const scrolled = board.scrollTop;
      board.replaceWith(made);
      made.scrollTop = scrolled;
      window.htmx.process(made);
    }
  } catch {
    tell(failed.dataset.silent);
  } finally {
    previewing = false;
    const waitingSlider = next;
    next = null;
    if (waitingSlider && waitingSlider.isConnected) preview(waitingSlider);
  }
}
document.addEventListener("input", (event) => {
  if (event.target.dataset?.preview) preview(event.target);
});
document.addEventListener("change", (event) => {
  if (event.target.dataset?.preview) { event.target.dataset.done = "1"; next = null; }
});

// Cards are dragged to their place; the buttons do the same.
let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("li.card[data-at]") ?? null;
  if (dragged) event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("li.card[data-at]");
  if (dragged && over && over.parentElement === dragged.parentElement) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const over = event.target.closest?.("li.card[data-at]");
  if (!dragged || !over || over === dragged || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  edit(over, { action: "segment.move", s: dragged.parentElement.dataset.list, g: dragged.dataset.at, to: over.dataset.at });
  dragged = null;
});

// Ctrl+Z, Ctrl+Shift+Z and Ctrl+S, outside of a text that is being typed.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  const typing = event.target.matches?.("input, textarea");
  const button = key === "s" ? "save" : typing || key !== "z" ? null : event.shiftKey ? "redo" : "undo";
  if (!button) return;
  event.preventDefault();
  if (typing) event.target.blur();
  const found = document.getElementById(button);
  if (underWay && found) later = described(found, "click");
  else found?.click();
});

// Leaving with edits that are not saved asks first.
window.addEventListener("beforeunload", (event) => {
  if (!document.getElementById("save")?.disabled) event.preventDefault();
});
