// The workshop: a choice shows at once, and what is to be copied is copied. Without this the form's button does it.

const settings = document.querySelector("[data-settings]");
document.querySelector("[data-apply]").hidden = true;
settings.addEventListener("change", () => settings.requestSubmit());

for (const row of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = row.querySelector("button");
  row.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(row.parentElement.querySelector("[data-code]").textContent);
    button.textContent = button.dataset.done;
  });
}
