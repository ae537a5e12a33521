// Keys: j and k or the arrows to walk, Space to turn, / to search.
function current() {
  var focused = document.activeElement && document.activeElement.closest(".exhibit");
  if (focused) return focused;
  var best = null;
  seen.forEach(function (card) {
    var top = Math.abs(card.getBoundingClientRect().top - 80);
    if (!card.hidden && (!best || top < best.top)) best = { card: card, top: top };
  });
  return best && best.card;
}

function walk(step) {
  var list = shown();
  var focused = document.activeElement && document.activeElement.closest(".exhibit");
  var place = list.indexOf(focused || current());
  var next = list[focused || step < 0 ? place + step : Math.max(place, 0)];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

document.addEventListener("keydown", function (event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  var target = event.target;
  var editing = target.closest("input, textarea, select, [contenteditable]");
  var search = document.querySelector(".tools input");
  if (event.key === "Escape" && target === search) {
    search.value = "";
    search.dispatchEvent(new Event("input", { bubbles: true }));
    return search.blur();
  }
  if (editing) return;
  if (event.key === "/" && search) search.focus();
  else if (event.key === "j" || event.key === "ArrowRight") walk(1);
  else if (event.key === "k" || event.key === "ArrowLeft") walk(-1);
  else if (event.key === " " || (event.key === "Enter" && target.matches(".exhibit"))) {
    var card = current();
    if (!card || target.closest("a, button, summary, [role]")) return;
    if (document.activeElement !== card) card.focus({ preventScroll: true });
    flip(card);
  } else return;
  event.preventDefault();
});
