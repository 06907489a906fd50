// Comfort over pages that work without it: drafts saved by themselves, files uploaded as they are chosen,
// parts of a form shown and hidden as they apply.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;

  const state = document.querySelector("[data-save-state]");
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
    return data;
  };

  const show = (hidden) => {
    const names = new Set(hidden);
    for (const part of form.querySelectorAll("[data-part]")) part.hidden = names.has(part.dataset.part);
  };

  const answered = async (response) => {
    if (response.status === 401) { blocked = true; return say("expired"); }
    if (response.status === 409) { blocked = true; return say("conflict"); }
    if (!response.ok) { dirty = true; return say("failed"); }
    const answer = await response.json();
    revision.value = answer.revision;
    show(answer.hidden);
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

  // A button pressed while a draft is on its way waits for it, so that nobody conflicts with themselves.
  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    if (!running) return;
    event.preventDefault();
    const pressed = event.submitter;
    running.then(() => form.requestSubmit(pressed));
  });

  form.addEventListener("change", async (event) => {
    const field = event.target.dataset.upload;
    if (!field || !event.target.files.length) return;
    const home = event.target.closest("fieldset");
    const data = new FormData();
    data.set("csrf_token", form.elements.namedItem("csrf_token").value);
    data.set("_upload", field);
    for (const kept of home.querySelectorAll("input[type=hidden]")) data.append(kept.name, kept.value);
    const row = form.elements.namedItem(`${field.split("-").slice(0, 2).join("-")}-row_key`);
    if (row) data.set("_row_key", row.value);
    for (const file of event.target.files) data.append(event.target.name, file);
    home.classList.add("uploading");
    home.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.dataset.evidence, { method: "POST", body: data, headers: { "HX-Request": "true" } });
      if (response.status === 401) { blocked = true; say("expired"); return; }
      const holder = document.createElement("template");
      holder.innerHTML = await response.text();
      const fresh = holder.content.querySelector("fieldset");
      if (!fresh) { say("failed"); return; }
      home.replaceWith(fresh);
      fresh.focus();
      if (response.ok) { later(0); fresh.dispatchEvent(new Event("input", { bubbles: true })); }
    } catch {
      say("failed");
    } finally {
      home.classList.remove("uploading");
      home.removeAttribute("aria-busy");
    }
  });
})();
