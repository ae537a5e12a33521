// As much of a page as the cards' script uses: elements, a session's storage, and no more.
function Element(tag, attributes) {
  this.tagName = tag.toUpperCase();
  this.attributes = attributes || {};
  this.childNodes = [];
}

Element.prototype = {
  get textContent() {
    return this.childNodes.map((node) => (typeof node === "string" ? node : node.textContent)).join("");
  },
  set textContent(text) {
    this.childNodes = text === "" ? [] : [String(text)];
  },
  get classList() {
    return { contains: (name) => (this.attributes.class || "").split(/\s+/).includes(name) };
  },
  get className() {
    return this.attributes.class || "";
  },
  set className(name) {
    this.attributes.class = name;
  },
  get hidden() {
    return "hidden" in this.attributes;
  },
  set hidden(value) {
    if (value) this.attributes.hidden = "";
    else delete this.attributes.hidden;
  },
  get id() {
    return this.attributes.id || "";
  },
  set id(value) {
    this.attributes.id = value;
  },
  getAttribute(name) {
    return name in this.attributes ? this.attributes[name] : null;
  },
  setAttribute(name, value) {
    this.attributes[name] = String(value);
  },
  addEventListener() {},
  appendChild(child) {
    this.childNodes.push(child);
    return child;
  },
  matches(selector) {
    const [, tag, classes, attribute] = /^([a-z]*)((?:\.[\w-]+)*)(?:\[([\w-]+)\])?$/.exec(selector);
    const named = classes.split(".").filter(Boolean);
    return (
      (!tag || this.tagName === tag.toUpperCase()) &&
      named.every((name) => this.classList.contains(name)) &&
      (!attribute || attribute in this.attributes)
    );
  },
  querySelectorAll(selector) {
    const [parent, child] = selector.split(" > ");
    const found = [];
    for (const node of this.childNodes) {
      if (typeof node === "string") continue;
      if (child ? this.matches(parent) && node.matches(child) : node.matches(selector)) found.push(node);
      found.push(...node.querySelectorAll(selector));
    }
    return found;
  },
  querySelector(selector) {
    return this.querySelectorAll(selector)[0] || null;
  },
};

function Page(tree, storage, random) {
  const build = ([tag, attributes, children]) => {
    const element = new Element(tag, attributes);
    element.childNodes = children.map((child) => (typeof child === "string" ? child : build(child)));
    return element;
  };
  const root = build(tree);
  const document = {
    querySelector: (selector) => root.querySelector(selector),
    getElementById: (id) => root.querySelectorAll("[id]").find((element) => element.id === id) || null,
    createElement: (tag) => new Element(tag),
  };
  const sessionStorage = {
    getItem: (key) => (key in storage ? storage[key] : null),
    setItem: (key, value) => {
      storage[key] = value;
    },
  };
  return { root, document, window: storage ? { sessionStorage } : {}, Math: Object.assign(Object.create(Math), { random }) };
}

const written = (element) => [
  element.tagName.toLowerCase(),
  element.attributes,
  element.childNodes.map((node) => (typeof node === "string" ? node : written(node))),
];
