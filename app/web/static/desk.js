// The countdown of a slot goes on between two looks at the server, whose word each look takes again.
(() => {
  "use strict";
  const shown = (seconds) => {
    const size = Math.abs(seconds);
    const two = (number) => String(number).padStart(2, "0");
    return `${seconds < 0 ? "−" : ""}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  };
  const begun = new WeakMap();
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-left]")) {
      if (!begun.has(clock)) begun.set(clock, performance.now());
      const left = Number(clock.dataset.left) - Math.floor((performance.now() - begun.get(clock)) / 1000);
      clock.querySelector("[data-clock]").textContent = shown(left);
      clock.classList.toggle("is-near", left <= 60 && left >= 0);
      clock.classList.toggle("is-over", left < 0);
    }
  };
  window.setInterval(tick, 250);
  tick();
})();
