// A varying card shows other numbers each time: one row of `vary` in the note's Data, chosen at the front, kept
// for the back. Nothing is chosen before some back has found what its front left: where a client forgets, both
// sides show the first variant, which the page holds without any script.
(function () {
  "use strict";
  var KEY = "verideck";
  var page = document.querySelector(".verideck");
  var source = document.querySelector("script.verideck-data");
  if (!page || !source) return;
  var front = page.classList.contains("front");
  var card = source.getAttribute("data-card") || "";
  var state = remembered();
  if (front) state.front = card;
  else if (state.front === card) state.proven = true;
  start();
  remember();

  function remembered() {
    var text = null;
    try {
      text = window.sessionStorage.getItem(KEY);
    } catch (unavailable) {
      text = window[KEY] || null;
    }
    try {
      var found = JSON.parse(text);
      if (found && typeof found === "object" && found.cards && typeof found.cards === "object") return found;
    } catch (damaged) {
      // as if there were nothing
    }
    return { cards: {} };
  }

  function remember() {
    var text = JSON.stringify(state);
    try {
      window.sessionStorage.setItem(KEY, text);
    } catch (unavailable) {
      window[KEY] = text;
    }
  }

  function start() {
    var vary;
    try {
      vary = JSON.parse(source.textContent).vary;
    } catch (damaged) {
      return;
    }
    if (!vary || !Array.isArray(vary.names) || !Array.isArray(vary.rows) || !vary.rows.length) return;
    var kept = Object.prototype.hasOwnProperty.call(state.cards, card) ? state.cards[card] : null;
    var last = kept && vary.rows[kept.row] ? kept.row : -1;
    var row = front ? (state.proven === true ? another(vary.rows.length, last) : 0) : Math.max(last, 0);
    state.cards[card] = { row: row };
    if (row > 0) show(values(vary.names, vary.rows[row]));
  }

  function another(count, last) {
    var row = Math.floor(Math.random() * (last < 0 || count < 2 ? count : count - 1));
    return last >= 0 && count > 1 && row >= last ? row + 1 : row;
  }

  function values(names, row) {
    var found = Object.create(null);
    names.forEach(function (name, place) {
      found[name] = String(row[place]);
    });
    return found;
  }

  function show(chosen) {
    each("[data-v]", function (element) {
      var value = chosen[element.getAttribute("data-v")];
      if (value !== undefined) element.textContent = value;
    });
    each("[data-tex]", function (element) {
      var tex = filled(element.getAttribute("data-tex"), chosen, true);
      var own = element.classList.contains("maths");
      element.textContent = (own ? "\\[" : "\\(") + tex + (own ? "\\]" : "\\)");
    });
    ["alt", "title", "width", "height", "src"].forEach(function (name) {
      each("[data-v-" + name + "]", function (element) {
        var value = filled(element.getAttribute("data-v-" + name), chosen, false);
        if (name !== "src" || /^[\w-]+\.svg$/.test(value)) element.setAttribute(name, value);
      });
    });
    each(".solution > div", function (line) {
      line.hidden = !line.querySelector("dd").textContent;
    });
    if ("~typed" in chosen) compare(chosen["~typed"]);
  }

  function each(selector, act) {
    Array.prototype.forEach.call(page.querySelectorAll(selector), act);
  }

  function filled(template, chosen, tex) {
    return template.replace(/«([^«»]*)»/g, function (whole, name) {
      var value = chosen[name];
      if (value === undefined) return whole;
      return tex ? value.replace(/[%#&_$]/g, "\\$&") : value;
    });
  }

  // Anki has compared what was typed with the first variant's answer: it is read off, and compared with this one's.
  function compare(answer) {
    var box = document.getElementById("typeans");
    if (front || !box) return;
    var typed = plain(read(box));
    box.textContent = "";
    if (typed === plain(answer)) {
      part(box, "span", "typeGood", answer);
      return;
    }
    if (typed) {
      part(box, "span", "typeBad", typed);
      box.appendChild(document.createElement("br"));
      part(box, "span", "", "\u2193").id = "typearrow";
      box.appendChild(document.createElement("br"));
    }
    part(box, "span", typed ? "typeMissed" : "", answer);
  }

  // What was typed stands before the first line break; `typeMissed` marks what was not.
  function read(box) {
    var typed = "";
    for (var place = 0; place < box.childNodes.length; place++) {
      var node = box.childNodes[place];
      if (node.tagName === "BR") break;
      if (node.tagName === "SPAN" && !node.classList.contains("typeMissed")) typed += node.textContent;
    }
    return typed;
  }

  function plain(text) {
    return text.normalize("NFC").trim().replace(/\s+/g, " ");
  }

  function part(parent, tag, name, text) {
    var element = document.createElement(tag);
    if (name) element.className = name;
    element.textContent = text;
    return parent.appendChild(element);
  }
})();
