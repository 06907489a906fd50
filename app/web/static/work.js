// Comfort over pages that work without it: drafts saved by themselves, files uploaded as they are chosen,
// parts of a form shown and hidden as they apply.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;

  const state = document.querySelector("[data-save-state]");
  const must = document.querySelector("[data-must]");
  const revision = form.elements.namedItem("_revision");
  let timer = 0;
  let running = null;
  let dirty = false;
  let blocked = false;

  const say = (word, moment) => {
    if (!state) return;
    state.textContent = (state.dataset[word] || "").replace("{moment}", moment || "");
    state.dataset.state = word;
  };

  const body = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
    return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  };

  const show = (hidden) => {
    const names = new Set(hidden);
    for (const part of form.querySelectorAll("[data-part]")) part.hidden = names.has(part.dataset.part);
  };

  const answered = async (response) => {
    if (response.status === 400 || response.status === 401) { blocked = true; return say("expired"); }
    if (response.status === 409) { blocked = true; return say("conflict"); }
    if (!response.ok) { dirty = response.status >= 500; return say("failed"); }
    const answer = await response.json();
    revision.value = answer.revision;
    show(answer.hidden);
    if (must) { must.hidden = !answer.must; must.querySelector("b").textContent = answer.must; }
    say("saved", answer.moment);
  };

  const save = async (leaving = false) => {
    window.clearTimeout(timer);
    if (blocked || running) return running;
    dirty = false;
    say("saving");
    running = fetch(form.dataset.autosave, { method: "POST", body: body(), headers: { "HX-Request": "true" }, keepalive: leaving })
      .then(answered)
      .catch(() => { dirty = true; say("failed"); })
      .finally(() => { running = null; if (dirty) later(5000); });
    return running;
  };

  const later = (delay) => {
    dirty = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => save(), delay);
  };

  form.addEventListener("input", (event) => { if (event.target.type !== "file") later(1500); });
  form.addEventListener("change", (event) => { if (event.target.type !== "file") later(200); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty) save(true); });

  // A button pressed while a draft is on its way waits for it, so that nobody conflicts with themselves; pressed twice,
  // it is sent once. It takes along what was typed: leaving the page has nothing more to save.
  let sent = false;
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    if (!sent && !running) return void window.setTimeout(() => { sent = !event.defaultPrevented; dirty = dirty && !sent; });
    event.preventDefault();
    const pressed = event.submitter;
    if (!sent) running.then(() => form.requestSubmit(pressed));
  });
  window.addEventListener("pageshow", () => { sent = false; });

  // A file is sent as soon as it is chosen; the answer is its field, drawn anew.
  const upload = async (input) => {
    const home = input.closest("fieldset");
    while (running) await running;
    const data = body();
    data.set("_upload", input.dataset.upload);
    for (const file of input.files) data.append(input.name, file);
    home.classList.add("uploading");
    home.setAttribute("aria-busy", "true");
    say("saving");
    running = fetch(form.dataset.evidence, { method: "POST", body: data, headers: { "HX-Request": "true" } })
      .then(async (response) => {
        const fresh = response.headers.get("X-Draft-Revision");
        if (fresh === null) return answered(response);
        revision.value = fresh;
        const holder = document.createElement("template");
        holder.innerHTML = await response.text();
        const field = holder.content.querySelector("fieldset");
        home.replaceWith(field);
        field.focus();
        field.dispatchEvent(new Event("change", { bubbles: true }));
      })
      .catch(() => say("failed"))
      .finally(() => {
        running = null;
        home.classList.remove("uploading");
        home.removeAttribute("aria-busy");
      });
  };
  form.addEventListener("change", (event) => { if (event.target.dataset.upload && event.target.files.length) upload(event.target); });

  // The weighted total of a rubric goes along as one types; the server counts it again, exactly.
  const rubric = form.querySelector("[data-rubric]");
  const add = () => {
    const cards = [...rubric.querySelectorAll("[data-weight]")];
    const given = cards.map((card) => {
      const text = card.querySelector("input.number").value.trim();
      const score = Number(text);
      return text !== "" && score >= 0 && score <= 100 ? score * Number(card.dataset.weight) : null;
    }).filter((share) => share !== null);
    const total = rubric.querySelector("[data-total]");
    total.textContent = (Math.round(given.reduce((sum, share) => sum + share, 0) + 1e-7) / 100).toFixed(2);
    rubric.querySelector("[data-scored]").textContent = total.dataset.text.replace("{scored}", given.length).replace("{all}", cards.length);
  };
  if (rubric) rubric.addEventListener("input", add);

  // Shares in per cent are added up as one types; the form's check judges whether they make the whole.
  form.addEventListener("input", (event) => {
    const sum = event.target.closest("[data-part]:has([data-sums])")?.querySelector("[data-sums]");
    if (!sum) return;
    const given = [...sum.closest("[data-part]").querySelectorAll(`input[name$="-${sum.dataset.sums}"]`)].map((input) => Number(input.value));
    sum.textContent = given.reduce((all, share) => all + (share >= 0 && share <= 100 ? share : 0), 0);
  });
})();
