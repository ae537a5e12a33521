// In the editor: finds the heatmap that is meant, tells Python of a double click on one, puts markup in its place.
(() => {
  "use strict";
  const own = (window.attentionHeatmaps = window.attentionHeatmaps || {});
  if (own.editor) return;
  const PICTURE = "img.attention-heatmap";
  const OPENING = "[attention]";
  const CLOSING = "[/attention]";
  let target = null; // what the dialog is open for: a field, and where in it
  let pressed = null; // the heatmap that was clicked last: Anki lays its handles over it

  const fields = () =>
    [...document.querySelectorAll(".rich-text-editable")]
      .map((host) => host.shadowRoot?.querySelector("anki-editable"))
      .filter(Boolean);

  const selection = (field) => field.getRootNode().getSelection?.() ?? document.getSelection();

  // Anki writes a field anew when it gains or loses the focus, so places are kept as ways from the field down.
  function way(field, node, offset) {
    const steps = [offset];
    for (let at = node; at !== field; at = at.parentNode) {
      if (!at) return null;
      steps.unshift([...at.parentNode.childNodes].indexOf(at));
    }
    return steps;
  }

  function walked(field, steps) {
    let node = field;
    for (const step of steps.slice(0, -1)) {
      node = node.childNodes[step];
      if (!node) return null;
    }
    const most = node.nodeType === Node.TEXT_NODE ? node.length : node.childNodes.length;
    return [node, Math.min(steps[steps.length - 1], most)];
  }

  const spanned = (field, range) => ({
    field,
    start: way(field, range.startContainer, range.startOffset),
    end: way(field, range.endContainer, range.endOffset),
  });

  const pictured = (field, image) => ({
    field,
    number: [...field.querySelectorAll(PICTURE)].indexOf(image),
    src: image.getAttribute("src"),
  });

  function image({ field, number, src }) {
    const found = number === undefined ? null : field.querySelectorAll(PICTURE)[number];
    return found?.getAttribute("src") === src ? found : null;
  }

  function hit(x, y) {
    for (const field of fields()) {
      for (const image of field.querySelectorAll(PICTURE)) {
        const box = image.getBoundingClientRect();
        if (x >= box.left && x < box.right && y >= box.top && y < box.bottom) return pictured(field, image);
      }
    }
    return null;
  }

  // The field's text with the places of its letters; a line's end counts as a letter without a place.
  function letters(field) {
    const walker = document.createTreeWalker(field, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    const nodes = [];
    let text = "";
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === Node.TEXT_NODE) {
        nodes.push({ node, start: text.length });
        text += node.data;
      } else if (/^(BR|DIV|P|LI|TR)$/.test(node.tagName)) {
        text += "\n";
      }
    }
    return { text, nodes };
  }

  function place(nodes, at, end) {
    for (let i = nodes.length - 1; i >= 0; i--) {
      if (end ? nodes[i].start < at : nodes[i].start <= at) return [nodes[i].node, at - nodes[i].start];
    }
    return null;
  }

  // The block of text around a place, if there is one.
  function block(field, node, offset) {
    const { text, nodes } = letters(field);
    const found = nodes.find((each) => each.node === node);
    if (!found) return null;
    const at = found.start + offset;
    const small = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()); // as long as the text
    for (let start = small.indexOf(OPENING); start >= 0 && start <= at; start = small.indexOf(OPENING, start + 1)) {
      const close = small.indexOf(CLOSING, start);
      if (close < 0) return null;
      const end = close + CLOSING.length;
      if (at > end) continue;
      const from = place(nodes, start, false);
      const to = place(nodes, end, true);
      if (!from || !to) return null;
      const range = document.createRange();
      range.setStart(...from);
      range.setEnd(...to);
      return { ...spanned(field, range), text: text.slice(start + OPENING.length, close) };
    }
    return null;
  }

  function told() {
    if (!target) return { kind: "nothing" };
    const picture = target.field && image(target);
    if (picture) {
      return {
        kind: "picture",
        file: decodeURIComponent(target.src),
        alt: picture.alt,
        reveal: picture.hasAttribute("data-reveal"),
      };
    }
    return target.text === undefined ? { kind: "caret" } : { kind: "block", text: target.text };
  }

  // What the button is pressed for: a picture that is selected, the block around the caret, or the caret.
  function begin(ordinal) {
    const code = document.activeElement?.closest?.(".CodeMirror")?.CodeMirror;
    if (code) target = { code };
    else if (pressed?.field.isConnected && image(pressed)) target = pressed;
    else target = caret(ordinal);
    return told();
  }

  function caret(ordinal) {
    const all = fields();
    const field = all.find((each) => each.getRootNode().activeElement === each) ?? at(ordinal) ?? all[0];
    if (!field) return null;
    const chosen = selection(field);
    const range = chosen?.rangeCount ? chosen.getRangeAt(0) : null;
    if (!range || !field.contains(range.commonAncestorContainer)) return { field };
    const picture = range.collapsed ? null : range.startContainer.childNodes[range.startOffset];
    if (picture?.matches?.(PICTURE)) return pictured(field, picture);
    return block(field, range.startContainer, range.startOffset) ?? spanned(field, range);
  }

  function at(ordinal) {
    const field = document.querySelector(`.field-container[data-index="${Number(ordinal)}"] .rich-text-editable`);
    return field?.shadowRoot?.querySelector("anki-editable");
  }

  // Through the page's own command, so that the editor's undo takes it back in one step.
  function insert(html) {
    const { code } = target ?? {};
    if (code) {
      code.replaceSelection(html);
      code.focus();
      return true;
    }
    const field = target?.field?.isConnected ? target.field : fields()[0];
    if (!field) return false;
    focused(field, () => {
      const chosen = selection(field);
      chosen.removeAllRanges();
      chosen.addRange(spot(field));
      document.execCommand("insertHTML", false, html);
      target = pressed = null;
    });
    return true;
  }

  // What Anki writes into a field on the focus would end the history of undo, so that comes first.
  function focused(field, act) {
    let begun = false;
    const begin = () => {
      if (begun) return;
      begun = true;
      field.focus();
      requestAnimationFrame(() => requestAnimationFrame(act));
    };
    if (document.hasFocus()) return begin();
    window.addEventListener("focus", begin, { once: true });
    setTimeout(begin, 500); // the window stays behind another one
  }

  function spot(field) {
    const range = document.createRange();
    const { start, end, field: meant } = target ?? {};
    const picture = meant === field ? image(target) : null;
    const from = start && meant === field ? walked(field, start) : null;
    const to = from && end ? walked(field, end) : null;
    if (picture) {
      range.selectNode(picture);
    } else if (from && to) {
      range.setStart(...from);
      range.setEnd(...to);
    } else {
      range.selectNodeContents(field);
      range.collapse(false);
    }
    return range;
  }

  document.addEventListener(
    "mousedown",
    (event) => {
      const path = event.composedPath();
      const field = path.find((element) => element.tagName === "ANKI-EDITABLE");
      if (field) pressed = path[0].matches?.(PICTURE) ? pictured(field, path[0]) : null;
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.altKey && !event.metaKey) pressed = null;
  }, true);

  document.addEventListener(
    "dblclick",
    (event) => {
      // The second click of two meets the handles that the first one called up.
      target = hit(event.clientX, event.clientY);
      const field = event.composedPath().find((element) => element.tagName === "ANKI-EDITABLE");
      if (!target && field) {
        const chosen = selection(field);
        if (chosen?.rangeCount) {
          const range = chosen.getRangeAt(0);
          target = block(field, range.startContainer, range.startOffset);
        }
      }
      if (!target) return;
      event.preventDefault();
      event.stopPropagation();
      bridgeCommand("attention-heatmaps-editor:" + JSON.stringify(told()));
    },
    true,
  );

  own.editor = { begin, insert };
})();
