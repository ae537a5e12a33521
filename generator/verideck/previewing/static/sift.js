// Search and filters. What was chosen stays, whatever the sources do meanwhile.
const FILTERS = ["deck", "kind", "level", "verdict"];
const KNOWN = {
  kind: ["recall", "choice", "typed", "cloze"],
  level: ["beginner", "intermediate", "advanced", "expert"],
  verdict: [
    "with problems",
    "computing",
    "source-lost",
    "refuted",
    "no-option",
    "several-options",
    "not-evaluated",
    "imprecise",
    "key-found",
    "unchecked",
    "cited",
    "measured",
    "verified",
  ],
};
const search = document.getElementById("search");
const selects = new Map(FILTERS.map((name) => [name, document.getElementById(name)]));

export function folded(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

// Offers what some card has, in the vocabulary's order; a choice that no card has any more stays offered.
export function offer(summaries) {
  for (const [name, select] of selects) {
    const has = new Set(summaries.map((summary) => summary[name]).filter(Boolean));
    if (name === "deck") for (const deck of [...has]) parents(deck).forEach((parent) => has.add(parent));
    if (name === "verdict" && summaries.some(troubled)) has.add("with problems");
    if (select.value) has.add(select.value);
    const known = KNOWN[name] || [];
    const options = [...has].sort((one, other) => known.indexOf(one) - known.indexOf(other) || (one < other ? -1 : 1));
    const now = [...select.options].slice(1).map((option) => option.value);
    if (now.join("\n") === options.join("\n")) continue;
    const chosen = select.value;
    select.replaceChildren(select.options[0], ...options.map((value) => new Option(label(name, value), value)));
    select.value = chosen;
  }
}

function parents(deck) {
  const parts = deck.split("::");
  return parts.slice(1).map((_, place) => parts.slice(0, place + 1).join("::"));
}

function label(name, value) {
  const parts = value.split("::");
  return name === "deck" ? "\u2003".repeat(parts.length - 1) + parts.at(-1) : value;
}

function troubled(summary) {
  return summary.errors + summary.warnings > 0;
}

export function filter() {
  const words = folded(search.value).split(/\s+/).filter(Boolean);
  const wanted = [...selects].filter(([, select]) => select.value).map(([name, select]) => [name, select.value]);
  return (summary) =>
    wanted.every(([name, value]) => fits(summary, name, value)) &&
    words.every((word) => summary.folded.includes(word));
}

function fits(summary, name, value) {
  if (name === "deck") return summary.deck === value || summary.deck.startsWith(`${value}::`);
  if (value === "with problems") return troubled(summary);
  return summary[name] === value;
}

export function onSift(act) {
  search.addEventListener("input", act);
  selects.forEach((select) => select.addEventListener("change", act));
}

export function clear() {
  search.value = "";
  selects.forEach((select) => (select.value = ""));
}
