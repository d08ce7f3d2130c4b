for (const button of document.querySelectorAll("button[data-copies]")) {
  const line = document.getElementById(button.dataset.copies);
  const told = document.getElementById("told");
  button.hidden = false;
  button.addEventListener("click", async () => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(line.textContent);
    } catch {
      // a page from a disk may be refused the clipboard: what is selected can be copied in the old way
      getSelection().selectAllChildren(line);
      copied = document.execCommand("copy");
    }
    button.textContent = copied ? "Copied" : "Selected";
    told.textContent = copied ? "Copied" : "Selected: press Ctrl+C";
  });
}
// what is folded on the screen stands on paper
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details")) one.open = true;
});
