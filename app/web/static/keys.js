// Keys of lists, outside fields only: J and K go down and up, X ticks, Enter opens, / goes to the search. Can be switched off.
(() => {
  "use strict";
  const OFF = "keys-off";
  const rows = () => [...document.querySelectorAll("main .task h4 a, main .tb.cards td.name a")];
  const note = document.querySelector("[data-keys]");
  const isOff = () => window.localStorage.getItem(OFF) === "yes";
  const isTyping = (element) => element.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && element.type !== "checkbox");

  const step = (by) => {
    const all = rows();
    const at = all.findIndex((row) => row === document.activeElement || row.closest(".task, tr").contains(document.activeElement));
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) next.focus();
  };

  const tick = () => {
    const row = document.activeElement.closest(".task");
    const box = row && row.querySelector(".tick input");
    if (box) box.click();
  };

  const count = document.querySelector("[data-ticked]");
  const tellTicked = () => { count.textContent = String(document.querySelectorAll(".tick input:checked").length || ""); };
  if (count) {
    count.closest("form").addEventListener("change", tellTicked);
    count.closest("form").addEventListener("reset", () => window.setTimeout(tellTicked));
    tellTicked();
  }

  const tell = () => {
    if (!note) return;
    note.hidden = !rows().length;
    note.querySelector("[data-keys-on]").hidden = isOff();
    const button = note.querySelector("button");
    button.textContent = isOff() ? button.dataset.on : button.dataset.off;
    button.setAttribute("aria-pressed", String(!isOff()));
  };

  document.addEventListener("keydown", (event) => {
    if (isOff() || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const search = document.querySelector("main input[type=search]");
    if (event.key === "/" && search) search.focus();
    else if (event.key === "j" && rows().length) step(1);
    else if (event.key === "k" && rows().length) step(-1);
    else if (event.key === "x") tick();
    else return;
    event.preventDefault();
  });

  if (note) note.querySelector("button").addEventListener("click", () => {
    window.localStorage.setItem(OFF, isOff() ? "no" : "yes");
    tell();
  });
  tell();

  // What had the focus may be gone with the answer: the reader goes on at the beginning of the text.
  document.addEventListener("htmx:afterRequest", () => window.setTimeout(() => {
    if (document.activeElement === document.body) document.getElementById("main").focus();
  }, 50));
})();
