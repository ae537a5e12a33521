// A card in the list: what it is found by at once, its sides and what there is to say of it when it comes near.
import { Side } from "./frames.js";
import { look } from "./looks.js";

const MOST = 30; // cards whose sides are kept while they are out of sight

function made(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

export class Card {
  constructor(summary, keyed) {
    this.keyed = keyed;
    this.near = false;
    this.body = null;
    this.pairs = [];
    this.element = made("article", "entry");
    this.element.tabIndex = -1;
    this.head = made("header");
    this.sides = made("div", "sides");
    this.panel = made("aside", "panel");
    this.element.append(this.head, this.sides, this.panel);
    this.element.card = this;
    this.panel.setAttribute("aria-label", "Verdict and claims");
    this.turn = made("button", "turn", "Show answer");
    this.turn.type = "button";
    this.turn.addEventListener("click", () => this.flip());
    this.list(summary);
  }

  // Takes in what the card is listed by; its place alone may have changed.
  list(summary) {
    this.summary = summary;
    const { dataset } = this.element;
    Object.assign(dataset, { key: summary.key, version: summary.version, state: summary.state });
    Object.assign(dataset, { verdict: summary.verdict, kind: summary.kind });
    this.element.id = `card-${summary.key}`;
    this.element.setAttribute("aria-label", summary.title);
    this.place = made("span", "place", `${summary.path}:${summary.line}`);
    this.place.dataset.path = summary.path;
    this.place.dataset.down = "1";
    const facts = [summary.kind, summary.level, summary.deck.split("::").pop()].filter(Boolean);
    const sign = made("span", `sign ${summary.verdict}`, summary.verdict);
    this.head.replaceChildren(
      made("strong", "name", summary.name ? `#${summary.name}` : "no id"),
      sign,
      ...(summary.state === "stale" ? [made("span", "sign stale", "as it last was")] : []),
      ...(summary.errors ? [made("span", "sign error", counted(summary.errors, "error"))] : []),
      ...(summary.warnings ? [made("span", "sign warning", counted(summary.warnings, "warning"))] : []),
      made("span", "facts", facts.join(" · ")),
      this.place,
    );
  }

  moved(line) {
    this.summary.line = line;
    for (const place of this.element.querySelectorAll(".place")) {
      place.textContent = `${place.dataset.path}:${line - 1 + Number(place.dataset.down)}`;
    }
  }

  change(summary) {
    this.list(summary);
    if (summary.body) this.fill(summary.body);
    else if (this.near) this.load();
    else this.body = null;
  }

  // The sides are made when they come near, and given up long after they have left.
  come(near) {
    this.near = near;
    if (!near || this.live) return;
    if (this.body?.version === this.summary.version) this.fill(this.body);
    else this.load();
  }

  get live() {
    return this.body !== null && this.body.version === this.summary.version && this.pairs.length === this.body.sides.length;
  }

  async load() {
    const { key, version } = this.summary;
    if (this.loading === version) return;
    this.loading = version;
    try {
      const answer = await fetch(`cards/${encodeURIComponent(key)}`);
      if (answer.ok) this.fill(await answer.json());
    } catch {
      // The page says so when the preview has ended.
    } finally {
      if (this.loading === version) this.loading = null;
    }
  }

  fill(body) {
    this.body = body;
    if (!this.near && !this.pairs.length) return;
    this.panel.innerHTML = body.panel; // made by the server of text that it escaped
    this.moved(this.summary.line);
    if (body.sides.length !== this.pairs.length || !body.sides.length) this.build(body.sides);
    body.sides.forEach((side, place) => this.pairs[place].show(side, body.css));
    this.keyed.filled(this);
  }

  build(sides) {
    this.empty();
    this.element.classList.toggle("bare", !sides.length);
    this.pairs = sides.map((side, place) => new Pair(this, place, sides.length > 1 ? side.name : ""));
    this.sides.replaceChildren(...this.pairs.map((pair) => pair.element));
    if (this.pairs.length) this.sides.append(this.turn);
    this.pairs.forEach((pair) => pair.placed());
    this.turned(look.both);
  }

  // Keeps the room that the sides took.
  empty() {
    if (!this.pairs.length) return;
    this.sides.style.minHeight = `${this.sides.offsetHeight}px`;
    this.pairs.forEach((pair) => pair.remove());
    this.pairs = [];
    this.sides.replaceChildren();
  }

  settled() {
    this.sides.style.minHeight = "";
  }

  flip() {
    this.turned(!this.element.classList.contains("turned"));
  }

  turned(on) {
    this.element.classList.toggle("turned", on);
    this.turn.textContent = on ? "Hide answer" : "Show answer";
  }

  again() {
    this.pairs.forEach((pair) => pair.again());
  }

  dress() {
    this.pairs.forEach((pair) => pair.dress());
  }
}

// Front and back of one of Anki's cards. The back is shown with what the front has left, as in a review.
class Pair {
  constructor(card, ordinal, name) {
    this.card = card;
    this.ordinal = ordinal;
    this.kept = [];
    this.element = made("div", "pair");
    if (name) this.element.append(made("h3", "", name));
    const title = card.summary.title;
    this.front = new Side("front", `Front: ${title}`, (message) => this.told(message, true));
    this.back = new Side("back", `Back: ${title}`, (message) => this.told(message, false));
    for (const [label, side] of [["Front", this.front], ["Back", this.back]]) {
      const figure = made("figure", label.toLowerCase());
      figure.append(made("figcaption", "", label), side.element);
      this.element.append(figure);
    }
  }

  placed() {
    this.front.placed();
    this.back.placed();
  }

  show(side, css) {
    const before = this.side;
    this.side = side;
    this.css = css;
    const same = before && before.front === side.front && this.front.message.css === css;
    if (same) this.showBack();
    else this.start([]);
  }

  start(kept) {
    const message = { ...look.dressed, css: this.css, table: this.side.table, ordinal: this.ordinal };
    this.fresh = true;
    this.front.show({ ...message, html: this.side.front, kept });
  }

  again() {
    this.start(this.kept);
  }

  showBack() {
    const message = { ...look.dressed, css: this.css, table: this.side.table, ordinal: this.ordinal };
    this.back.show({ ...message, html: this.side.back, kept: this.left || [] });
  }

  told(message, front) {
    if (message.kind === "shown" || message.kind === "kept") {
      this.kept = message.kept;
      if (front) this.left = message.kept;
      if (front && (message.kind === "kept" || this.fresh)) this.showBack();
      this.fresh = this.fresh && !front;
    }
    if (message.kind === "height" || message.kind === "shown") this.card.settled();
    this.card.keyed.told(this.card, message);
  }

  dress() {
    this.front.dress(look.dressed);
    this.back.dress(look.dressed);
  }

  remove() {
    this.front.remove();
    this.back.remove();
  }
}

export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

// Sides out of sight are given up, the longest unseen first.
export class Sight {
  constructor() {
    this.unseen = new Set();
    this.observer = new IntersectionObserver(
      (entries) => entries.forEach((entry) => this.seen(entry.target.card, entry.isIntersecting)),
      { rootMargin: "100% 0px" },
    );
  }

  watch(card) {
    this.observer.observe(card.element);
  }

  forget(card) {
    this.observer.unobserve(card.element);
    this.unseen.delete(card);
    card.empty();
  }

  seen(card, near) {
    this.unseen.delete(card);
    if (!near && card.pairs.length) this.unseen.add(card);
    card.come(near);
    for (const old of this.unseen) {
      if (this.unseen.size <= MOST) break;
      this.unseen.delete(old);
      old.empty();
    }
  }
}
