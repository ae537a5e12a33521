// A typed answer: Anki compares letters, and knows one answer; here values are compared, with every answer accepted.
var answers = Array.isArray(data.accepted) ? data.accepted : [];

function typed() {
  var box = document.getElementById("typeans");
  if (!box) return;
  if (front) {
    mine.typed = box.value;
    box.addEventListener("input", function () {
      mine.typed = box.value;
      remember();
    });
    return;
  }
  var kept = state.front === card && typeof mine.typed === "string" ? mine.typed : read(box);
  if (answers.length) compare(box, tidy(kept));
}

function compare(box, text) {
  var results = answers.map(function (answer) {
    return compared(text, answer);
  });
  var best = Math.max(results.indexOf("same"), -1);
  if (best < 0) best = results.indexOf("equal");
  box.textContent = "";
  if (text && best >= 0) {
    part(box, "span", "typeGood", text);
    var word = page.querySelector(".accepted");
    if (results[best] === "equal") part(box, "span", "equal", (word && word.getAttribute("data-equal")) || "=");
    return;
  }
  var answer = answers[0];
  var asked = pieces(answer, common(answer, text));
  if (text) {
    var given = pieces(text, common(text, answer));
    for (var place = 0; place < given.length; place++) {
      var missing = given[place] ? "" : asked[place].replace(/[^]/g, "-");
      written(box, given[place] || missing, place, given[place] ? "typeBad" : "typeMissed");
    }
    box.appendChild(document.createElement("br"));
    part(box, "span", "", "\u2193").id = "typearrow";
    box.appendChild(document.createElement("br"));
  }
  asked.forEach(function (piece, place) {
    written(box, piece, place, text ? "typeMissed" : "");
  });
}

function written(box, piece, place, name) {
  var before = box.childNodes[box.childNodes.length - 1];
  if (place % 2) name = "typeGood";
  if (!piece) return;
  if (before && before.tagName === "SPAN" && before.id === "" && before.className === name) before.textContent += piece;
  else part(box, "span", name, piece);
}

// Cut a text where what it shares begins and ends: every second piece, from the second on, is shared; both texts
// are cut into as many pieces.
function pieces(text, shared) {
  var found = [""];
  for (var place = 0; place < text.length; place++) {
    if (shared[place]) found.push(text[place], "");
    else found[found.length - 1] += text[place];
  }
  return found;
}

// Which letters of a text belong to its longest common subsequence with another.
function common(text, other) {
  var rows = [];
  for (var i = text.length; i >= 0; i--) {
    rows[i] = [];
    for (var j = other.length; j >= 0; j--) {
      var past = i === text.length || j === other.length;
      if (past) rows[i][j] = 0;
      else if (text[i] === other[j]) rows[i][j] = rows[i + 1][j + 1] + 1;
      else rows[i][j] = Math.max(rows[i + 1][j], rows[i][j + 1]);
    }
  }
  var shared = [];
  for (var one = 0, two = 0; one < text.length; one++) {
    while (two < other.length && text[one] !== other[two] && rows[one][two + 1] >= rows[one + 1][two]) two += 1;
    shared[one] = two < other.length && text[one] === other[two];
    if (shared[one]) two += 1;
  }
  return shared;
}

// Anki's comparison: what was typed stands before the first line break; `typeMissed` marks what was not.
function read(box) {
  if (box.tagName === "INPUT") return box.value;
  var text = "";
  for (var place = 0; place < box.childNodes.length; place++) {
    var node = box.childNodes[place];
    if (node.tagName === "BR") break;
    if (node.tagName === "SPAN" && !node.classList.contains("typeMissed")) text += node.textContent;
  }
  return text; // nothing was typed where the answer stands alone, in no span
}
