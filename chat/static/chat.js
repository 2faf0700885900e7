// The chat page: citation markers, copying, votes, names for screen readers. Gradio draws the rest.
"use strict";

(() => {
  const base = `${document.querySelector("meta[name=tiaowen-root]").content}/`;

  function showCitation(marker) {
    const card = document.getElementById(decodeURIComponent(marker.hash.slice(1)));
    if (!card) return;
    card.open = true;
    card.scrollIntoView({ behavior: "smooth", block: "nearest" });
    card.classList.add("tw-shown");
    setTimeout(() => card.classList.remove("tw-shown"), 1600);
    card.querySelector("summary").focus({ preventScroll: true });
  }

  function asText(answer) {
    const lines = [answer.querySelector(".tw-text").innerText.trim()];
    for (const warning of answer.querySelectorAll(".tw-warnings li")) lines.push(`注意：${warning.textContent}`);
    for (const note of answer.querySelectorAll(".tw-remarks li")) lines.push(`说明：${note.textContent}`);
    const generated = answer.querySelector(".tw-generated");
    if (generated) lines.push(`【${generated.textContent}】`);
    for (const group of answer.querySelectorAll(".tw-cites")) {
      lines.push("", `${group.querySelector(".tw-label").textContent}：`);
      for (const card of group.querySelectorAll(".tw-cite")) {
        const words = (name) => (card.querySelector(name) || { textContent: "" }).textContent.trim();
        lines.push(`[${words(".tw-n")}] ${words(".tw-doc")}${words(".tw-path")}：“${words(".tw-quote")}”`);
        lines.push(card.querySelector(".tw-open a").href);
      }
    }
    lines.push("", "以政策原文为准");
    return lines.join("\n");
  }

  async function copy(button) {
    const text = asText(button.closest(".tw-answer"));
    try {
      await navigator.clipboard.writeText(text);
      say(button, "已复制");
    } catch {
      // Pages without https have no clipboard of their own.
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      document.body.append(area);
      area.select();
      say(button, document.execCommand("copy") ? "已复制" : "请手动复制");
      area.remove();
    }
  }

  // Generated text keeps its label also where a part of it is selected and copied.
  document.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !event.clipboardData) return;
    const place = selection.getRangeAt(0).commonAncestorContainer;
    const within = (place instanceof Element ? place : place.parentElement).closest(".tw-answer");
    const label = within && within.querySelector(".tw-generated");
    const text = selection.toString();
    if (!label || text.includes(label.textContent)) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", `${text}\n【${label.textContent}】`);
  });
  const reasons = {
    1: ["引用准确", "内容完整", "容易看懂"],
    "-1": ["答非所问", "引用不对", "内容不全", "已经过时", "看不懂"],
  };

  async function send(tools, value, reason) {
    const response = await fetch(`${base}api/feedback`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ answer_id: tools.id.slice("tw-tools-".length), vote: value, reason }),
    });
    if (!response.ok) throw new Error(String(response.status));
  }

  async function vote(button, value) {
    const tools = button.closest(".tw-tools");
    try {
      await send(tools, value, "");
      for (const other of tools.querySelectorAll(".tw-up, .tw-down")) other.classList.toggle("tw-chosen", other === button);
      askWhy(tools, value);
    } catch {
      say(tools.querySelector(".tw-copy"), "未能提交评价");
    }
  }

  // The vote counts already; a reason may follow.
  function askWhy(tools, value) {
    const line = tools.closest(".tw-foot-line");
    if (line.nextElementSibling) line.nextElementSibling.remove();
    const form = document.createElement("form");
    const told = document.createElement("p");
    const words = document.createElement("input");
    const done = document.createElement("button");
    form.className = "tw-why";
    told.textContent = value > 0 ? "谢谢。好在哪里？（可不填）" : "谢谢。哪里不好？（可不填，请勿填写个人信息）";
    told.setAttribute("role", "status");
    words.maxLength = 500;
    words.placeholder = "补充说明";
    words.setAttribute("aria-label", "补充说明");
    done.className = "tw-send";
    done.textContent = "提交";
    form.append(told);
    for (const reason of reasons[value]) {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.textContent = reason;
      chip.setAttribute("aria-pressed", "false");
      chip.addEventListener("click", () => chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true")));
      form.append(chip);
    }
    form.append(words, done);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const chosen = [...form.querySelectorAll("[aria-pressed=true]")].map((chip) => chip.textContent);
      try {
        await send(tools, value, [...chosen, words.value.trim()].filter(Boolean).join("；"));
        told.textContent = "已提交，谢谢。";
        form.replaceChildren(told);
      } catch {
        told.textContent = "未能提交，请稍后再试。";
      }
    });
    line.after(form);
  }

  function say(button, words) {
    const before = button.dataset.words || button.textContent;
    button.dataset.words = before;
    button.textContent = words;
    setTimeout(() => (button.textContent = before), 1500);
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("a.tw-marker, .tw-copy, .tw-up, .tw-down") : null;
    if (!target) return;
    if (target.matches("a.tw-marker")) {
      event.preventDefault();
      showCitation(target);
    } else if (target.matches(".tw-copy")) {
      copy(target);
    } else {
      vote(target, target.matches(".tw-up") ? 1 : -1);
    }
  });

  window.addEventListener("beforeprint", () => {
    for (const card of document.querySelectorAll("details.tw-cite")) card.open = true;
  });

  // Each new question goes to the top, so that its answer is read from the start.
  let asked = 0;
  function showQuestion() {
    const questions = document.querySelectorAll("#tw-chat .user-row");
    if (questions.length === asked) return;
    const scroller = document.querySelector("#tw-chat .bubble-wrap");
    if (questions.length > asked && scroller) {
      const last = questions[questions.length - 1];
      requestAnimationFrame(() => {
        scroller.scrollTop += last.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
      });
    }
    asked = questions.length;
  }

  // Gradio names the conversation in English, and a message by its whole source.
  function rename() {
    const log = document.querySelector("#tw-chat [role=log]");
    if (log && log.getAttribute("aria-label") !== "对话") log.setAttribute("aria-label", "对话");
    for (const message of document.querySelectorAll("#tw-chat [data-testid][aria-label]")) {
      const name = message.dataset.testid === "user" ? "提问" : "回答";
      if (message.getAttribute("aria-label") !== name) message.setAttribute("aria-label", name);
    }
  }

  // Gradio removes unknown attributes; the label that machines read is put back.
  function mark() {
    for (const label of document.querySelectorAll(".tw-answer[id]:not([data-aigc]) > .tw-generated")) {
      const answer = label.parentElement;
      const aigc = { Label: "1", ContentProducer: "条问 Tiaowen", ProduceID: answer.id.slice("tw-".length) };
      answer.dataset.aigc = JSON.stringify({ AIGC: aigc });
    }
  }

  // What Gradio itself says, whatever the language.
  const chinese = {
    Error: "出错",
    "Connection to the server was lost. Attempting reconnection...": "与服务器的连接已中断，正在重新连接…",
  };
  function translate() {
    for (const said of document.querySelectorAll(".toast-title, [data-testid=toast-text]")) {
      const node = [...said.childNodes].find((each) => chinese[each.textContent.trim()]);
      if (node) node.textContent = chinese[node.textContent.trim()];
    }
    for (const close of document.querySelectorAll("[data-testid=toast-close][aria-label=Close]")) close.setAttribute("aria-label", "关闭");
  }

  new MutationObserver(() => {
    rename();
    translate();
    mark();
    showQuestion();
    document.body.classList.remove("dark"); // one dress, the same as that of the document pages
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["aria-label"],
  });
})();
