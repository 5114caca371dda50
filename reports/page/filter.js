"use strict";
// Search and filter, kept in the address after the #, so that a view can be sent to somebody.
(() => {
  const form = document.querySelector("form.filter");
  if (!form) return;
  const rows = [...document.querySelectorAll("[data-outcome]")];
  const words = rows.map((row) => row.textContent.toLowerCase());
  const boxes = [...form.querySelectorAll("input[name=outcome]")];
  const search = form.querySelector("input[name=q]");
  const output = form.querySelector("output");

  const apply = () => {
    const asked = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const outcomes = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = outcomes.has(row.dataset.outcome) && asked.every((word) => words[at].includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    output.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} shown`;
  };

  const write = () => {
    const asked = new URLSearchParams();
    if (search.value) asked.set("q", search.value);
    if (boxes.some((box) => !box.checked)) {
      asked.set("outcome", boxes.filter((box) => box.checked).map((box) => box.value).join(","));
    }
    history.replaceState(null, "", `#${asked}`);
    apply();
  };

  const read = () => {
    const text = location.hash.slice(1);
    if (text && !text.includes("=")) {
      const target = document.getElementById(text);
      if (target && target.tagName === "DETAILS") {
        target.hidden = false;
        target.open = true;
        target.querySelector("summary").focus({ preventScroll: true });
        target.scrollIntoView();
      }
      return;
    }
    const asked = new URLSearchParams(text);
    search.value = asked.get("q") || "";
    const outcomes = asked.get("outcome");
    boxes.forEach((box) => { box.checked = outcomes === null || outcomes.split(",").includes(box.value); });
    apply();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", write);
  addEventListener("hashchange", read);
  // What is folded is printed, too.
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => {
    if (!one.open) { one.open = true; one.dataset.unfolded = ""; }
  }));
  addEventListener("afterprint", () => document.querySelectorAll("[data-unfolded]").forEach((one) => {
    one.open = false; delete one.dataset.unfolded;
  }));
  read();
})();
