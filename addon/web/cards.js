// Finds a card's heatmaps whenever Anki shows a side, and puts drawings in their places once these stand.
(() => {
  "use strict";
  const own = (window.attentionHeatmaps = window.attentionHeatmaps || {});
  const KEY = "attention-heatmaps";
  const FOUND = "img.heatmap, img.attention-heatmap, .attention-heatmap[data-heatmap]";
  const FILE = /^[\w.-]{1,90}\.svg$/;
  const WORDS = { predict: "Predict first, then tap a cell to see it.", covered: "covered" };
  const ALT = "A heatmap whose values are still covered.";
  let placed = new Map(); // the element that is hidden → its heatmap
  let rooms = {}; // a picture's file → the width and height of its drawing, where these differ from the picture's
  let state = {}; // of the card now shown: its side, what was revealed and chosen by a heatmap's place

  function remembered() {
    try {
      const found = JSON.parse(sessionStorage.getItem(KEY) || "{}");
      return found && typeof found === "object" ? found : {};
    } catch {
      return {};
    }
  }

  function remember() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(state));
    } catch {
      // the next side begins anew
    }
  }

  // A front begins anew unless it is the same one again, after an edit or an undo; a back has what its front left.
  function arrive(mark) {
    const { card = "", side = "", reveal = "cell" } = mark.dataset;
    rooms = parsed(mark.dataset.rooms);
    const before = remembered();
    const again = before.card === card && (side === "answer" || before.side === side);
    state = { card, side, reveal, revealed: (again && before.revealed) || {}, views: (again && before.views) || {} };
    remember();
  }

  function scan() {
    const page = document.getElementById("qa");
    const marks = page ? page.querySelectorAll(".attention-heatmaps-card") : [];
    const mark = marks[marks.length - 1];
    for (const [element, heatmap] of placed) {
      if (page?.contains(element)) continue;
      heatmap.end();
      placed.delete(element);
    }
    if (!mark) return shut();
    if (!mark.attentionHeatmaps) {
      mark.attentionHeatmaps = true;
      shut();
      arrive(mark);
    }
    const seen = new Set();
    let place = 0;
    for (const found of page.querySelectorAll(FOUND)) {
      if (found.closest(".heatmaps-host, .heatmaps-dialog")) continue;
      const frame = found.closest(".predict");
      const target = frame || found;
      if (seen.has(target)) continue;
      seen.add(target);
      put(target, frame, place++);
    }
  }

  function shut() {
    if (own.zoomed?.dialog.isConnected) own.zoomed.close();
    own.zoomed = null;
  }

  function name(target, frame) {
    if (target.dataset.heatmap) return target.dataset.heatmap;
    const image = frame ? frame.querySelector(".whole") : target;
    let file = "";
    try {
      file = decodeURIComponent((image?.getAttribute("src") || "").split("/").pop());
    } catch {
      // no name of ours
    }
    return FILE.test(file) ? file : "";
  }

  function put(target, frame, place) {
    const called = name(target, frame);
    const old = placed.get(target);
    if (old && old.name === called) return;
    if (old) drop(target, old);
    if (!called || (target.tagName === "IMG" && !target.isConnected)) return target.classList.add("heatmaps-stays");
    target.classList.remove("heatmaps-stays");
    reserve(target, rooms[called]);
    const front = state.side === "question";
    const revealed = Array.isArray(state.revealed[place]) ? state.revealed[place] : [];
    const predicted = !!frame || target.hasAttribute("data-reveal");
    const lifted = state.revealed[place] === "all" || state.reveal === "never";
    const view = { heads: "all", rows: false, log: false, ...parsed(target.dataset.view), ...state.views[place] };
    const image = frame ? frame.querySelector(".whole") : target.tagName === "IMG" ? target : target.querySelector("img");
    const heatmap = own.heatmap({
      name: called,
      label: image?.alt || "",
      view,
      chosen() {
        state.views[place] = view;
        remember();
      },
      covering: front && predicted && !lifted ? covering(frame, place, revealed) : undefined,
      stands(map) {
        stand(target, map, image);
        if (!front && predicted) own.seen(map, revealed);
      },
      fails(reason) {
        if (map.answer) return;
        target.classList.add("heatmaps-stays");
        reserve(target);
        if (target.dataset.heatmap && !target.firstChild) tell(target, reason);
      },
    });
    const { map } = heatmap;
    placed.set(target, heatmap);
    heatmap.draw();
  }

  function parsed(text) {
    try {
      return JSON.parse(text || "{}");
    } catch {
      return {};
    }
  }

  // Gives a static picture the room of its drawing, or takes it away: nothing moves when that comes.
  function reserve(target, room) {
    for (const image of target.tagName === "IMG" ? [target] : target.querySelectorAll("img.heatmap")) {
      if (!room && !image.hasAttribute("data-heatmaps-room")) continue; // what else stands there is its author's
      image.toggleAttribute("data-heatmaps-room", !!room);
      image.style.width = room ? room[0] + "px" : "";
      image.style.aspectRatio = room ? room.join("/") : "";
      image.style.objectFit = room ? "contain" : "";
    }
  }

  function covering(frame, place, revealed) {
    const given = frame?.dataset || {};
    state.revealed[place] = revealed;
    return {
      mode: state.reveal,
      words: {
        predict: given.predict || WORDS.predict,
        covered: given.covered || WORDS.covered,
        alt: frame?.querySelector(".covered")?.alt || ALT,
      },
      revealed,
      changed: remember,
      lifted() {
        state.revealed[place] = "all";
        remember();
      },
    };
  }

  // In the static picture's place, as that stood: a block of its own or within a line.
  function stand(target, map, image) {
    if (map.host.isConnected) return;
    const style = getComputedStyle(target);
    if (style.display === "block" || target.matches(".predict")) map.host.classList.add("heatmaps-block");
    map.host.style.margin = style.margin;
    target.after(map.host);
    map.host.heatmap = map;
    target.classList.add("heatmaps-replaced");
    const said = map.host.nextElementSibling;
    if (target.matches(".predict") && said?.matches(".value")) said.classList.add("heatmaps-replaced");
    if (image) image.dataset.heatmapsDrawn = "";
  }

  function tell(target, reason) {
    target.style.minHeight = "";
    const note = own.part(target, "span", "attention-heatmaps-note mathjax_ignore tex2jax_ignore");
    note.setAttribute("role", "note");
    own.part(note, "b", "", "Heatmap not shown:");
    note.append(" " + reason);
  }

  function drop(target, heatmap) {
    heatmap.end();
    target.classList.remove("heatmaps-replaced");
    placed.delete(target);
  }

  own.again = () => {
    own.forget();
    redraw();
  };

  function redraw() {
    for (const heatmap of placed.values()) heatmap.draw();
    if (own.zoomed?.dialog.isConnected) own.zoomed.heatmap.draw();
  }

  // What fails leaves the pictures as they stand.
  function safely(act) {
    return () => {
      try {
        act();
      } catch (fault) {
        console.warn("attention heatmaps: " + fault);
      }
    };
  }

  function start() {
    const look = safely(scan);
    new MutationObserver((changes) => {
      const ours = (change) => change.target.closest?.(".heatmaps-host, .heatmaps-dialog");
      if (!changes.every(ours)) look();
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] });
    let dark = own.dark();
    const themed = new MutationObserver(() => {
      if (dark === own.dark()) return;
      dark = own.dark();
      safely(redraw)();
    });
    for (const element of [document.body, document.documentElement]) {
      themed.observe(element, { attributes: true, attributeFilter: ["class"] });
    }
    window.addEventListener("scroll", () => placed.forEach(({ map }) => map.hide()), { passive: true, capture: true });
    look();
  }

  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
