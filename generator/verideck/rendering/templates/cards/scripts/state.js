// What the features of a card share: the page, the card's data, and what its front leaves for its back.
//
// Some clients forget everything between the sides. So nothing is left to chance before some back has found what
// its front left: until then order and variant follow from the card and the day, the same on both sides.
var KEY = "verideck";
var DAY = 86400000;
var NIGHT = 4 * 3600000; // a day begins at four, as Anki's does
var page = document.querySelector(".verideck");
var source = document.querySelector("script.verideck-data");
if (!page || !source) return;
var front = page.classList.contains("front");
var card = source.getAttribute("data-card") || "";
var data = object(parsed(source.textContent));
var state = remembered();
var last = object(Object.prototype.hasOwnProperty.call(state.cards, card) ? state.cards[card] : null);
var again = front && state.front === card && state.side === "front"; // drawn anew, after an edit or an undo
var mine = front && !again ? {} : last; // what this review chooses: a front begins anew
if (front) state.front = card;
else if (state.front === card) state.proven = true;
state.side = front ? "front" : "back";
var proven = state.proven === true;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (damaged) {
    return null;
  }
}

function object(found) {
  return found && typeof found === "object" && !Array.isArray(found) ? found : {};
}

function remembered() {
  var text = null;
  try {
    text = window.sessionStorage.getItem(KEY);
  } catch (unavailable) {
    text = window[KEY] || null;
  }
  var found = object(parsed(text));
  return found.cards && found.cards === object(found.cards) ? found : { cards: {} };
}

function remember() {
  state.cards[card] = mine;
  var text = JSON.stringify(state);
  try {
    window.sessionStorage.setItem(KEY, text);
  } catch (unavailable) {
    window[KEY] = text;
  }
}

function today() {
  var now = new Date();
  return Math.floor((now.getTime() - now.getTimezoneOffset() * 60000 - NIGHT) / DAY);
}

// Random numbers from 0 to 1: by chance where a front's choice is known to last, else the same all day.
function chance(seed) {
  return proven ? Math.random : seeded(seed + " " + today());
}

function seeded(seed) {
  var word = 2166136261;
  var text = card + "\n" + seed;
  for (var place = 0; place < text.length; place++) word = Math.imul(word ^ text.charCodeAt(place), 16777619);
  return function () {
    word = (word + 0x6d2b79f5) | 0;
    var mixed = Math.imul(word ^ (word >>> 15), 1 | word);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(count, random) {
  var order = [];
  for (var place = 0; place < count; place++) {
    var other = Math.floor(random() * (place + 1));
    order[place] = order[other];
    order[other] = place;
  }
  return order;
}

function each(selector, act, within) {
  Array.prototype.forEach.call((within || page).querySelectorAll(selector), act);
}

function part(parent, tag, name, text) {
  var element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return parent.appendChild(element);
}
