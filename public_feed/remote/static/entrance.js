// The code changes: the page shows itself anew when it does.

const { againS } = document.querySelector("[data-again-s]").dataset;
setTimeout(() => location.reload(), Number(againS) * 1000);
