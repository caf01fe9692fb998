// Small comforts. Every page does the same without this file: fields are shown and hidden by the server as well.
(function () {
  "use strict";

  function chosen(form, name) {
    return Array.from(form.elements)
      .filter((one) => one.name === name && ((one.type !== "radio" && one.type !== "checkbox") || one.checked))
      .map((one) => one.value || (one.type === "checkbox" ? "false" : ""));
  }

  function showOrHide(form) {
    // A field may hang on a field that is hidden itself, so it goes from the outside in: document order is enough.
    form.querySelectorAll("[data-show-if]").forEach((field) => {
      const wanted = JSON.parse(field.dataset.showIf);
      field.hidden = !Object.entries(wanted).every(([name, texts]) => {
        const asked = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
        if (asked && asked.hidden) return false;
        const values = chosen(form, name);
        if (!values.length && asked && asked.dataset.kind === "confirm") values.push("false");
        return values.some((value) => texts.includes(value));
      });
    });
  }

  // One more row, one row less, a file taken away: the server draws the form anew and only the form is exchanged.
  async function exchange(form, button) {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-live]");
    if (!fresh) throw new Error(answer.statusText);
    form.replaceWith(fresh);
    prepare(document);
    fresh.dataset.changed = "yes";
    const [verb, name] = button.value.split(":");
    const field = name && fresh.querySelector(`[data-field="${CSS.escape(name.replace(/\.\d+$/, ""))}"]`);
    if (!field) return;
    const rows = field.querySelectorAll("tbody tr, .row-card");
    const place = verb === "add" && rows.length ? rows[rows.length - 1] : field;
    const target = place.querySelector("input:not([type=hidden]), select, textarea, button");
    if (target) target.focus();
  }

  function prepare(root) {
    root.querySelectorAll("form[data-live]").forEach((form) => {
      if (form.dataset.prepared) return;
      form.dataset.prepared = "yes";
      form.querySelectorAll("[data-without-js]").forEach((button) => { button.hidden = true; });
      form.addEventListener("change", () => { form.dataset.changed = "yes"; showOrHide(form); });
      form.addEventListener("input", () => { form.dataset.changed = "yes"; });
      form.addEventListener("submit", (event) => {
        if (form.dataset.sent) { event.preventDefault(); return; }
        if (event.submitter && event.submitter.dataset.inPlace !== undefined && !form.dataset.whole) {
          event.preventDefault();
          exchange(form, event.submitter).catch(() => { form.dataset.whole = "yes"; form.requestSubmit(event.submitter); });
          return;
        }
        delete form.dataset.changed;
        if (!event.submitter || event.submitter.dataset.final !== undefined) form.dataset.sent = "yes";
      });
      showOrHide(form);
    });
    const summary = root.querySelector(".summary");
    if (summary) summary.focus();
  }

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-live][data-changed]")) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing) { const box = document.getElementById("search"); if (box) { event.preventDefault(); box.focus(); } }
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => prepare(document));
  else prepare(document);
})();
