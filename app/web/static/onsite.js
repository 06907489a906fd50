// An inspection on site: what is typed and photographed lies in this phone's database until the server has answered
// that it has it. Each sheet has a name of its own, so that one sent twice counts once.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const root = document.querySelector("[data-onsite]");
  if (!root) return;
  const words = root.dataset;
  const form = document.querySelector("form[data-sheet]");
  const state = document.querySelector("[data-sheet-state]");
  const LONGEST_SIDE = 1600;
  const AGAIN_MS = 20000;

  // The database: one store of sheets, by the task they answer.
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("inspections", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("sheets", { keyPath: "task" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const ask = async (mode, what) => {
    const store = (await opened).transaction("sheets", mode).objectStore("sheets");
    return new Promise((resolve, reject) => {
      const request = what(store);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  };
  const kept = (task) => ask("readonly", (store) => store.get(task));
  const all = () => ask("readonly", (store) => store.getAll());
  const keep = (sheet) => ask("readwrite", (store) => store.put(sheet));
  const drop = (task) => ask("readwrite", (store) => store.delete(task));

  // Sending
  const token = async () => (await (await fetch(words.token, { headers: { "HX-Request": "true" } })).json()).token;
  const bodyOf = (sheet, fresh) => {
    const body = new FormData();
    for (const [name, value] of sheet.fields) body.append(name, value);
    body.set("csrf_token", fresh);
    body.set("_revision", sheet.revision);
    body.set("_complete", "");
    for (const photo of sheet.photos) body.append(`_file-${photo.field}`, photo.blob, photo.name);
    return body;
  };
  const post = async (sheet) => {
    const headers = { "X-Sheet": sheet.name, "HX-Request": "true", Accept: "application/json" };
    try {
      const answer = await fetch(sheet.address, { method: "POST", body: bodyOf(sheet, await token()), headers });
      if (!(answer.headers.get("Content-Type") || "").startsWith("application/json"))
        return { state: answer.status >= 500 ? "waiting" : "expired" };
      return await answer.json();
    } catch {
      return { state: "waiting" };
    }
  };
  let sending = null;
  const send = (task) => {
    sending = (sending || Promise.resolve()).then(async () => {
      const sheet = await kept(task);
      if (!sheet || sheet.state === "typing") return;
      const answer = await post(sheet);
      const now = await kept(task);
      if (answer.state === "received" && now && now.name !== sheet.name) return void send(task); // typed on meanwhile
      if (answer.state === "received") await drop(task);
      else await keep({ ...now, state: answer.state, answer });
      show(task, answer);
    });
    return sending;
  };
  const sendAll = async () => {
    for (const sheet of await all()) if (["waiting", "expired"].includes(sheet.state)) await send(sheet.task);
  };

  // Showing
  const say = (place, state, about) => {
    place.dataset.state = state;
    place.textContent = (words[state] || "").replace("{at}", (about && about.at) || "");
  };
  const list = (holder, items) => {
    holder.replaceChildren(...items.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  };
  const problems = document.querySelector("[data-sheet-problems]");
  const conflict = document.querySelector("[data-sheet-conflict]");
  const isOver = (answer) => answer.state === "conflict" && answer.revision === undefined; // another sheet counts
  const show = (task, answer) => {
    const here = form && form.dataset.sheet === task ? state : document.querySelector(`[data-sheet-of="${task}"]`);
    if (here) say(here, isOver(answer) ? "superseded" : answer.state, answer);
    if (!form || form.dataset.sheet !== task) return;
    const told = answer.state === "invalid" ? answer.problems.map((each) => each.text) : [];
    if (answer.state === "refused") told.push(answer.title, answer.advice);
    problems.hidden = !told.length;
    list(problems.querySelector("ul"), told);
    conflict.hidden = answer.state !== "conflict";
    if (!conflict.hidden) {
      conflict.querySelector("b").textContent = answer.title;
      conflict.querySelector("p").textContent = answer.advice;
      conflict.querySelector("[data-mine]").hidden = isOver(answer);
      conflict.querySelector("a").href = isOver(answer) ? words.list : location.pathname;
    }
    form.inert = answer.state === "received";
  };

  // Typing
  const photosOf = new Map();
  const fieldsNow = () => [...new FormData(form).entries()].filter(([, value]) => !(value instanceof File));
  const photosNow = () => [...photosOf.entries()].flatMap(([field, found]) => found.map((each) => ({ field, ...each })));
  const name = () => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  let record = null;
  const remember = async (changes) => {
    record = { ...record, fields: fieldsNow(), photos: photosNow(), ...changes };
    await keep(record);
  };
  let timer = 0;
  const typed = () => {
    window.clearTimeout(timer);
    if (form.inert) return;
    timer = window.setTimeout(() => {
      const next = ["waiting", "expired", "conflict"].includes(record.state) ? record.state : "typing";
      // What was changed after it may have arrived is another sheet: were it taken for the same, the change would be lost
      remember({ state: next, name: next === "typing" ? record.name : name() }).then(() => say(state, next));
    }, 400);
  };
  const restore = (sheet) => {
    const chosen = new Map();
    for (const [field, value] of sheet.fields) chosen.set(field, [...(chosen.get(field) || []), value]);
    for (const input of form.elements) {
      if (!input.name || input.type === "hidden" || input.type === "file" || input.type === "submit") continue;
      const values = chosen.get(input.name) || [];
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else if (values.length) input.value = values[0];
    }
    for (const { field, ...photo } of sheet.photos) photosOf.set(field, [...(photosOf.get(field) || []), photo]);
    for (const input of form.querySelectorAll("input[data-upload]")) draw(input);
  };

  // Photos: made smaller before they are kept, for a phone's network
  const smaller = async (file) => {
    if (!file.type.startsWith("image/")) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      const canvas = Object.assign(document.createElement("canvas"), { width: picture.width * scale, height: picture.height * scale });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.85));
    } catch {
      return file;
    }
  };
  const draw = (input) => {
    let shown = input.closest("fieldset").querySelector("[data-photos]");
    if (!shown) {
      shown = document.createElement("ul");
      shown.className = "plain";
      shown.dataset.photos = "";
      input.closest("fieldset").append(shown);
    }
    const found = photosOf.get(input.dataset.upload) || [];
    shown.replaceChildren(...found.map((photo, place) => {
      const line = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-line btn-s", textContent: words.remove });
      button.addEventListener("click", () => { found.splice(place, 1); draw(input); typed(); });
      line.append(`${photo.name} (${Math.ceil(photo.blob.size / 1024)} KB) `, button);
      return line;
    }));
  };
  const chosen = async (input) => {
    const found = photosOf.get(input.dataset.upload) || [];
    for (const file of input.files) {
      const blob = await smaller(file);
      const ending = blob.type === "image/jpeg" && blob !== file ? ".jpg" : "";
      found.push({ name: ending ? file.name.replace(/\.[^.]*$/, "") + ending : file.name, blob });
    }
    photosOf.set(input.dataset.upload, found);
    input.value = "";
    draw(input);
    typed();
  };

  // What is still empty is told here and now: without a network the server cannot say it before one has left
  const isEmpty = (mark) => {
    if (mark.closest("[hidden]")) return false;
    const inputs = mark.tagName === "LEGEND" ? [...mark.parentElement.querySelectorAll("input:not([type=hidden])")] : [mark.closest("label").control];
    return !inputs.some((input) => input && (input.dataset.upload
      ? (photosOf.get(input.dataset.upload) || []).length
      : ["radio", "checkbox"].includes(input.type) ? input.checked : input.value.trim()));
  };
  const nameOf = (mark) => {
    const row = mark.closest("tr");
    const heading = row && row.querySelector(".name, th, td");
    return [heading && heading.textContent.trim().split("\n")[0], mark.firstChild.textContent.trim()].filter(Boolean).join(" · ");
  };
  const lacking = () => {
    const empty = [...form.querySelectorAll(".req")].filter(isEmpty);
    problems.hidden = !empty.length;
    list(problems.querySelector("ul"), empty.map((mark) => words.lacking.replace("{name}", nameOf(mark))));
    if (empty.length) problems.scrollIntoView({ block: "center" });
    return empty.length > 0;
  };

  const begin = async () => {
    const task = form.dataset.sheet;
    const before = await kept(task);
    const revision = form.elements.namedItem("_revision").value;
    record = before || { task, name: name(), address: form.action, title: document.title, revision, state: "typing", fields: [], photos: [] };
    if (before) {
      restore(before);
      if (before.answer && before.state !== "typing") show(task, { ...before.answer, state: before.state });
      else say(state, before.state);
    }
    form.addEventListener("input", typed);
    form.addEventListener("change", (event) => {
      if (event.target.dataset.upload) chosen(event.target);
      else typed();
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      window.clearTimeout(timer);
      const isShort = lacking();
      await remember({ state: isShort ? "typing" : "waiting" });
      say(state, record.state);
      if (isShort) return;
      await send(task);
      record = (await kept(task)) || record;
    });
    conflict.querySelector("[data-mine]").addEventListener("click", async () => {
      await remember({ state: "waiting", revision: record.answer.revision });
      await send(task);
      record = (await kept(task)) || record;
    });
  };

  const begun = (async () => {
    if (form) await begin();
    for (const sheet of await all()) show(sheet.task, { ...(sheet.answer || {}), state: sheet.state });
    await sendAll();
  })();
  root.dataset.ready = "";
  begun.then(() => { root.dataset.ready = "yes"; });
  window.addEventListener("online", sendAll);
  window.setInterval(sendAll, AGAIN_MS);
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(words.worker).then(() => navigator.serviceWorker.ready).then((found) => {
      const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src], link[rel=icon]")].map((each) => each.href || each.src);
      const pages = [...document.querySelectorAll("a[data-keep]")].map((each) => each.href);
      found.active.postMessage({ keep: [location.href, ...pages, ...parts] });
      root.dataset.kept = "yes";
    });
  }
})();
