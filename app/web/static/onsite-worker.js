// Keeps the pages of inspections on the phone: from the network while there is one, else as they were last seen.
"use strict";
const KEPT = "inspections-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const isKept = (request) => {
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return false;
  if (address.pathname === "/inspections/token") return false;
  return address.pathname.startsWith("/inspections/") || address.pathname.startsWith("/static/");
};

const fresh = async (request) => {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    // A page that sends elsewhere (to the sign-in) must not take the sheet's place.
    if (answer.ok && !answer.redirected) await kept.put(request, answer.clone());
    return answer;
  } catch (failure) {
    const found = await kept.match(request, { ignoreVary: true });
    if (found) return found;
    throw failure;
  }
};

self.addEventListener("fetch", (event) => {
  if (isKept(event.request)) event.respondWith(fresh(event.request));
});

// The page asks for everything it needs to be kept, as the first visit was not seen here.
self.addEventListener("message", (event) => {
  if (!Array.isArray(event.data.keep)) return;
  event.waitUntil(Promise.all(event.data.keep.map((address) => fresh(new Request(address)).catch(() => null))));
});
