// An article's marks, what is kept of it, and what is copied.
"use strict";
(() => {
  const rowsOf = (m) => (m.dataset.m || m.getAttribute("href").slice("#mark-".length)).split(" ");
  const markAt = (e) => (e.target instanceof Element ? e.target.closest(".m") : null);
  let card, of, timer;

  // sentenceOf is the text around a mark between two ends of sentences.
  function sentenceOf(m) {
    const block = m.closest("p,blockquote,h1,h2,h3,pre");
    if (!block) return "";
    let text = "", found = false;
    for (const n of block.childNodes) {
      if (n.nodeType === 1 && n.matches(".c")) {
        if (found) break;
        text = "";
        continue;
      }
      if (n === m) found = true;
      text += n.textContent;
    }
    return text.trim();
  }
  function hide() {
    clearTimeout(timer);
    card?.remove();
    of?.removeAttribute("aria-describedby");
    document.querySelectorAll("[data-lit]").forEach((x) => x.removeAttribute("data-lit"));
    card = of = null;
  }
  function show(m) {
    if (of === m) return;
    hide();
    const parts = [];
    for (const n of rowsOf(m)) {
      const row = document.getElementById("mark-" + n);
      if (!row) continue;
      const part = document.createElement("div");
      part.className = "row-of";
      for (const x of row.childNodes) part.append(x.cloneNode(true));
      const head = row.closest("section")?.querySelector("h2");
      if (head) {
        const name = document.createElement("span");
        name.className = "quiet";
        name.textContent = head.textContent + ": ";
        part.prepend(name);
      }
      parts.push(part);
    }
    if (!parts.length) return;
    of = m;
    card = document.createElement("div");
    card.className = "mark-card";
    card.id = "mark-card";
    card.setAttribute("role", "tooltip");
    card.append(...parts);
    const sentence = document.createElement("p");
    sentence.className = "sentence";
    sentence.textContent = sentenceOf(m);
    sentence.dir = "auto";
    sentence.lang = m.closest("[lang]")?.lang || "";
    card.append(sentence);
    document.body.append(card);
    m.setAttribute("aria-describedby", "mark-card");
    const first = rowsOf(m)[0];
    document.querySelectorAll(".m").forEach((x) => { if (rowsOf(x)[0] === first) x.setAttribute("data-lit", ""); });
    const r = m.getClientRects()[0], w = card.offsetWidth, h = card.offsetHeight;
    const x = Math.min(Math.max(8, r.left), document.documentElement.clientWidth - w - 8);
    const below = r.bottom + 6 + h < innerHeight || r.top < h + 6;
    card.style.left = x + scrollX + "px";
    card.style.top = (below ? r.bottom + 6 : r.top - h - 6) + scrollY + "px";
  }
  document.addEventListener("pointerover", (e) => {
    if (e.pointerType === "touch") return;
    const m = markAt(e);
    clearTimeout(timer);
    if (m) timer = setTimeout(show, 120, m);
    else if (card && !e.target.closest?.(".mark-card")) timer = setTimeout(hide, 250);
  });
  document.addEventListener("focusin", (e) => {
    const m = markAt(e);
    if (m) show(m);
    else if (card && !e.target.closest(".mark-card")) hide();
  });
  document.addEventListener("pointerup", (e) => {
    if (e.pointerType !== "touch") return;
    const m = markAt(e);
    if (m) show(m);
    else if (!e.target.closest?.(".mark-card")) hide();
  });
  // On a touch the panel is enough; a click goes to the row.
  document.addEventListener("click", (e) => {
    const m = markAt(e);
    if (m && e.pointerType === "touch") e.preventDefault();
    else if (m) hide();
  });
  document.addEventListener("keydown", (e) => { if (e.key === "Escape") hide(); });
  document.addEventListener("htmx:beforeSwap", hide);

  document.addEventListener("click", async (e) => {
    const b = e.target.closest?.("[data-copy]");
    if (!b) return;
    const from = document.getElementById(b.dataset.copy);
    from.select();
    try { await navigator.clipboard.writeText(from.value); } catch { document.execCommand("copy"); }
    b.setAttribute("aria-pressed", "true");
  });

  // Which kinds of marks are off is kept for the next article.
  const off = () => { try { return (localStorage.getItem("marks-off") || "").split(" "); } catch { return []; } };
  document.addEventListener("change", (e) => {
    if (!e.target.matches?.(".switch input")) return;
    try { localStorage.setItem("marks-off", [...document.querySelectorAll(".switch input:not(:checked)")].map((x) => x.id).join(" ")); } catch { /* it is kept for this page only */ }
  });

  // Buttons of what is kept say so at once, without another page.
  async function keep(button) {
    const body = new URLSearchParams({ do: button.value });
    const r = await fetch(button.formAction, { method: "POST", body, headers: { "Dateline-Quiet": "1" } }).catch(() => null);
    if (!r?.ok) return false;
    [button.value, button.dataset.other] = [button.dataset.other, button.value];
    const on = button.value.startsWith("un");
    button.setAttribute("aria-pressed", on);
    if (button.dataset.key === "m") button.closest("[data-item]")?.toggleAttribute("data-read", on);
    return true;
  }
  document.addEventListener("submit", async (e) => {
    const b = e.submitter, form = e.target;
    if (!b?.matches(".keep")) return;
    e.preventDefault();
    if (await keep(b)) return;
    // The page that answers says what is wrong.
    const what = document.createElement("input");
    Object.assign(what, { type: "hidden", name: b.name, value: b.value });
    form.append(what);
    form.action = b.formAction;
    form.submit();
  });

  // What there is to do when a page has come, at first or by htmx.
  function ready() {
    for (const id of off()) {
      const x = id && document.getElementById(id);
      if (x) x.checked = false;
    }
    document.querySelectorAll("[data-copy]").forEach((x) => { x.hidden = false; });
    const reading = document.querySelector("form[data-reading]");
    if (reading) {
      reading.removeAttribute("data-reading");
      const b = reading.querySelector('[data-key="m"]');
      if (b?.value === "read") keep(b);
    }
    // Filters are folded where the list has to come first, on a phone. (Newer browsers do so by the styles.)
    if (matchMedia("(min-width: 50.01rem)").matches) document.querySelectorAll(".fold").forEach((x) => { x.open = true; });
    document.getElementById("cited")?.scrollIntoView({ block: "center" });
  }
  document.addEventListener("htmx:afterSettle", (e) => { if (e.target === document.body) ready(); });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
