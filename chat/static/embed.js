// The chat in a portal's frame: speaks with widget.js of the page around it, and keeps the channel's token.
"use strict";

(() => {
  const channel = JSON.parse(document.getElementById("tiaowen-channel").textContent);
  const root = document.querySelector("meta[name=tiaowen-root]").content;
  const framed = window.parent !== window;
  const RENEW = 25 * 60e3; // of the 30 minutes that a token is good for
  const PATIENCE = 3000; // milliseconds that the page around may take to say hello
  let said = {}; // what it wants: greeting, starters, colour
  let token = "";
  let issued = 0;

  try {
    window.localStorage.getItem("");
  } catch {
    // Browsers that keep nothing for frames of other sites: the conversation then ends with the page.
    const kept = new Map();
    const storage = {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => kept.set(name, String(value)),
      removeItem: (name) => kept.delete(name),
    };
    Object.defineProperty(window, "localStorage", { value: storage });
  }

  function tell(word) {
    if (framed) window.parent.postMessage({ tiaowen: word }, "*"); // a word alone, no secret
  }

  const waiting = []; // for a token of the portal's
  let greeted;
  const hello = new Promise((resolve) => (greeted = resolve));
  setTimeout(() => greeted(), framed ? PATIENCE : 0);

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !framed || !channel.origins.includes(event.origin)) return;
    const { tiaowen: word, ...more } = event.data || {};
    if (word === "hello") {
      said = more;
      take(more.token);
      colour(more.colour || channel.colour);
      greeted();
    } else if (word === "token") {
      take(more.token);
      for (const go of waiting.splice(0)) go();
    } else if (word === "ask") {
      ask(String(more.text || ""), more.first === true);
    } else if (word === "focus") {
      document.querySelector("#tw-question textarea")?.focus();
    }
  });

  function take(given) {
    if (typeof given !== "string" || !given) return;
    token = given;
    issued = Date.now();
  }

  async function fetched(held) {
    try {
      const response = await fetch(`${root}/api/channels/${channel.id}/token`, {
        method: "POST",
        credentials: "omit",
        headers: held ? { Authorization: `Bearer ${held}` } : {},
      });
      if (!response.ok) return false;
      take((await response.json()).token);
      return true;
    } catch {
      return false; // the server is away; the next event tells it
    }
  }

  function asked() {
    return new Promise((resolve) => {
      waiting.push(resolve);
      setTimeout(resolve, PATIENCE);
      tell("token-please");
    });
  }

  let fetching;
  async function fresh() {
    if (token && Date.now() - issued < RENEW) return;
    if (token && (await fetched(token))) return;
    if (channel.tokenNeeded) await asked();
    else await fetched("");
  }
  const renewed = () => (fetching ||= fresh().finally(() => (fetching = undefined)));
  setInterval(renewed, 60e3);

  // Every event of the page says whose chat this is, and shows the token: in its last input. Gradio's own way,
  // JavaScript in the event, would need eval.
  const fetchAsIs = window.fetch.bind(window);
  window.fetch = async (target, options) => {
    if (!/\/gradio_api\/queue\/join/.test(target.url || target)) return fetchAsIs(target, options);
    await hello;
    await renewed();
    const event = JSON.parse(options.body);
    const { greeting, starters } = said;
    event.data.splice(-1, 1, JSON.stringify({ channel: channel.id, token, greeting, starters }));
    return fetchAsIs(target, { ...options, body: JSON.stringify(event) });
  };

  function colour(value) {
    const hex = /^#[0-9a-f]{6}$/i.exec(value);
    if (!hex) return;
    // Black or white on it, whichever reads better: WCAG 2 relative luminance.
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(value.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179;
    document.documentElement.style.setProperty("--tw-accent", value);
    document.documentElement.style.setProperty("--tw-on-accent", light ? "#000" : "#fff");
  }
  colour(channel.colour);

  // Ask for the host. `first`: only where the conversation has not begun.
  async function ask(text, first) {
    await ready;
    if (!text.trim() || (first && document.querySelector("#tw-chat .user-row"))) return;
    const box = document.querySelector("#tw-question textarea");
    box.value = text.slice(0, 1000);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.querySelector("#tw-submit")?.click(), 50); // once Gradio has read the box
  }

  const ready = new Promise((resolve) => {
    const look = () =>
      document.querySelector("#tw-chat .tw-opened, #tw-chat .user-row") &&
      document.querySelector("#tw-submit") &&
      document.querySelector("#tw-question textarea");
    const watcher = new MutationObserver(() => {
      if (!look()) return;
      watcher.disconnect();
      resolve();
      tell("ready");
    });
    watcher.observe(document.documentElement, { childList: true, subtree: true });
  });

  document.addEventListener("keydown", (event) => {
    const inList = event.target instanceof Element && event.target.getAttribute("aria-expanded") === "true";
    if (event.key === "Escape" && !event.defaultPrevented && !inList) tell("close");
  });

  tell("hello-please");
})();
