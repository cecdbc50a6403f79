// What the buttons do.

export class Deeds {
  #named;

  constructor(root, parts) {
    Object.assign(this, parts, { root });
    this.#named = this.#all();
  }

  press(button) {
    const { dataset } = button;
    const language = dataset.speak ?? dataset.languageChoice;
    if (button.closest("[data-choices]")) this.#choose(button);
    else if (dataset.letter) this.#type(dataset.letter);
    else if (dataset.digit) this.letters.addDigit(dataset.digit);
    else if (language) this.#speak(language);
    else if (button.getAttribute("aria-disabled") !== "true") this.do(dataset.do);
  }

  do(name) {
    this.#named[name]?.();
  }

  #all() {
    const { visit, choices, letters, errands, listening, aids, settings, screens, timeLeft } = this;
    return {
      draw: () => errands.draw(),
      start: () => visit.end(),
      back: () => visit.back(),
      code: () => errands.askForCode(),
      several: () => visit.go("several", { chosen: [] }),
      together: () => visit.chosen.length && visit.go("confirm"),
      languages: () => visit.go("languages"),
      aids: () => visit.go("aids"),
      more: () => { choices.turn(); screens.render(); listening.screen(); },
      "more-letters": () => { letters.turn(); screens.render(); },
      "more-time": () => timeLeft.extend(),
      erase: () => letters.erase(),
      "check-in": () => errands.typed(letters.take()),
      "print-again": () => errands.printAgain(),
      listen: () => { listening.toggle(); timeLeft.begin(); },
      louder: () => listening.louder(),
      quieter: () => listening.louder(-1),
      contrast: () => this.#look(() => aids.toggleContrast()),
      large: () => this.#look(() => aids.toggleLarge()),
      knock: () => settings.knock(),
      "test-print": () => settings.testPrint(),
      "out-of-service": () => settings.turnOutOfService(),
      reload: () => location.reload(),
    };
  }

  #choose(button) {
    const { visit } = this;
    const { zone, service, topic } = button.dataset;
    if (topic) return visit.go("topic", { zone, topic });
    if (!this.choices.canBeDrawn(button)) return;
    if (visit.screen !== "several") return visit.go("confirm", { chosen: [{ zone, service }] });
    const without = visit.chosen.filter((choice) => choice.service !== service);
    const isTaken = without.length < visit.chosen.length;
    visit.change({ chosen: isTaken ? without : [...visit.chosen, { zone, service }] });
  }

  #type(letter) {
    this.letters.add(letter);
    if (this.visit.mistake) this.visit.change({ mistake: "" });
  }

  #speak(language) {
    const { visit } = this;
    this.screens.speak(language);
    if (visit.screen === "languages") visit.back();
    else visit.go(visit.screen);
    this.root.querySelector(`[data-speak="${CSS.escape(language)}"]`)?.focus({ preventScroll: true });
  }

  #look(change) {
    change();
    this.screens.layOut();
    this.timeLeft.begin();
  }
}
