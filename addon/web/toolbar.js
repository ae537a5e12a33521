// What can be asked of a heatmap: which heads, rows that sum to 1, a logarithmic scale, the whole window, a copy.
(() => {
  "use strict";
  const own = (window.attentionHeatmaps = window.attentionHeatmaps || {});
  const SVG = "http://www.w3.org/2000/svg";
  const ICONS = {
    rows: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11M5 2.5v4M11 6v4M7 9.5v4",
    log: "M2.5 2.5v11h11M4.5 11.5c.5-5 3-7.5 8.5-8",
    zoom: "M9.5 2.5h4v4M6.5 13.5h-4v-4M13 3 9.5 6.5M3 13l3.5-3.5",
    copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
    all: "M1.5 8s2.4-4 6.5-4 6.5 4 6.5 4-2.4 4-6.5 4-6.5-4-6.5-4zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
    close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  };
  const WORDS = {
    rows: "Let each row sum to 1",
    log: "Logarithmic colours",
    zoom: "Fill the window",
    copy: "Copy as a picture",
    all: "Show all cells",
    close: "Close (Esc)",
  };

  // `acts` are functions by the names above; those of `rows`, `log` and `heads` take what was chosen.
  own.toolbar = (map, view, acts) => {
    const bar = own.part(map.bar, "span", "heatmaps-toolbar");
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "Heatmap");
    const select = acts.heads && own.part(bar, "select", "heatmaps-heads");
    const buttons = {};
    if (select) {
      select.setAttribute("aria-label", "Heads");
      select.hidden = true;
      select.addEventListener("change", () => acts.heads(/^\d+$/.test(select.value) ? Number(select.value) : select.value));
      select.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());
    }
    for (const name of ["rows", "log", "all", "copy", "zoom", "close"]) if (acts[name]) buttons[name] = button(name);

    function button(name) {
      const element = own.part(bar, "span", "heatmaps-button");
      const icon = element.appendChild(document.createElementNS(SVG, "svg"));
      icon.setAttribute("viewBox", "0 0 16 16");
      icon.setAttribute("aria-hidden", "true");
      icon.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", ICONS[name]);
      element.setAttribute("role", "button");
      element.tabIndex = 0;
      element.dataset.name = name;
      named(element, WORDS[name]);
      own.editable(element);
      element.addEventListener("pointerdown", (event) => event.preventDefault());
      element.addEventListener("mousedown", (event) => event.preventDefault());
      element.addEventListener("click", () => press(name));
      element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") press(name);
        else if (!own.giveBack(event)) return;
        event.preventDefault();
        event.stopPropagation();
      });
      return element;
    }

    function named(element, words) {
      element.title = words;
      element.setAttribute("aria-label", words);
    }

    function press(name) {
      if (buttons[name].getAttribute("aria-disabled") === "true") return;
      acts[name](!view[name]);
    }

    // Says what is chosen, and what makes no sense for this map.
    const shown = (answer) => {
      for (const name of ["rows", "log"]) {
        const element = buttons[name];
        if (!element) continue;
        const why = view[name] ? "" : answer.cannot[name] || "";
        element.setAttribute("aria-pressed", String(!!view[name]));
        element.setAttribute("aria-disabled", String(!!why));
        named(element, why ? `${WORDS[name]}: ${why}` : WORDS[name]);
      }
      if (!select) return;
      select.hidden = answer.every.length < 2;
      const several = answer.every.length;
      if (select.options.length !== several + 2) {
        select.replaceChildren();
        choice("all", `All ${several} heads`);
        choice("mean", `Mean of ${several} heads`);
        answer.every.forEach((name, head) => choice(String(head), own.head(name)));
      }
      select.value = String(view.heads);
    };

    function choice(value, words) {
      own.part(select, "option", "", words).value = value;
    }

    return { shown, element: bar };
  };

  // Draws a picture on a canvas, twice as large as it stands, and gives it as a PNG.
  own.png = async (url, width, height) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(2, 4096 / width, 4096 / height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png");
  };

  // Shows a heatmap in a dialog that fills the window, until Esc, its button, or another side of the card.
  own.zoom = (settings) => {
    const back = document.activeElement;
    const dialog = document.createElement("dialog");
    dialog.className = "heatmaps-dialog";
    dialog.setAttribute("aria-label", settings.label || "Heatmap");
    const close = () => {
      window.removeEventListener("resize", fit);
      dialog.close();
      dialog.remove();
      back?.focus?.({ preventScroll: true });
    };
    const fit = () => heatmap.map.answer && heatmap.map.fit();
    const heatmap = own.heatmap({ ...settings, large: true, close });
    dialog.append(heatmap.map.host);
    document.body.append(dialog);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    // Before Anki's own listener, which would close the whole window.
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
      if (event.key === "Escape" || event.key.startsWith("Arrow")) event.stopPropagation();
    });
    dialog.addEventListener("click", (event) => event.target === dialog && close());
    window.addEventListener("resize", fit);
    dialog.showModal();
    heatmap.draw();
    return { dialog, close, heatmap };
  };
})();
