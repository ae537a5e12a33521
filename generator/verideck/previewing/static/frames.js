// One side of a card in a frame of its own: the real templates, styling and script, and no part in this page.
const frames = new Map(); // by window

export class Side {
  constructor(name, title, heard) {
    this.heard = heard;
    this.message = null;
    this.ready = false;
    this.number = 0;
    this.element = document.createElement("iframe");
    this.element.className = "side";
    this.element.title = title;
    this.element.name = name;
    this.element.setAttribute("sandbox", "allow-scripts");
    this.element.setAttribute("scrolling", "auto");
    this.element.src = "frame/";
  }

  // The window is known once the frame is in the page.
  placed() {
    frames.set(this.element.contentWindow, this);
  }

  show(message) {
    this.number += 1;
    this.message = { ...message, kind: "show", number: this.number };
    if (this.ready) this.post(this.message);
  }

  dress(look) {
    if (this.message) Object.assign(this.message, look);
    if (this.ready && this.message) this.post({ ...this.message, html: "", table: {}, kind: "dress" });
  }

  post(message) {
    // A frame without an origin cannot be named as the target; nothing here is a secret from a card.
    this.element.contentWindow.postMessage(message, "*");
  }

  hear(message) {
    if (message.kind === "ready") {
      this.ready = true;
      if (this.message) this.post(this.message);
      return;
    }
    if (message.height) this.element.style.height = `${message.height}px`;
    this.heard(message);
  }

  remove() {
    frames.delete(this.element.contentWindow);
    this.element.remove();
  }
}

window.addEventListener("message", (event) => {
  const side = frames.get(event.source);
  if (side && event.origin === "null" && event.data) side.hear(event.data);
});
