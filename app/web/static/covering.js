// Comfort over a page that works without it: rectangles are drawn with a mouse, a pen or a finger; what is kept are the
// numbers beside the page, and they can be typed as well.
(() => {
  "use strict";
  const form = document.querySelector("[data-covering]");
  const page = document.querySelector("[data-page]");
  if (!form || !page) return;
  const svg = page.querySelector("svg");
  const list = form.querySelector("[data-rows]");
  const blank = form.querySelector("[data-blank]");
  const said = document.querySelector("[data-said]");
  const button = document.querySelector("[data-draw]");
  const SIDES = ["left", "top", "width", "height"];
  const LEAST = 0.4;

  const rows = () => [...list.querySelectorAll("[data-row]")];
  const inputs = (row) => SIDES.map((side) => row.querySelector(`[name="${side}"]`));
  const numbers = (row) => inputs(row).map((each) => (each.value === "" ? NaN : Number(each.value)));
  const isBlank = (row) => inputs(row).every((each) => each.value === "");

  const rectangle = ([left, top, width, height]) => {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ x: left, y: top, width, height })) drawn.setAttribute(name, value);
    svg.append(drawn);
    return drawn;
  };

  const redraw = () => {
    svg.replaceChildren();
    for (const row of rows()) {
      const values = numbers(row);
      if (values.some(Number.isNaN) || values[2] <= 0 || values[3] <= 0) continue;
      const drawn = rectangle(values);
      drawn.classList.toggle("is-here", row.contains(document.activeElement));
    }
  };

  const add = (values) => {
    let row = rows().find(isBlank);
    if (!row) {
      row = blank.content.firstElementChild.cloneNode(true);
      list.append(row);
      row.querySelector("legend").append(` ${rows().length}`);
      ready(row);
    }
    inputs(row).forEach((each, place) => {
      each.value = String(Math.round(values[place] * 100) / 100);
    });
    redraw();
    said.textContent = `${said.dataset.words} ${rows().indexOf(row) + 1}`;
  };

  const ready = (row) => {
    const remove = row.querySelector("[data-remove]");
    remove.hidden = false;
    remove.addEventListener("click", () => {
      for (const each of inputs(row)) each.value = "";
      redraw();
      inputs(row)[0].focus();
    });
  };

  const place = (event) => {
    const box = svg.getBoundingClientRect();
    const share = (at, from, size) => Math.min(100, Math.max(0, ((at - from) / size) * 100));
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  };

  const between = ([left, top], [right, bottom]) => [
    Math.min(left, right),
    Math.min(top, bottom),
    Math.abs(right - left),
    Math.abs(bottom - top),
  ];

  let begun = null;
  let live = null;
  const isOn = () => button.getAttribute("aria-pressed") === "true";
  const turn = (on) => {
    button.setAttribute("aria-pressed", String(on));
    page.classList.toggle("is-drawing", on);
  };

  svg.addEventListener("pointerdown", (event) => {
    if (!isOn() || event.button !== 0) return;
    begun = place(event);
    live = rectangle([...begun, 0, 0]);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!begun) return;
    const [left, top, width, height] = between(begun, place(event));
    for (const [name, value] of Object.entries({ x: left, y: top, width, height })) live.setAttribute(name, value);
  });
  const end = (event, isKept) => {
    if (!begun) return;
    const values = between(begun, place(event));
    begun = null;
    live.remove();
    if (isKept && values[2] >= LEAST && values[3] >= LEAST) add(values);
  };
  svg.addEventListener("pointerup", (event) => end(event, true));
  svg.addEventListener("pointercancel", (event) => end(event, false));

  list.addEventListener("input", redraw);
  list.addEventListener("focusin", redraw);
  list.addEventListener("focusout", () => setTimeout(redraw));
  button.addEventListener("click", () => turn(!isOn()));
  button.closest("[data-tools]").hidden = false;
  rows().forEach(ready);
  // a finger scrolls until drawing is turned on; a mouse draws at once
  turn(window.matchMedia("(pointer: fine)").matches);
  redraw();
})();
