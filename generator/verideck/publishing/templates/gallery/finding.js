// Search and filters: words of fronts and backs, gathered when somebody first searches.
var tools = document.querySelector(".tools");
var texts = null;

function folded(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

function gathered() {
  var decoder = document.createElement("textarea");
  return cards.map(function (card) {
    var back = card.querySelector("noscript").textContent.replace(/<script[^]*?<\/script>|<[^>]*>/g, " ");
    decoder.innerHTML = back.replace(/</g, "&lt;"); // text only: entities become letters
    return folded(
      [card.id, card.getAttribute("data-tags"), card.querySelector(".side").textContent, decoder.value].join(" "),
    );
  });
}

function sift() {
  var words = folded(tools.querySelector("input").value).split(/\s+/).filter(Boolean);
  if (words.length && !texts) texts = gathered();
  var wanted = Array.prototype.map.call(tools.querySelectorAll("select"), function (select) {
    return [select.getAttribute("data-filter"), select.value];
  });
  var count = 0;
  cards.forEach(function (card, place) {
    var kept =
      wanted.every(function (one) {
        return !one[1] || card.getAttribute("data-" + one[0]) === one[1];
      }) &&
      words.every(function (word) {
        return texts[place].indexOf(word) >= 0;
      });
    card.hidden = !kept;
    count += kept ? 1 : 0;
  });
  var told = tools.querySelector(".count");
  told.textContent = count === cards.length ? "" : told.getAttribute("data-of").replace("{count}", count);
  document.querySelector(".none").hidden = count > 0;
}

function shown() {
  return cards.filter(function (card) {
    return !card.hidden;
  });
}

// A link to a card finds it, whatever was searched for.
function linked() {
  var target;
  try {
    target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch (malformed) {
    return;
  }
  if (!target || !target.classList.contains("exhibit")) return;
  if (target.hidden) {
    tools.querySelectorAll("input, select").forEach(function (control) {
      control.value = "";
    });
    sift();
  }
  target.focus({ preventScroll: true });
  target.scrollIntoView();
}

if (tools && cards.length) {
  tools.addEventListener("input", sift);
  tools.addEventListener("change", sift);
  window.addEventListener("hashchange", linked);
  if (
    Array.prototype.some.call(tools.querySelectorAll("input, select"), function (control) {
      return control.value;
    })
  )
    sift(); // what the browser kept when the page was left
  if (location.hash) linked();
}
