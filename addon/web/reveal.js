// A heatmap to predict: covered on a card's front; a tap on a cell, or Enter, shows what that cell holds, its row,
// or all of them, as the settings say. On the back a dot tells the cells that were looked at.
(() => {
  "use strict";
  const own = (window.attentionHeatmaps = window.attentionHeatmaps || {});
  const MOST_KEPT = 600; // cells that a page remembers of one map

  // Qt's window hands Enter and Space to Anki unless a page's element takes text; such a one refuses the text.
  own.editable = (element) => {
    if (!/QtWebEngine/.test(navigator.userAgent)) return;
    element.setAttribute("contenteditable", "true");
    element.setAttribute("spellcheck", "false");
    element.addEventListener("beforeinput", (event) => event.preventDefault());
  };

  // Gives a key that Anki did not get, as a page's element had the focus, back to it.
  own.giveBack = (event) => {
    const grade = /^[1-4]$/.test(event.key) && "ease" + event.key;
    const command = grade || { " ": "ans", Enter: "ans", e: "edit" }[event.key];
    if (!/QtWebEngine/.test(navigator.userAgent) || event.ctrlKey || event.altKey || event.metaKey) return false;
    if (event.key === "Tab" || event.key === "Shift") return false;
    if (command) pycmd(command);
    else event.target.blur();
    return true;
  };

  // Covers a map. `revealed` are the cells shown before, to which new ones are added; `all` is called when a
  // person asks for everything.
  own.cover = (map, { mode, words, revealed, changed, all }) => {
    const keys = new Set(revealed.map(String));
    const covered = { word: words.covered };

    covered.open = ({ head, row, column }) => keys.has(String([head, row, column]));

    covered.tap = (place) => {
      if (mode === "all") return all();
      const { cells } = map.answer;
      const columns = mode === "row" ? cells[place.head][place.row].keys() : [place.column];
      for (const column of columns) {
        const cell = [place.head, place.row, column];
        if (keys.has(String(cell)) || revealed.length >= MOST_KEPT) continue;
        keys.add(String(cell));
        revealed.push(cell);
      }
      const [names, head] = map.names(place);
      map.status.textContent = (head ? head + ", " : "") + names + ": " + map.said(place);
      covered.cut();
      changed();
    };

    covered.key = (event, place) => {
      const enters = event.key === "Enter" || event.key === " ";
      if (enters && !covered.open(place)) {
        covered.tap(place);
        map.redo();
        return true;
      }
      return own.giveBack(event);
    };

    // Each row's cells that touch are one rectangle; all begin and end at the corner, so nothing lies between.
    covered.cut = () => {
      const points = ["0 0"];
      const sorted = [...revealed].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
      for (let n = 0; n < sorted.length; ) {
        const [head, row, column] = sorted[n];
        let count = 1;
        while (n + count < sorted.length && String(sorted[n + count]) === String([head, row, column + count])) count += 1;
        const [left, top, width, height] = map.box({ head, row, column }, 1, count);
        const [right, bottom] = [left + width, top + height];
        points.push(`${left}% ${top}%`, `${right}% ${top}%`, `${right}% ${bottom}%`, `${left}% ${bottom}%`, `${left}% ${top}%`, "0 0");
        n += count;
      }
      map.stage.querySelector(".heatmaps-picture").style.clipPath = `polygon(${points.join()})`;
    };

    covered.laid = (cover) => {
      cover.className = "heatmaps-cover";
      cover.alt = words.alt;
      const picture = map.stage.querySelector(".heatmaps-picture");
      picture.alt = "";
      picture.setAttribute("aria-hidden", "true"); // its words say what is to be predicted
      if (!map.status.textContent) map.status.textContent = words.predict;
      covered.cut();
    };

    covered.lift = () => {
      map.covered = null;
      map.host.classList.remove("heatmaps-covered");
      map.grid.removeAttribute("contenteditable");
      map.status.textContent = "";
    };

    map.covered = covered;
    map.host.classList.add("heatmaps-covered");
    own.editable(map.grid);
    return covered;
  };

  // Tells on the back which cells were looked at before.
  own.seen = (map, revealed) => {
    map.marks.querySelectorAll(".heatmaps-seen").forEach((mark) => mark.remove());
    const { cells } = map.answer;
    for (const [head, row, column] of revealed) {
      if (cells[head]?.[row]?.[column] !== undefined) map.lay("heatmaps-seen", map.box({ head, row, column }));
    }
  };
})();
