// Cards: each is made ready when it comes near, turned on demand, and knows of no other.
//
// What a card needs beyond its front stands in its <noscript>, which costs nothing until it is read.
var ready = new WeakMap();
var seen = new Set();
var INTERACTIVE = "a, button, input, select, textarea, summary, label, [role], [contenteditable]";
var cards = Array.prototype.slice.call(document.querySelectorAll(".exhibit"));

function parsed(text) {
  var template = document.createElement("template");
  template.innerHTML = text; // this page's own HTML, cleaned when it was made
  return template.content;
}

function prepared(card) {
  var own = ready.get(card);
  if (own) return own;
  var rest = parsed(card.querySelector("noscript").textContent);
  own = {
    rest: rest,
    data: rest.querySelector("script.verideck-data"),
    table: JSON.parse(rest.querySelector("script.verideck-table").textContent),
    front: card.querySelector(".side"),
    back: null,
    store: new Map(),
  };
  own.fresh = own.front.cloneNode(true);
  ready.set(card, own);
  play(card, own, own.front);
  return own;
}

// The card's own script sees one side as its page, and keeps its state apart from all other cards'.
function play(card, own, side) {
  var storage = {
    getItem: function (key) {
      return own.store.has(key) ? own.store.get(key) : null;
    },
    setItem: function (key, value) {
      own.store.set(key, String(value));
    },
    removeItem: function (key) {
      own.store.delete(key);
    },
  };
  var listeners = new Map();
  var page = facade(document, {
    querySelector: function (selector) {
      return side.querySelector(selector) || (own.data.matches(selector) ? own.data : null);
    },
    querySelectorAll: function (selector) {
      return side.querySelectorAll(selector);
    },
    getElementById: function (id) {
      return side.querySelector('[data-id="' + id + '"], [id="' + id + '"]');
    },
    addEventListener: function (type, act, options) {
      var heard = function (event) {
        if (!side.hidden) act.call(this, event);
      };
      listeners.set(act, heard);
      card.addEventListener(type, heard, options);
    },
    removeEventListener: function (type, act, options) {
      card.removeEventListener(type, listeners.get(act) || act, options);
    },
  });
  try {
    cardScript(page, facade(window, { sessionStorage: storage, localStorage: storage, document: page }));
  } catch (fault) {
    // The side is complete without it.
  }
  side.querySelectorAll("[data-tex]").forEach(function (element) {
    var set = own.table[element.textContent];
    if (set && !element.querySelector("math")) element.replaceChildren(parsed(set));
  });
  rename(card, side);
  // What scrolls within its box can be scrolled by keys.
  side.querySelectorAll(".verideck :is(p, .maths, .options > li > div)").forEach(function (box) {
    if (box.scrollWidth > box.clientWidth + 1 && !box.hasAttribute("tabindex")) box.tabIndex = 0;
  });
}

// Ids that the card's script gives are the card's own.
function rename(card, side) {
  side.querySelectorAll("[id]").forEach(function (element) {
    var id = element.id;
    element.setAttribute("data-id", id);
    element.id = [card.id, side === ready.get(card).back ? "back" : "front", id].join("=");
    ["aria-labelledby", "aria-describedby", "aria-controls", "for"].forEach(function (name) {
      side.querySelectorAll("[" + name + '="' + id + '"]').forEach(function (other) {
        other.setAttribute(name, element.id);
      });
    });
  });
}

function facade(real, own) {
  return new Proxy(real, {
    get: function (target, name) {
      if (Object.prototype.hasOwnProperty.call(own, name)) return own[name];
      var value = target[name];
      return typeof value === "function" && !/^[A-Z]/.test(String(name)) ? value.bind(target) : value;
    },
    set: function (target, name, value) {
      own[name] = value;
      return true;
    },
  });
}

function turn(card, back) {
  var own = prepared(card);
  if (back && !own.back) {
    own.back = own.rest.querySelector(".side").cloneNode(true);
    own.front.after(own.back);
    play(card, own, own.back);
    var proof = own.rest.querySelector(".proof");
    if (proof) {
      own.proof = proof.cloneNode(true);
      own.back.after(own.proof);
    }
  }
  own.front.hidden = back;
  if (own.back) own.back.hidden = !back;
  if (own.proof) own.proof.hidden = !back;
  card.classList.toggle("turned", back);
  var button = card.querySelector(".flip");
  button.textContent = button.getAttribute(back ? "data-back" : "data-front");
  var again = card.querySelector(".again");
  if (again) again.hidden = !back;
}

function flip(card) {
  turn(card, !card.classList.contains("turned"));
  card.scrollIntoView({ block: "nearest" });
}

// Another try: the front as it was, and its script anew.
function again(card) {
  var own = prepared(card);
  var front = own.fresh.cloneNode(true);
  own.front.replaceWith(front);
  if (own.back) own.back.remove();
  if (own.proof) own.proof.remove();
  own.front = front;
  own.back = own.proof = null;
  turn(card, false);
  play(card, own, front);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", function (event) {
  var card = event.target.closest(".exhibit");
  if (!card || event.defaultPrevented) return;
  var button = event.target.closest(".flip, .again");
  if (button) return button.classList.contains("again") ? again(card) : flip(card);
  var selection = window.getSelection();
  if (selection && !selection.isCollapsed) return;
  var interactive = event.target.closest(INTERACTIVE);
  var plain = !interactive || !card.contains(interactive) || interactive.matches("[role=img]");
  if (plain && event.target.closest(".side")) flip(card);
});

var near = new IntersectionObserver(
  function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) {
        seen.add(entry.target);
        prepared(entry.target);
      } else {
        seen.delete(entry.target);
      }
    });
  },
  { rootMargin: "300px 0px" },
);
cards.forEach(function (card) {
  near.observe(card);
});

// On paper every answer is open.
window.addEventListener("beforeprint", function () {
  cards.forEach(function (card) {
    if (!card.hidden) turn(card, true);
  });
});
