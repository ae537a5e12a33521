// A worked solution opens one step at a time: by its buttons, or by the key `n`, which opens it, too.
function steps() {
  var list = page.querySelector(".solution");
  var details = page.querySelector(".steps details");
  if (front || !list || !details) return;
  var waiting = Array.prototype.filter.call(list.children, function (line) {
    return !line.hidden;
  });
  waiting.shift(); // the first step stands from the beginning
  if (!waiting.length) return;
  var buttons = part(details, "p", "stepping", "");
  var next = button("data-next", "n");
  var all = button("data-all", "");
  list.setAttribute("aria-live", "polite");
  waiting.forEach(function (line) {
    line.classList.add("later");
  });
  next.addEventListener("click", function () {
    go(1);
  });
  all.addEventListener("click", function () {
    go(waiting.length);
  });
  pressed("n", function () {
    if (!waiting.length) return false;
    if (details.open) go(1);
    else details.open = true;
    return true;
  });
  tell();

  function button(name, key) {
    var made = part(buttons, "button", "tappable", list.getAttribute(name) || "");
    made.setAttribute("type", "button");
    if (key) made.setAttribute("aria-keyshortcuts", key);
    return made;
  }

  function go(count) {
    var focused = buttons.contains(document.activeElement);
    var shown = waiting.splice(0, count);
    shown.forEach(function (line) {
      line.classList.remove("later");
    });
    tell();
    // Who came here by keyboard goes on from the last step, as the buttons are gone.
    if (focused && !waiting.length) shown[shown.length - 1].querySelector("dd").focus();
    (waiting.length ? buttons : shown[0]).scrollIntoView({ block: "nearest" });
  }

  function tell() {
    var left = String(waiting.length);
    next.textContent = (list.getAttribute("data-next") || "+ ({left})").replace("{left}", left);
    buttons.hidden = !waiting.length;
    all.hidden = waiting.length < 2;
  }
}

// A key that no client takes for itself. A client that keeps its page from card to card keeps listeners, too.
function pressed(key, act) {
  document.addEventListener("keydown", function listen(event) {
    if (!document.documentElement.contains(page)) {
      document.removeEventListener("keydown", listen);
      return;
    }
    var editable = event.target.closest && event.target.closest("input, textarea, [contenteditable]");
    if (event.key !== key || editable || event.ctrlKey || event.altKey || event.metaKey) return;
    if (act()) event.preventDefault();
  });
}
