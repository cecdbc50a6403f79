// The ticket's paper: the lines that the server made, shown only where the page is printed.

/** @param lines [{size, text}]; the text of a `code` is an address, and `qr` its picture */
export function showReceipt(paper, lines, qr) {
  paper.replaceChildren(...lines.map(({ size, text }) => (size === "code" ? picture(qr) : line(size, text))));
}

function line(size, text) {
  const element = document.createElement("p");
  element.className = `kiosk-receipt__${size}`;
  element.textContent = text;
  return element;
}

function picture(qr) {
  const image = document.createElement("img");
  image.className = "kiosk-receipt__code";
  image.src = qr;
  image.alt = "";
  return image;
}
