// The staff's pages: progress, confirmations, and the picker of clauses. Everything else works without it.
"use strict";

(() => {
  const root = document.body.dataset.root;

  // A run that goes on: its figures move, and the page is drawn anew when it ends.
  const watched = document.querySelectorAll("[data-progress]");
  async function watch() {
    let over = false;
    const seen = new Map();
    for (const element of watched) {
      const address = element.dataset.progress;
      try {
        if (!seen.has(address)) seen.set(address, await (await fetch(address, { headers: { Accept: "application/json" } })).json());
      } catch {
        continue; // the server may be restarting
      }
      const { status, label, done, total } = seen.get(address);
      if (status === undefined) continue; // signed out meanwhile
      if (status !== "queued" && status !== "running") over = true;
      for (const place of element.querySelectorAll("[data-done]")) place.textContent = `${done}／${total}`;
      for (const place of element.querySelectorAll("[data-label], .status")) place.textContent = label;
      for (const bar of element.querySelectorAll("progress")) bar.value = done;
    }
    if (over) location.replace(location.pathname); // without what was said of the start
    else setTimeout(watch, 800);
  }
  if (watched.length) setTimeout(watch, 400);

  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !confirm(question)) event.preventDefault();
  });
  for (const select of document.querySelectorAll("[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }

  // Curated answers: find a clause, cite it.
  const cites = document.getElementById("cites");
  if (!cites) return;
  const query = document.getElementById("clause-query");
  const results = document.getElementById("clause-results");
  const template = document.getElementById("cite-template");

  cites.addEventListener("click", (event) => {
    if (event.target.matches("[data-remove]")) event.target.closest("li").remove();
  });
  document.getElementById("clause-find").addEventListener("click", find);
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault(); // the form is not finished
      find();
    }
  });

  async function find() {
    results.textContent = "正在查找…";
    let found;
    try {
      const response = await fetch(`${root}/staff/clauses?q=${encodeURIComponent(query.value)}`, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      found = await response.json();
    } catch {
      results.textContent = "没有查到，请检查登录后再试。";
      return;
    }
    results.textContent = found.length ? "" : "没有找到条款。";
    for (const clause of found) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const name = document.createElement("b");
      button.type = "button";
      name.textContent = `${clause.title}${clause.number ? `（${clause.number}）` : ""} ${clause.path}`;
      button.append(name, clause.text.length > 500 ? `${clause.text.slice(0, 500)}……` : clause.text);
      button.addEventListener("click", () => {
        cite(clause, name.textContent);
        item.remove();
      });
      item.append(button);
      results.append(item);
    }
  }

  function cite(clause, name) {
    const item = template.content.cloneNode(true);
    item.querySelector("b").textContent = name;
    item.querySelector("[name=cite_document]").value = clause.document_id;
    item.querySelector("[name=cite_clause]").value = clause.clause_id;
    item.querySelector("textarea").value = clause.text;
    cites.append(item);
  }
})();
