// One heatmap that has been drawn anew: its picture, the cell under the pointer or the keyboard, what that holds.
//
// The picture is an <img>, in which nothing can run; what is interactive lies over it, in parts of its size.
(() => {
  "use strict";
  const own = (window.attentionHeatmaps = window.attentionHeatmaps || {});
  const LEFTWARD = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
  let serial = 0;

  own.part = (parent, tag, name, text = "") => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    parent.append(element);
    return element;
  };

  // A head without a name has its number.
  own.head = (name) => (/^\d+$/.test(name) ? `Head ${name}` : name);

  // A token for a line of text. One written from right to left would turn around what stands beside it.
  own.told = (token) => (LEFTWARD.test(token) ? `\u2068${token}\u2069` : token);

  // Makes the parts of a heatmap; `take` gives them something to show. `large` is one that fills the window.
  own.map = ({ label = "", large = false } = {}) => {
    const host = document.createElement("span");
    // A token that looks like a formula stays a token: MathJax passes over these classes.
    host.className = "heatmaps-host mathjax_ignore tex2jax_ignore" + (large ? " heatmaps-large" : "");
    const stage = own.part(host, "span", "heatmaps-stage");
    const marks = own.part(stage, "span", "heatmaps-marks");
    const grid = own.part(stage, "span", "heatmaps-grid");
    const bar = own.part(host, "span", "heatmaps-bar");
    const status = own.part(bar, "span", "heatmaps-status");
    const bubble = own.part(host, "span", "heatmaps-bubble");
    const map = { host, stage, marks, grid, bar, status, label, answer: null, at: null, covered: null };
    marks.setAttribute("aria-hidden", "true");
    bubble.setAttribute("aria-hidden", "true");
    status.setAttribute("role", "status");
    grid.setAttribute("role", "grid");
    grid.tabIndex = 0;

    // Puts a decoded picture in the place of the one before. `covers` are pictures that lie below it.
    map.take = (answer, picture, cover) => {
      const before = stage.querySelectorAll("img");
      map.answer = answer;
      picture.className = "heatmaps-picture";
      picture.alt = map.label || answer.alt;
      for (const image of [cover, picture]) {
        if (!image) continue;
        image.width = answer.width;
        image.height = answer.height;
        image.draggable = false;
        stage.insertBefore(image, marks);
      }
      before.forEach((image) => image.remove());
      const [first] = answer.cells;
      grid.setAttribute("aria-label", `Cells of ${answer.cells.length > 1 ? "the heads" : "the heatmap"}`);
      grid.setAttribute("aria-rowcount", answer.cells.length * first.length);
      grid.setAttribute("aria-colcount", first[0].length);
      if (map.at && !inside(map.at)) map.at = null;
      if (map.at && shown()) map.show(map.at);
      else map.hide();
      if (large) map.fit();
    };

    // As large as the window allows; a drawing loses nothing by it.
    map.fit = () => {
      const { width, height } = map.answer;
      const wide = window.innerWidth - 48;
      const high = window.innerHeight - 40 - bar.offsetHeight;
      stage.style.width = Math.floor(width * Math.min(wide / width, high / height)) + "px";
    };

    // Where a cell is, in parts of a hundred of the picture.
    map.box = ({ head, row, column }, rows = 1, columns = 1) => {
      const [left, top, width, height, across, aside, below] = map.answer.grid;
      const x = left + (head % across) * aside + column * width;
      const y = top + Math.floor(head / across) * below + row * height;
      const [wide, high] = [100 / map.answer.width, 100 / map.answer.height];
      return [x * wide, y * high, columns * width * wide, rows * height * high];
    };

    map.lay = (name, place) => {
      const element = own.part(marks, "span", name);
      ["left", "top", "width", "height"].forEach((side, n) => (element.style[side] = place[n] + "%"));
      return element;
    };

    map.value = ({ head, row, column }) => map.answer.cells[head][row][column];

    map.names = ({ head, row, column }) => {
      const { queries, keys, heads, cells } = map.answer;
      const name = heads[head] || (cells.length > 1 ? String(head + 1) : "");
      return [`${own.told(queries[row])} → ${own.told(keys[column])}`, own.head(name)];
    };

    map.said = (place) => {
      if (map.covered && !map.covered.open(place)) return map.covered.word;
      const value = map.value(place);
      if (value === null) return map.answer.masked;
      return (map.answer.exact ? "" : "≈ ") + String(value).replace("-", "−");
    };

    // Frames a cell, its row and its column; the same cell in the other heads; says what it holds.
    map.show = (place, spoken = false) => {
      map.at = place;
      const { cells } = map.answer;
      const [rows, columns] = [cells[0].length, cells[0][0].length];
      marks.querySelectorAll(":scope > :not(.heatmaps-seen)").forEach((mark) => mark.remove());
      cells.forEach((_, head) => {
        if (head !== place.head) map.lay("heatmaps-twin", map.box({ ...place, head }));
      });
      map.lay("heatmaps-line", map.box({ ...place, column: 0 }, 1, columns));
      map.lay("heatmaps-line", map.box({ ...place, row: 0 }, rows, 1));
      const mark = map.lay("heatmaps-cell", map.box(place));
      const [names, head] = map.names(place);
      bubble.replaceChildren();
      own.part(bubble, "b", "", map.said(place));
      own.part(bubble, "span", "", names);
      if (head) own.part(bubble, "span", "heatmaps-head", head);
      const read = !map.answer.exact && map.value(place) !== null;
      if (read) own.part(bubble, "span", "heatmaps-head", "read from the picture, in 255 steps");
      bubble.classList.add("heatmaps-shown");
      beside(mark);
      if (spoken) speak(place, [head, names].filter(Boolean).join(", ") + ": " + map.said(place));
    };

    map.hide = () => {
      marks.querySelectorAll(":scope > :not(.heatmaps-seen)").forEach((mark) => mark.remove());
      bubble.classList.remove("heatmaps-shown");
    };

    map.redo = () => map.at && shown() && map.show(map.at, document.activeElement === grid);

    function shown() {
      return bubble.classList.contains("heatmaps-shown");
    }

    function inside({ head, row, column }) {
      return map.answer.cells[head]?.[row]?.[column] !== undefined;
    }

    // Aslant of the cell, so that its row, its column and their labels stay seen; never out of the window.
    function beside(mark) {
      const cell = mark.getBoundingClientRect();
      const { offsetWidth: wide, offsetHeight: high } = bubble;
      const [right, bottom] = [document.documentElement.clientWidth - 4, window.innerHeight - 4];
      const left = cell.right + 9 + wide <= right ? cell.right + 9 : cell.left - 9 - wide;
      const top = cell.bottom + 9 + high <= bottom ? cell.bottom + 9 : cell.top - 9 - high;
      bubble.style.left = Math.max(4, Math.min(left, right - wide)) + "px";
      bubble.style.top = Math.max(4, Math.min(top, bottom - high)) + "px";
    }

    // A reader of the screen is given the one cell that matters, as part of a grid that is as large as the map.
    function speak({ head, row, column }, words) {
      const line = document.createElement("span");
      line.setAttribute("role", "row");
      line.setAttribute("aria-rowindex", head * map.answer.cells[0].length + row + 1);
      const cell = own.part(line, "span", "heatmaps-hidden", words);
      cell.id = `heatmaps-cell-${(serial += 1)}`;
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", column + 1);
      grid.replaceChildren(line);
      grid.setAttribute("aria-activedescendant", cell.id);
    }

    map.under = (event) => {
      const area = grid.getBoundingClientRect();
      const [left, top, width, height, across, aside, below] = map.answer.grid;
      const x = ((event.clientX - area.left) / area.width) * map.answer.width - left;
      const y = ((event.clientY - area.top) / area.height) * map.answer.height - top;
      const [over, down] = [Math.floor(x / aside), Math.floor(y / below)];
      const head = down * across + over;
      const place = {
        head,
        row: Math.floor((y - down * below) / height),
        column: Math.floor((x - over * aside) / width),
      };
      return over >= 0 && over < across && down >= 0 && inside(place) ? place : null;
    };

    grid.addEventListener("pointermove", (event) => {
      const place = map.answer && map.under(event);
      if (!place) return leave();
      grid.classList.add("heatmaps-over");
      const old = map.at;
      if (!shown() || !old || ["head", "row", "column"].some((name) => old[name] !== place[name])) map.show(place);
    });
    grid.addEventListener("pointerleave", leave);
    // A tap takes no focus away from the card: the client's keys stay the client's.
    grid.addEventListener("pointerdown", (event) => event.preventDefault());
    grid.addEventListener("mousedown", (event) => event.preventDefault());
    grid.addEventListener("click", (event) => {
      const place = map.answer && map.under(event);
      if (!place) return;
      if (map.covered) map.covered.tap(place);
      map.show(place);
    });
    grid.addEventListener("focus", () => map.answer && map.show(map.at || { head: 0, row: 0, column: 0 }, true));
    grid.addEventListener("blur", () => map.hide());
    grid.addEventListener("keydown", (event) => {
      if (!map.answer) return;
      const first = !map.at; // where the focus came before the drawing did
      map.at = map.at || { head: 0, row: 0, column: 0 };
      const to = event.altKey || event.metaKey ? null : target(event);
      if (to) map.show(first ? map.at : to, true);
      else if (event.key === "Escape" && shown() && !large) map.hide();
      else if (!(map.covered && map.covered.key(event, map.at))) return;
      event.preventDefault();
      event.stopPropagation();
    });

    function leave() {
      grid.classList.remove("heatmaps-over");
      if (document.activeElement !== grid) map.hide();
    }

    // Shift and Ctrl make no difference to arrows: Anki's previewer keeps the plain ones to itself.
    function target(event) {
      const { head, row, column } = map.at;
      const { cells } = map.answer;
      const [heads, rows, columns] = [cells.length, cells[0].length, cells[0][0].length];
      const far = event.ctrlKey;
      const to = {
        ArrowLeft: [head, row, column - 1],
        ArrowRight: [head, row, column + 1],
        ArrowUp: [head, row - 1, column],
        ArrowDown: [head, row + 1, column],
        Home: [head, far ? 0 : row, 0],
        End: [head, far ? rows - 1 : row, columns - 1],
        PageUp: [head - 1, row, column],
        PageDown: [head + 1, row, column],
      }[event.key];
      if (!to) return null;
      const kept = (value, count) => Math.max(0, Math.min(value, count - 1));
      return { head: kept(to[0], heads), row: kept(to[1], rows), column: kept(to[2], columns) };
    }

    return map;
  };
})();
