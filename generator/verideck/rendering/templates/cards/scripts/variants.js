// A varying card shows other numbers each time: one row of `vary` in the note's Data, never last time's again.
function variants() {
  var vary = object(data.vary);
  if (!Array.isArray(vary.names) || !Array.isArray(vary.rows) || !vary.rows.length) return;
  var count = vary.rows.length;
  var kept = vary.rows[last.row] ? last.row : -1;
  var fresh = front && !again;
  var row = fresh && proven ? another(count, kept) : fresh || kept < 0 ? daily(count) : kept;
  mine.row = row;
  if (row > 0) show(values(vary.names, vary.rows[row]));
}

function another(count, before) {
  var row = Math.floor(Math.random() * (before < 0 || count < 2 ? count : count - 1));
  return before >= 0 && count > 1 && row >= before ? row + 1 : row;
}

// The day's row: all rows once in as many days, each round in an order of its own, and none on two days running.
function daily(count) {
  var day = today();
  if (count < 3) return (day + Math.floor(seeded("row")() * count)) % count;
  var round = Math.floor(day / count);
  var order = shuffled(count, seeded("row " + round));
  var before = shuffled(count, seeded("row " + (round - 1)))[count - 1]; // a swap at the beginning moves no end
  if (order[0] === before) order.splice(0, 2, order[1], order[0]);
  return order[day - round * count];
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
  answers = answers.map(function (answer, place) {
    var own = chosen["~typed." + place];
    return own === undefined ? answer : own;
  });
}

function filled(template, chosen, tex) {
  return template.replace(/«([^«»]*)»/g, function (whole, name) {
    var value = chosen[name];
    if (value === undefined) return whole;
    return tex ? value.replace(/[%#&_$]/g, "\\$&") : value;
  });
}
