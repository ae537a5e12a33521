// Keys, from the page and from the frames of its cards.
export function listen(acts) {
  const act = (key) => {
    const done = acts[key];
    if (done) done();
    return Boolean(done);
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    const target = event.target;
    if (target.id === "search" && event.key === "Escape") {
      target.value = "";
      target.dispatchEvent(new Event("input"));
      target.blur();
      return;
    }
    if (target.closest("input, select, textarea")) return;
    if (target.closest("button, summary, a, [tabindex]:not(.entry)") && /^(?: |Enter|Arrow.*)$/.test(event.key)) return;
    if (act(event.key)) event.preventDefault();
  });
  return act;
}
