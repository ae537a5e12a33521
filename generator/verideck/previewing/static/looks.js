// How the page is looked at: theme, width, sides; kept for as long as the browser keeps it.
const KEY = "verideck-preview";
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const wide = window.matchMedia("(min-width: 900px)");

function kept() {
  try {
    return JSON.parse(window.localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

class Look extends EventTarget {
  constructor() {
    super();
    this.chosen = kept();
    this.language = "en";
    dark.addEventListener("change", () => this.apply());
    wide.addEventListener("change", () => this.apply());
  }

  get night() {
    return this.chosen.night ?? dark.matches;
  }

  get phone() {
    return this.chosen.phone ?? false;
  }

  get both() {
    return this.chosen.both ?? wide.matches;
  }

  // What a side is told of it.
  get dressed() {
    return { night: this.night, language: this.language };
  }

  toggle(name) {
    this.chosen[name] = !this[name];
    try {
      window.localStorage.setItem(KEY, JSON.stringify(this.chosen));
    } catch {
      // It holds for this page.
    }
    this.apply();
  }

  speak(language) {
    if (language === this.language) return;
    this.language = language;
    this.apply();
  }

  apply() {
    root.classList.toggle("night", this.night);
    root.classList.toggle("phone", this.phone);
    root.classList.toggle("both", this.both);
    for (const [id, on] of [["theme", this.night], ["phone", this.phone], ["sides", this.both]]) {
      document.getElementById(id).setAttribute("aria-pressed", String(on));
    }
    this.dispatchEvent(new Event("change"));
  }
}

export const look = new Look();
