// Options: shuffled at each review, chosen by a tap or a digit, and marked on the back against what was chosen.
function choices() {
  var list = page.querySelector(".options");
  if (!list) return;
  var items = arranged(list, Array.prototype.slice.call(list.children));
  if (front) choosable(list, items);
  else judged(list, items);
}

function number(item) {
  return Number(item.getAttribute("data-option"));
}

function arranged(list, items) {
  var byNumber = {};
  items.forEach(function (item) {
    byNumber[number(item)] = item;
  });
  var order = Array.isArray(mine.order) ? mine.order : null;
  var whole =
    order &&
    order.length === items.length &&
    items.every(function (item) {
      return order.indexOf(number(item)) >= 0;
    });
  if (!whole) {
    var numbers = items.map(number).sort(function (one, other) {
      return one - other;
    });
    order = data.keep_order
      ? items.map(number)
      : shuffled(numbers.length, chance("options")).map(function (place) {
          return numbers[place];
        });
  }
  mine.order = order;
  return order.map(function (wanted) {
    return list.appendChild(byNumber[wanted]);
  });
}

function choosable(list, items) {
  var several = data.select_all === true;
  var chosen = {};
  (Array.isArray(mine.chosen) ? mine.chosen : []).forEach(function (one) {
    chosen[one] = true;
  });
  list.setAttribute("role", several ? "group" : "radiogroup");
  list.setAttribute("aria-label", list.getAttribute("data-choose") || "");
  list.classList.add("choosable");
  items.forEach(function (item, place) {
    item.setAttribute("role", several ? "checkbox" : "radio");
    item.addEventListener("click", function (event) {
      if (!selecting() && !event.target.closest("a, summary")) choose(item);
    });
    item.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (event.key === " ") choose(item);
      else if (step) items[(place + step + items.length) % items.length].focus();
      else return;
      // Neither the page's scrolling nor the client's own key for the answer.
      event.preventDefault();
      event.stopPropagation();
    });
  });
  digits(function (digit) {
    if (items[digit - 1]) choose(items[digit - 1]);
    return !!items[digit - 1];
  });
  desktop(list);
  tell();

  function choose(item) {
    var was = chosen[number(item)];
    if (!several) chosen = {};
    chosen[number(item)] = !was;
    tell();
    remember();
  }

  function tell() {
    mine.chosen = items.map(number).filter(function (one) {
      return chosen[one];
    });
    items.forEach(function (item, place) {
      var on = !!chosen[number(item)];
      item.classList.toggle("chosen", on);
      item.setAttribute("aria-checked", String(on));
      item.setAttribute("tabindex", several || on || (!place && !mine.chosen.length) ? "0" : "-1");
    });
  }
}

function selecting() {
  var selection = window.getSelection && window.getSelection();
  return !!selection && !selection.isCollapsed;
}

function judged(list, items) {
  var chosen = Array.isArray(mine.chosen) && state.front === card ? mine.chosen : [];
  if (!chosen.length) return;
  list.classList.add("judged");
  items.forEach(function (item) {
    var mark = item.querySelector(".mark");
    var own = chosen.indexOf(number(item)) >= 0;
    var right = item.classList.contains("right");
    var word = list.getAttribute(own ? "data-chosen" : "data-missed") || "";
    if (!own && !right) return;
    item.classList.add(own ? "chosen" : "missed");
    mark.setAttribute("aria-label", mark.getAttribute("aria-label") + ", " + word);
    part(item, "span", "told", word).setAttribute("aria-hidden", "true");
  });
}

// Anki's desktop takes digits, Space and Enter for itself unless a text box has the focus, as on its own typed cards.
// So an unseen one has it: digits choose, Space and Enter show the answer, any other key gives the focus back.
function desktop(list) {
  if (!/QtWebEngine/.test(navigator.userAgent) || typeof pycmd !== "function") return;
  var keys = part(page, "input", "verideck-keys", "");
  keys.setAttribute("autocomplete", "off");
  keys.setAttribute("aria-label", list.getAttribute("aria-label"));
  keys.addEventListener("keydown", function (event) {
    var command = { " ": "ans", Enter: "ans", e: "edit" }[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey || event.key === "Shift") return;
    if (command) pycmd(command);
    else if (!/^[0-9]$/.test(event.key)) keys.blur();
    if (event.key !== "Tab") event.preventDefault();
  });
  keys.focus({ preventScroll: true });
}

// A client that keeps its page from card to card keeps listeners, too: each takes itself off once its card is gone.
function digits(act) {
  document.addEventListener("keydown", function listen(event) {
    if (!document.documentElement.contains(page)) {
      document.removeEventListener("keydown", listen);
      return;
    }
    var editable = event.target.closest && event.target.closest("input, textarea, [contenteditable]");
    if (event.ctrlKey || event.altKey || event.metaKey || (editable && editable.className !== "verideck-keys")) return;
    if (/^[1-9]$/.test(event.key) && act(Number(event.key))) event.preventDefault();
  });
}
