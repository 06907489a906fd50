// Passkeys: forms marked with data-passkey ask the browser for a credential and send its answer like any other field.
(function () {
  "use strict";

  function bytes(text) {
    const plain = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
  }

  function text(buffer) {
    const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
    return plain.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function read(options) {
    const known = (each) => ({ ...each, id: bytes(each.id) });
    const read = { ...options, challenge: bytes(options.challenge) };
    if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
    if (options.excludeCredentials) read.excludeCredentials = options.excludeCredentials.map(known);
    if (options.allowCredentials) read.allowCredentials = options.allowCredentials.map(known);
    return read;
  }

  function written(credential) {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function ask(form) {
    const publicKey = read(JSON.parse(form.dataset.options));
    const call = form.dataset.passkey === "create" ? "create" : "get";
    form.elements.passkey.value = written(await navigator.credentials[call]({ publicKey }));
    form.submit();
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const failed = form.querySelector("[data-failed]");
      failed.hidden = true;
      ask(form).catch(() => {
        failed.hidden = false;
      });
    });
  }
})();
