// Questions to Python and their answers, and a heatmap that follows them.
(() => {
  "use strict";
  const own = (window.attentionHeatmaps = window.attentionHeatmaps || {});
  const MOST_KEPT = 32;
  const waiting = new Map();
  const kept = new Map(); // a side that comes again is drawn before it is seen
  let number = Math.floor(Math.random() * 2 ** 40); // no answer to the page before is taken for one to this

  own.dark = () =>
    document.body.classList.contains("nightMode") || document.documentElement.classList.contains("night-mode");

  function send(message, then) {
    number += 1;
    waiting.set(number, then);
    if (waiting.size > 200) waiting.delete(waiting.keys().next().value);
    pycmd("attention-heatmaps:" + JSON.stringify({ number, ...message }));
  }

  own.take = (which, answer) => {
    const then = waiting.get(which);
    waiting.delete(which);
    if (then) then(answer);
  };

  own.forget = () => kept.clear();

  function ask(question, then) {
    const key = JSON.stringify(question);
    if (kept.has(key)) return then(kept.get(key));
    send(question, (answer) => {
      if (!answer.reason) answer.cells = answer.cells.map(rows);
      if (!answer.reason) kept.set(key, answer);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
      then(answer);
    });
  }

  // A head's values as Python writes them; a masked one is null.
  function rows(text) {
    return text.split(";").map((row) => row.split(" ").map((value) => (value === "-" ? null : Number(value))));
  }

  // A heatmap that is drawn again for each choice and theme. `name` is what Python calls it; `stands` is called when
  // a drawing stands, `fails` with the reason when there is none; `covering` is for one to predict.
  own.heatmap = ({ name, label = "", view, large = false, close, chosen, stands, fails, covering }) => {
    const map = own.map({ label, large });
    let round = 0;
    const heatmap = { map, name, view, draw, end };
    if (covering) {
      own.cover(map, { ...covering, all: lift });
    }
    let toolbar = null;
    toolbar = tools();

    function tools() {
      toolbar?.element.remove();
      if (map.covered) return own.toolbar(map, view, { all: lift });
      const choose = (key) => (value) => {
        view[key] = value;
        draw();
        chosen?.();
      };
      return own.toolbar(map, view, {
        heads: choose("heads"),
        rows: choose("rows"),
        log: choose("log"),
        copy,
        ...(large ? { close } : { zoom }),
      });
    }

    function lift() {
      map.covered?.lift();
      covering?.lifted();
      toolbar = tools();
      draw();
    }

    function zoom() {
      map.hide();
      own.zoomed = own.zoom({ name, label, view: { ...view } });
    }

    async function copy() {
      const { picture, width, height } = map.answer;
      const png = await own.png(picture, width, height);
      send({ png }, (answer) => say(answer.copied ? "Copied" : "Not copied: " + answer.reason));
    }

    function say(words) {
      map.status.textContent = words;
      map.status.classList.add("heatmaps-news");
      clearTimeout(heatmap.timer);
      heatmap.timer = setTimeout(() => map.status.classList.remove("heatmaps-news"), 2500);
    }

    function draw() {
      if (round < 0) return;
      const mine = (round += 1);
      const question = { name, view: map.covered ? { covered: true } : view, dark: own.dark() };
      if (large) question.room = Math.max(330, Math.min(1200, window.innerWidth - 260, window.innerHeight - 220));
      ask(question, async (answer) => {
        if (mine !== round) return;
        if (answer.reason) return fails?.(answer.reason);
        try {
          const [picture, cover] = await Promise.all([decoded(answer.picture), answer.cover && decoded(answer.cover)]);
          if (mine !== round || !!map.covered !== !!cover) return;
          map.take(answer, picture, cover);
          map.covered?.laid(cover);
          toolbar.shown(answer);
          stands?.(map);
        } catch (fault) {
          fails?.(String(fault));
        }
      });
    }

    // What is still on its way comes too late.
    function end() {
      round = -1;
      map.host.remove();
    }

    async function decoded(url) {
      const image = new Image();
      image.src = url;
      await image.decode();
      return image;
    }

    return heatmap;
  };
})();
