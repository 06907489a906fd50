// Comfort over a ranking that works without it: rows are moved on the spot, by keys or by dragging, and the ranks
// follow; what is kept are the ranks, saved like anything else that is typed.
(() => {
  "use strict";
  const said = document.querySelector("[data-ranking-said]");

  const set = (input, value) => {
    if (!input || input.value === value) return;
    input.value = value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  for (const table of document.querySelectorAll("table[data-ranking]")) {
    const body = table.tBodies[0];
    const part = (row, key) => document.getElementById(`${row.id}-${table.dataset[key]}`);
    const ticked = (row) => part(row, "chosen").checked;
    const rows = () => [...body.rows];
    let dragged = null;

    const renumber = () => {
      let rank = 0;
      for (const row of rows()) set(part(row, "rank"), ticked(row) ? String((rank += 1)) : "");
    };

    const tell = (row) => {
      if (!said) return;
      const words = ticked(row) ? said.dataset.words : said.dataset.off;
      said.textContent = words.replace("{row}", row.dataset.name).replace("{rank}", part(row, "rank").value);
    };

    // Those on the list stand above those that are not.
    const settle = (row) => {
      const others = rows().filter((each) => each !== row);
      const off = others.find((each) => !ticked(each)) || null;
      if (ticked(row)) {
        if (off && rows().indexOf(off) < rows().indexOf(row)) body.insertBefore(row, off);
      } else if (others.some(ticked)) {
        const last = others.filter(ticked).pop();
        if (rows().indexOf(row) < rows().indexOf(last)) last.after(row);
      }
      renumber();
      tell(row);
    };

    const move = (row, by) => {
      if (!ticked(row) && by < 0) {
        part(row, "chosen").checked = true;
        return settle(row);
      }
      const there = by < 0 ? row.previousElementSibling : row.nextElementSibling;
      if (!there || ticked(there) !== ticked(row)) return tell(row);
      if (by < 0) there.before(row);
      else there.after(row);
      renumber();
      tell(row);
    };

    body.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=_move]");
      if (!button) return;
      event.preventDefault();
      move(button.closest("tr"), button.value.endsWith(" up") ? -1 : 1);
      button.focus();
    });

    body.addEventListener("keydown", (event) => {
      const grip = event.target.closest(".grip");
      if (!grip || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
      event.preventDefault();
      move(grip.closest("tr"), event.key === "ArrowUp" ? -1 : 1);
      grip.focus();
    });

    body.addEventListener("change", (event) => {
      const row = event.target.closest("tr");
      if (row && event.target === part(row, "chosen")) settle(row);
    });

    // Dragging by the grip; the row follows the pointer from place to place.
    body.addEventListener("pointerdown", (event) => {
      const grip = event.target.closest(".grip");
      if (!grip) return;
      dragged = grip.closest("tr");
      dragged.classList.add("dragged");
      grip.setPointerCapture(event.pointerId);
    });
    body.addEventListener("pointermove", (event) => {
      if (!dragged) return;
      const under = document.elementFromPoint(event.clientX, event.clientY);
      const row = under ? under.closest("tr") : null;
      if (!row || row === dragged || row.parentElement !== body || ticked(row) !== ticked(dragged)) return;
      const box = row.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) row.before(dragged);
      else row.after(dragged);
    });
    const drop = () => {
      if (!dragged) return;
      dragged.classList.remove("dragged");
      renumber();
      tell(dragged);
      dragged = null;
    };
    body.addEventListener("pointerup", drop);
    body.addEventListener("pointercancel", drop);
  }
})();
