// The contents: questions by their words, of all decks.
(function () {
  "use strict";
  var tools = document.querySelector(".tools");
  var items = Array.prototype.slice.call(document.querySelectorAll(".questions li"));
  if (!tools) return;

  function folded(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function sift() {
    var words = folded(tools.querySelector("input").value).split(/\s+/).filter(Boolean);
    var count = 0;
    items.forEach(function (item) {
      var text = folded(item.textContent + " " + item.firstElementChild.hash);
      item.hidden = !words.every(function (word) {
        return text.indexOf(word) >= 0;
      });
      count += item.hidden ? 0 : 1;
    });
    document.querySelectorAll(".deck").forEach(function (deck) {
      var list = deck.querySelector(".questions");
      if (!list) return;
      list.open = words.length > 0 && !!list.querySelector("li:not([hidden])");
      deck.classList.toggle("missed", words.length > 0 && !list.open);
    });
    var told = tools.querySelector(".count");
    told.textContent = words.length ? told.getAttribute("data-of").replace("{count}", count) : "";
    document.querySelector(".none").hidden = count > 0;
  }

  tools.addEventListener("input", sift);
  if (tools.querySelector("input").value) sift();
  document.addEventListener("keydown", function (event) {
    var search = tools.querySelector("input");
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/" && event.target !== search) {
      search.focus();
      event.preventDefault();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      sift();
    }
  });
})();
