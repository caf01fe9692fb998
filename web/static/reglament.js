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

  function prepare(root) {
    root.querySelectorAll("form[data-live]").forEach((form) => {
      if (form.dataset.prepared) return;
      form.dataset.prepared = "yes";
      form.querySelectorAll("[data-without-js]").forEach((button) => { button.hidden = true; });
      form.addEventListener("change", () => { form.dataset.changed = "yes"; showOrHide(form); });
      form.addEventListener("input", () => { form.dataset.changed = "yes"; });
      form.addEventListener("submit", (event) => {
        if (form.dataset.sent) { event.preventDefault(); return; }
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
  document.addEventListener("htmx:load", (event) => prepare(event.target.parentElement || document));
  document.addEventListener("DOMContentLoaded", () => prepare(document));
  if (document.readyState !== "loading") prepare(document);
})();
