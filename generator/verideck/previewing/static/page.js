// The page: follows the server's events, and changes only the cards that changed.
import { Card, Sight, counted } from "./cards.js";
import { listen } from "./keys.js";
import { look } from "./looks.js";
import { clear, filter, folded, offer, onSift } from "./sift.js";

const main = document.getElementById("cards");
const bar = document.querySelector(".bar");
const live = document.querySelector(".live");
const list = document.getElementById("list");
const notice = document.getElementById("notice");
const changed = document.querySelector(".changed");
const empty = main.querySelector(".empty");
const cards = new Map();
const sight = new Sight();
let order = [];
let current = null;
let last = null; // the card that changed last
let hiding = 0;

const keyed = {
  told(card, message) {
    if (message.kind === "touched") choose(card, false);
    else if (message.kind === "key") {
      choose(card, false);
      press(message.key);
    } else if (message.kind === "link") window.open(message.href, "_blank", "noopener,noreferrer");
  },
  filled() {},
};

function apply(delta) {
  // Told are changes of the sources: neither all at the beginning nor verdicts that were waited for.
  const told = cards.size ? delta.cards.filter((summary) => !awaited(summary)).map((summary) => summary.key) : [];
  document.title = `${delta.title || "Deck"} – preview`;
  document.querySelector("h1").textContent = delta.title || "Deck";
  look.speak(delta.language);
  for (const summary of delta.cards) {
    summary.folded = folded(`${summary.text} ${summary.name}`);
    const card = cards.get(summary.key);
    if (card && card.summary.version === summary.version) card.moved(summary.line);
    else if (card) card.change(summary);
    else add(summary);
  }
  for (const [key, line] of Object.entries(delta.lines)) cards.get(key)?.moved(line);
  if (delta.order) arrange(delta.order);
  if (delta.problems) problems(delta.problems);
  tell(told.map((key) => cards.get(key)).filter(Boolean));
  notice.textContent = delta.notice;
  notice.hidden = !delta.notice;
  main.removeAttribute("aria-busy");
  offer([...cards.values()].map((card) => card.summary));
  sift();
}

function add(summary) {
  const card = new Card(summary, keyed);
  cards.set(summary.key, card);
  if (summary.body) card.body = summary.body;
}

// Takes out what is gone, and moves only what does not stand where it should.
function arrange(keys) {
  const wanted = new Set(keys);
  for (const [key, card] of cards) {
    if (wanted.has(key)) continue;
    sight.forget(card);
    card.element.remove();
    cards.delete(key);
    if (current === card) current = null;
    if (last === card) last = null;
  }
  order = keys.map((key) => cards.get(key));
  let before = empty;
  for (const card of order) {
    if (before.nextElementSibling !== card.element) {
      const fresh = !card.element.isConnected;
      card.empty(); // a frame does not live through a move
      before.after(card.element);
      if (fresh) sight.watch(card);
      else card.come(card.near);
    }
    before = card.element;
  }
}

function problems(found) {
  const button = document.getElementById("problems");
  const errors = found.filter((problem) => problem.severity === "error").length;
  const warnings = found.length - errors;
  const parts = [errors && counted(errors, "error"), warnings && counted(warnings, "warning")].filter(Boolean);
  button.textContent = parts.join(", ");
  button.className = errors ? "error" : "warning";
  button.hidden = !found.length;
  if (!found.length) open(false);
  list.replaceChildren(...found.map(problem));
}

function problem(one) {
  const row = document.createElement(one.key ? "button" : "p");
  row.className = one.severity;
  for (const [name, text] of [["place", one.place], ["message", one.message], ["hint", one.hint]]) {
    if (!text) continue;
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    row.append(part);
  }
  if (one.key) {
    row.type = "button";
    row.addEventListener("click", () => go(cards.get(one.key)));
  }
  return row;
}

function open(on) {
  list.hidden = !on;
  document.getElementById("problems").setAttribute("aria-expanded", String(on));
}

function awaited(summary) {
  return cards.get(summary.key)?.summary.state === "computing" && summary.state === "current";
}

function tell(touched) {
  if (!touched.length) return;
  last = touched[0];
  for (const card of touched) flash(card.element);
  const button = document.createElement("button");
  button.type = "button";
  const more = touched.length > 1 ? ` and ${touched.length - 1} more` : "";
  button.textContent = `Changed: ${last.summary.name ? `#${last.summary.name}` : last.summary.title}${more}`;
  button.addEventListener("click", () => go(last));
  changed.replaceChildren(button);
  changed.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (changed.hidden = true), 8000);
}

function flash(element) {
  for (const animation of element.getAnimations()) animation.cancel();
  element.animate([{ outlineColor: "var(--accent)" }, { outlineColor: "transparent" }], { duration: 1600 });
}

function sift() {
  const fits = filter();
  let count = 0;
  for (const card of order) {
    const kept = fits(card.summary);
    if (card.element.hidden === kept) card.element.hidden = !kept;
    count += kept ? 1 : 0;
  }
  const all = order.length;
  document.querySelector(".count").textContent = count === all ? counted(all, "card") : `${count} of ${counted(all, "card")}`;
  empty.hidden = count > 0;
  if (!count) empty.textContent = all ? "No card fits what is asked for." : "There are no cards yet.";
}

function choose(card, scroll = true) {
  if (current && current !== card) current.element.removeAttribute("aria-current");
  current = card;
  if (!card) return;
  card.element.setAttribute("aria-current", "true");
  if (!scroll) return;
  card.element.focus({ preventScroll: true });
  card.element.scrollIntoView({ block: "start" });
}

function go(card) {
  if (!card) return;
  if (card.element.hidden) {
    clear();
    sift();
  }
  choose(card);
}

// The card to act on: the chosen one, else the first in sight.
function acting() {
  if (current && !current.element.hidden) return current;
  const top = bar.getBoundingClientRect().bottom;
  return order.find((card) => !card.element.hidden && card.element.getBoundingClientRect().bottom > top + 40);
}

function walk(step, fits = () => true) {
  const shown = order.filter((card) => !card.element.hidden);
  const at = shown.indexOf(acting());
  const from = current || step < 0 ? at + step : at;
  for (let place = from; place >= 0 && place < shown.length; place += step) {
    if (fits(shown[place])) return choose(shown[place]);
  }
}

function turn() {
  const card = acting();
  if (!card) return;
  choose(card, false);
  card.flip();
}

const press = listen({
  j: () => walk(1),
  k: () => walk(-1),
  ArrowRight: () => walk(1),
  ArrowLeft: () => walk(-1),
  " ": turn,
  r: () => acting()?.again(),
  c: () => go(last),
  n: () => walk(1, (card) => card.summary.errors + card.summary.warnings > 0),
  "/": () => document.getElementById("search").focus(),
  b: () => look.toggle("both"),
  p: () => look.toggle("phone"),
  d: () => look.toggle("night"),
  "?": () => document.getElementById("keys").showModal(),
});

document.getElementById("theme").addEventListener("click", () => look.toggle("night"));
document.getElementById("phone").addEventListener("click", () => look.toggle("phone"));
document.getElementById("sides").addEventListener("click", () => look.toggle("both"));
document.getElementById("help").addEventListener("click", () => document.getElementById("keys").showModal());
document.getElementById("problems").addEventListener("click", () => open(list.hidden));
main.addEventListener("click", (event) => {
  const entry = event.target.closest(".entry");
  if (entry) choose(entry.card, false);
});
onSift(sift);

let both = null;
look.addEventListener("change", () => {
  for (const card of order) card.dress();
  if (both !== look.both) for (const card of order) card.turned(look.both);
  both = look.both;
});
look.apply();
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`);
}).observe(bar);

const events = new EventSource("events");
events.onopen = () => status("live", "follows the sources");
events.onmessage = (event) => apply(JSON.parse(event.data));
events.onerror = () => {
  status("ended", "the preview has ended");
  notice.textContent = "The preview has ended. Start it again, and open the address that it prints.";
  notice.hidden = false;
};

function status(name, words) {
  live.className = `live ${name}`;
  live.title = words;
  live.setAttribute("aria-label", words);
}
