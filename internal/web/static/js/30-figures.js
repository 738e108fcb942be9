// The review of a figure is brought when its row is opened. Without JavaScript
// the row has a link to it.
"use strict";
document.addEventListener("toggle", async (e) => {
  const d = e.target;
  if (!d.open || !d.matches("details.reviewing")) return;
  const room = d.querySelector("div"), link = room.querySelector("a");
  if (!link || d.dataset.asked) return;
  d.dataset.asked = "1";
  try {
    const r = await fetch(link.href, { headers: { "HX-Request": "true" } });
    if (!r.ok) throw new Error(r.status);
    room.innerHTML = await r.text();
    const base = document.body.dataset.base || "";
    room.querySelectorAll("[name=back]").forEach((x) => (x.value = (location.pathname + location.search).slice(base.length)));
    window.htmx?.process(room);
    room.querySelector("input:not([type=hidden])")?.focus();
  } catch {
    delete d.dataset.asked;
  }
}, true);
