// A heatmap to predict: the front shows it covered, and a tap on a cell, or Enter, shows what that cell holds.
//
// The whole picture lies over the covered one, cut to the cells revealed, so that the two match at any size.
function reveal() {
  var maps = Array.isArray(data.heatmaps) ? data.heatmaps : [];
  var before = Array.isArray(mine.revealed) && state.front === card ? mine.revealed : []; // of a front drawn anew, too
  if (front) mine.revealed = [];
  var clips = window.CSS && CSS.supports && CSS.supports("clip-path", "polygon(0 0)");
  each(".question .predict", function (frame, place) {
    var name = frame.querySelector(".whole").getAttribute("src").split("/").pop();
    maps.forEach(function (map) {
      if (object(map).file !== name || !map.grid || !map.weights) return;
      if (front && clips) coverable(frame, map, (mine.revealed[place] = []), list(before[place]));
      else if (!front) seen(frame, map, list(before[place]));
    });
  });
}

// Where a cell is, in parts of a hundred of the picture's width and height: left, top, right, bottom.
function spot(frame, map, cell) {
  var grid = map.grid;
  var cover = frame.querySelector(".covered");
  var wide = 100 / Number(cover.getAttribute("width"));
  var high = 100 / Number(cover.getAttribute("height"));
  var left = grid[0] + (cell.head % grid[4]) * grid[5] + cell.column * grid[2];
  var top = grid[1] + Math.floor(cell.head / grid[4]) * grid[6] + cell.row * grid[3];
  return [left * wide, top * high, (left + grid[2]) * wide, (top + grid[3]) * high];
}

function laid(element, at) {
  element.style.left = at[0] + "%";
  element.style.top = at[1] + "%";
  element.style.width = at[2] - at[0] + "%";
  element.style.height = at[3] - at[1] + "%";
}

function list(found) {
  return Array.isArray(found) ? found : [];
}

function coverable(frame, map, revealed, before) {
  var whole = frame.querySelector(".whole");
  var taken = /QtWebEngine/.test(navigator.userAgent) && typeof pycmd === "function";
  var value = part(frame.parentNode, "span", "value", frame.getAttribute("data-predict") || "");
  frame.parentNode.insertBefore(value, frame.nextSibling);
  value.setAttribute("role", "status");
  whole.setAttribute("aria-hidden", "true"); // its words say what is to be predicted
  cut();
  frame.classList.add("open");
  map.weights.forEach(function (rows, head) {
    var name = (map.heads || [])[head];
    var cells = [];
    var grid = part(frame, "span", "cells tappable", "");
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-label", name || frame.querySelector(".covered").alt);
    rows.forEach(function (row, number) {
      var line = part(grid, "span", "", "");
      line.setAttribute("role", "row");
      row.forEach(function (weight, column) {
        cells.push(cell(line, { head: head, row: number, column: column }, row.length));
      });
    });

    function cell(line, place, across) {
      var index = cells.length;
      var at = spot(frame, map, place);
      var element = part(line, "span", "", "");
      var label = text(map.queries[place.row]) + " \u2192 " + text(map.keys[place.column]) + ": ";
      element.setAttribute("role", "gridcell");
      element.setAttribute("tabindex", index ? "-1" : "0");
      element.setAttribute("aria-label", label + (frame.getAttribute("data-covered") || "?"));
      laid(element, at);
      if (taken) editable(element);
      // A tap moves no focus: the client's keys stay the client's.
      element.addEventListener("mousedown", function (event) {
        event.preventDefault();
      });
      element.addEventListener("click", show);
      element.addEventListener("keydown", function (event) {
        var to = { ArrowLeft: index - 1, ArrowRight: index + 1, ArrowUp: index - across, ArrowDown: index + across };
        var aside = event.key === "ArrowLeft" || event.key === "ArrowRight";
        var other = cells[to[event.key]];
        if (event.key === "Enter" || event.key === " ") {
          if (element.getAttribute("aria-selected") === "true") return back(event); // the client's own key again
          show();
        } else if (!(event.key in to)) return back(event);
        else if (other && !(aside && Math.floor(to[event.key] / across) !== place.row)) move(other).focus();
        event.preventDefault();
        event.stopPropagation();
      });
      if (before.some(same)) open();
      return element;

      function same(one) {
        return one[0] === place.head && one[1] === place.row && one[2] === place.column;
      }

      function show() {
        move(element);
        value.textContent = (name ? name + ", " : "") + label + held(place);
        if (element.getAttribute("aria-selected") !== "true") open();
        remember();
      }

      function open() {
        element.setAttribute("aria-selected", "true");
        element.setAttribute("aria-label", label + held(place));
        revealed.push([place.head, place.row, place.column]);
        cut();
      }
    }

    function move(element) {
      cells.forEach(function (one) {
        one.setAttribute("tabindex", one === element ? "0" : "-1");
      });
      return element;
    }
  });

  // Gives a key that the desktop's Anki did not get, as a text box had the focus, back to it.
  function back(event) {
    if (!taken || event.key === "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
    var command = { " ": "ans", Enter: "ans", e: "edit" }[event.key];
    var keys = page.querySelector(".verideck-keys");
    if (command) pycmd(command);
    else if (keys) keys.focus({ preventScroll: true });
    else event.target.blur();
    event.preventDefault();
  }

  function held(place) {
    var hidden = map.masked && map.masked[place.row].charAt(place.column) === "1";
    if (hidden) return frame.getAttribute("data-masked") || "-";
    var weight = map.weights[place.head][place.row][place.column];
    if (weight && Math.abs(weight) < 0.001) return "\u2248 0";
    return String(weight).replace("-", "\u2212");
  }

  // Every cell begins and ends at the corner, so that the ways between them enclose nothing.
  function cut() {
    var points = ["0 0"];
    revealed.forEach(function (one) {
      var at = spot(frame, map, { head: one[0], row: one[1], column: one[2] });
      [[0, 1], [2, 1], [2, 3], [0, 3], [0, 1]].forEach(function (corner) {
        points.push(at[corner[0]] + "% " + at[corner[1]] + "%");
      });
      points.push("0 0");
    });
    whole.style.clipPath = "polygon(" + points.join(",") + ")";
  }
}

// As in `desktop`: what takes no text gets neither Enter nor Space there.
function editable(element) {
  element.setAttribute("contenteditable", "true");
  element.setAttribute("spellcheck", "false");
  element.addEventListener("beforeinput", function (event) {
    event.preventDefault();
  });
}

function text(token) {
  return String(token).trim() || "\u2423";
}

// On the back the picture is whole; a fine frame tells the cells that were looked at before.
function seen(frame, map, revealed) {
  revealed.forEach(function (one) {
    laid(part(frame, "span", "seen", ""), spot(frame, map, { head: one[0], row: one[1], column: one[2] }));
  });
}
