// Long outputs are folded on the screen. Without this script, and on paper, they are open.
(() => {
  const outputs = [...document.querySelectorAll("details.long-output")];
  const open = (wanted) => wanted.forEach((output) => { output.open = true; });
  const fold = (wanted) => wanted.forEach((output) => { output.open = false; });
  let folded = [];
  addEventListener("beforeprint", () => open(folded = outputs.filter((output) => !output.open)));
  addEventListener("afterprint", () => fold(folded));
  if (!matchMedia("print").matches) fold(outputs);
})();
