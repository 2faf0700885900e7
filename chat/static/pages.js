// Document pages: printing, the outline's place, filters that apply themselves.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
if (document.querySelector("[data-print-now]")) {
  window.addEventListener("load", () => window.print());
}
window.addEventListener("beforeprint", () => {
  for (const card of document.querySelectorAll("details.tw-cite")) card.open = true;
});
for (const select of document.querySelectorAll(".filters select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// On a small screen the outline would push the text away.
const outline = document.querySelector(".outline details");
if (outline && window.matchMedia("(max-width: 860px)").matches) outline.open = false;

function markCurrent() {
  for (const link of document.querySelectorAll(".outline a")) {
    const here = link.hash === window.location.hash;
    link.classList.toggle("current", here);
    if (here) {
      link.setAttribute("aria-current", "location");
      if (outline && outline.open) link.scrollIntoView({ block: "nearest" });
    } else {
      link.removeAttribute("aria-current");
    }
  }
  const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  if (target) target.focus({ preventScroll: true });
}
window.addEventListener("hashchange", markCurrent);
markCurrent();
