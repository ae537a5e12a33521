// Shows one side of a card as Anki's reviewer does, and tells the page around what happens in it.
//
// This document has no origin of its own, so nothing is kept here: what the card's script keeps between the
// sides goes to the page, which hands it to the other side.
(function () {
  "use strict";
  var store = null; // while a side is put in
  var kept = new Map();
  var height = 0;

  function tell(message) {
    window.parent.postMessage(message, location.origin);
  }

  Object.defineProperty(window, "sessionStorage", {
    value: {
      getItem: function (key) {
        return kept.has(key) ? kept.get(key) : null;
      },
      setItem: function (key, text) {
        kept.set(key, String(text));
        if (store === null) tell({ kind: "kept", kept: Array.from(kept) });
      },
      removeItem: function (key) {
        kept.delete(key);
      },
    },
  });

  function show(message) {
    var place = document.getElementById("qa");
    kept = new Map(message.kept);
    store = kept;
    dress(message);
    document.getElementById("maths").textContent = message.css;
    place.innerHTML = message.html; // the deck's own fields, cleaned as for Anki; only its script is let run
    place.querySelectorAll("script:not([type])").forEach(function (script) {
      var copy = document.createElement("script");
      copy.textContent = script.textContent;
      script.replaceWith(copy);
    });
    place.querySelectorAll("[data-tex]").forEach(function (element) {
      var set = message.table[element.textContent];
      if (set && !element.querySelector("math")) element.innerHTML = set;
    });
    store = null;
    measure();
    tell({ kind: "shown", kept: Array.from(kept), height: height, number: message.number });
  }

  function dress(message) {
    document.documentElement.lang = message.language;
    document.documentElement.classList.toggle("night-mode", message.night);
    document.body.className = "card card" + (message.ordinal + 1) + (message.night ? " nightMode night_mode" : "");
  }

  function measure() {
    var root = document.documentElement;
    var bar = root.scrollWidth > root.clientWidth ? 16 : 0;
    var now = Math.ceil(document.body.getBoundingClientRect().height) + bar;
    if (now === height) return;
    height = now;
    tell({ kind: "height", height: height });
  }

  window.addEventListener("message", function (event) {
    if (event.source !== window.parent || event.origin !== location.origin) return;
    if (event.data.kind === "show") show(event.data);
    else if (event.data.kind === "dress") dress(event.data);
  });

  // Keys that the card has no use for are the page's; so are links, which would lead out of the frame.
  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    var target = event.target.closest ? event.target : document.body;
    if (target.closest("input, textarea, select, [contenteditable]")) return;
    var own = target.closest("a, button, summary, [role]:not([role=group]), [tabindex]");
    if (own && (event.key === " " || event.key === "Enter" || event.key.indexOf("Arrow") === 0)) return;
    if (event.key === " ") event.preventDefault();
    tell({ kind: "key", key: event.key });
  });
  ["pointerdown", "focusin"].forEach(function (name) {
    document.addEventListener(name, function () {
      tell({ kind: "touched" });
    });
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    if (/^https?:/.test(link.href)) tell({ kind: "link", href: link.href });
  });

  document.addEventListener("DOMContentLoaded", function () {
    new ResizeObserver(measure).observe(document.body);
    tell({ kind: "ready" });
  });
})();
