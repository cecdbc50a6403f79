// How the kiosk looks for this visitor: high contrast, larger and lower. The next one starts with neither.

export class Aids {
  #root;

  constructor(root) {
    this.#root = root;
  }

  get isPlain() {
    return !this.contrast && !this.large;
  }

  get contrast() {
    return document.documentElement.dataset.contrast === "high";
  }

  get large() {
    return this.#root.dataset.large === "yes";
  }

  toggleContrast() {
    if (this.contrast) delete document.documentElement.dataset.contrast;
    else document.documentElement.dataset.contrast = "high";
  }

  toggleLarge() {
    this.#root.dataset.large = this.large ? "no" : "yes";
    document.documentElement.toggleAttribute("data-kiosk-large", this.large);
  }

  reset() {
    if (this.contrast) this.toggleContrast();
    if (this.large) this.toggleLarge();
  }
}
