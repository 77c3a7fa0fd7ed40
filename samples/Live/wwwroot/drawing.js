// A digit of 28 by 28 pixels, drawn by pointer or by keys. What is shown is what the network sees, pixel for pixel.
const size = 28;
const reach = 1.75;

export class Drawing {
  constructor(canvas, changed) {
    Object.assign(this, { canvas, changed, pixels: new Uint8Array(size * size), alpha: 1, pen: null, isDown: false });
    canvas.addEventListener("pointerdown", event => this.down(event));
    canvas.addEventListener("pointermove", event => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { this.last = null; });
    canvas.addEventListener("keydown", event => this.key(event));
    canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) { this.pen ??= [14, 6]; this.paint(); } });
    canvas.addEventListener("blur", () => { this.pen = null; this.isDown = false; this.paint(); });
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * size, (event.clientY - box.top) / box.height * size];
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pen = null;
    this.last = this.at(event);
    this.line(this.last, this.last);
  }

  move(event) {
    if (!this.last) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const to = this.at(one);
      this.line(this.last, to);
      this.last = to;
    }
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step && event.key !== " " && event.key !== "Delete") return;
    event.preventDefault();
    this.pen ??= [14, 6];
    const from = this.pen;
    if (event.key === "Delete") this.clear();
    else if (event.key === " ") this.isDown = !this.isDown;
    else this.pen = [from[0] + step[0], from[1] + step[1]].map(place => Math.max(1, Math.min(size - 1, place)));
    if (this.isDown) this.line(from, this.pen);
    this.paint();
  }

  // A stroke with soft edges, as of MNIST's digits: white within, fading over a pixel.
  line(from, to) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = dx * dx + dy * dy;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const [px, py] = [x + 0.5 - from[0], y + 0.5 - from[1]];
        const along = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length));
        const away = Math.hypot(px - along * dx, py - along * dy);
        const ink = Math.round(255 * Math.max(0, Math.min(1, reach - away)));
        this.pixels[y * size + x] = Math.max(this.pixels[y * size + x], ink);
      }
    }
    this.paint();
    this.changed();
  }

  clear() {
    this.pixels.fill(0);
    this.paint();
    this.changed();
  }

  put(base64) {
    this.pixels = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    this.paint();
    this.changed();
  }

  fade(alpha) {
    this.alpha = alpha;
    this.paint();
  }

  paint() {
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(size, size);
    this.pixels.forEach((pixel, i) => {
      const shown = pixel * this.alpha;
      image.data.set([11 + shown * 0.95, 12 + shown * 0.95, 16 + shown * 0.92, 255], 4 * i);
    });
    if (this.pen) {
      const i = Math.floor(this.pen[1] - 0.5) * size + Math.floor(this.pen[0] - 0.5);
      image.data.set(this.isDown ? [255, 138, 72, 255] : [127, 176, 255, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }

  base64() {
    return btoa(String.fromCharCode(...this.pixels));
  }
}
