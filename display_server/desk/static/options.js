// What this clerk likes at this browser: kept here and nowhere else. Each option is an input with data-option.

const PREFIX = "desk-option-";
const ON = "on";
const OFF = "off";

/** `on(name, set)` is called once for each option, and whenever it changes. */
export function listenToOptions(on) {
  for (const input of document.querySelectorAll("[data-option]")) {
    const { option } = input.dataset;
    const kept = localStorage.getItem(PREFIX + option);
    if (kept !== null) take(input, kept);
    input.addEventListener("change", () => {
      if (!input.checkValidity()) return;
      localStorage.setItem(PREFIX + option, valueOf(input));
      on(option, read(option));
    });
    on(option, read(option));
  }
}

/** A tick, or the number in its field. */
export function read(option) {
  const input = document.querySelector(`[data-option="${option}"]`);
  return input.type === "checkbox" ? input.checked : Number(input.value);
}

export function turn(option, set) {
  const input = document.querySelector(`[data-option="${option}"]`);
  input.checked = set;
  input.dispatchEvent(new Event("change"));
}

const valueOf = (input) => (input.type === "checkbox" ? (input.checked ? ON : OFF) : input.value);

function take(input, kept) {
  if (input.type === "checkbox") input.checked = kept === ON;
  else input.value = kept;
}
