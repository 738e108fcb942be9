// What all pages do with JavaScript. Without it every page works all the same.
"use strict";
(() => {
  const base = () => document.body.dataset.base || "";
  // The reader's time zone, for the next page.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes("zone=" + encodeURIComponent(zone))) {
    document.cookie = "zone=" + encodeURIComponent(zone) + ";path=" + (base() || "/") + ";max-age=31536000;samesite=lax";
  }

  const places = { u: "/", f: "/figures", b: "/places", h: "/outlets", c: "/collections", s: "/searches" };
  let going = 0;

  const items = () => [...document.querySelectorAll("[data-item]")];
  const here = () => document.querySelector("[data-here]");
  function move(by) {
    const all = items();
    if (!all.length) return;
    const at = all.indexOf(here());
    const next = all[Math.min(Math.max(at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by, 0), all.length - 1)];
    all.forEach((x) => x.removeAttribute("data-here"));
    next.setAttribute("data-here", "");
    (next.matches("a,button,[tabindex]") ? next : next.querySelector("a,button"))?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  // press follows the link or button with data-key of that name, first in the item at hand,
  // never in another.
  function press(name) {
    const it = here();
    const x = (it && it.querySelector(`[data-key="${name}"]`))
      || [...document.querySelectorAll(`main [data-key="${name}"]`)].find((y) => !y.closest("[data-item]"));
    if (x) x.click();
    return !!x;
  }
  document.addEventListener("keydown", (e) => {
    const t = e.target;
    if (e.key === "Escape" && t.matches("input,textarea,select")) { t.blur(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || t.matches("input,textarea,select") || document.querySelector("dialog[open]")) return;
    if (going && Date.now() - going < 1500 && places[e.key]) {
      going = 0;
      location.href = base() + places[e.key];
      e.preventDefault();
      return;
    }
    going = 0;
    let done = true;
    switch (e.key) {
      case "j": move(1); break;
      case "k": move(-1); break;
      case "o": if (!here()?.querySelector("a")) done = false; else here().querySelector("a").click(); break;
      case "g": going = Date.now(); break;
      case "/": document.getElementById("q").select(); break;
      case "?": document.getElementById("help").showModal(); break;
      default: done = /^[a-zA-Z\[\]]$/.test(e.key) && press(e.key);
    }
    if (done) e.preventDefault();
  });
  // What was found is moved through at once: htmx would keep the field focused.
  document.addEventListener("htmx:afterSwap", (e) => { if (e.target === document.body) document.getElementById("q").blur(); });
  // On a phone the menu is one line that is moved sideways, at first to where we are.
  function ready() {
    const menu = document.querySelector(".menu"), at = menu?.querySelector("[aria-current]");
    if (at) menu.scrollLeft = at.offsetLeft - (menu.clientWidth - at.offsetWidth) / 2;
    // So is a chart, at first to what is newest.
    document.querySelectorAll(".chart-scroll").forEach((x) => { x.scrollLeft = x.scrollWidth; });
  }
  document.addEventListener("htmx:afterSettle", (e) => { if (e.target === document.body) ready(); });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-help]")) document.getElementById("help").showModal();
  });
})();
