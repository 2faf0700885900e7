// 条问: the chat on any page. <script src="https://host/widget.js" data-channel="portal" async></script>
// Options and rules for a page's own security policy: docs/embedding.md. One global: Tiaowen.
(() => {
  "use strict";
  const script = document.currentScript;
  const server = new URL(".", script.src);
  const PATIENCE = 15000; // milliseconds until a silent frame counts as blocked
  const PHONE = "(max-width: 640px), (max-height: 420px)";
  const CSS = `
.w { all: initial; display: block; font: 16px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1b2733; }
.w[hidden], .w [hidden] { display: none !important; }
.w * { box-sizing: border-box; }
button { font: inherit; cursor: pointer; }
button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #123a66; }
.b, .p, .m { position: fixed; bottom: calc(20px + var(--up)); right: 20px; }
.left .b, .left .p, .left .m { right: auto; left: 20px; }
.b { display: flex; gap: 8px; align-items: center; max-width: calc(100vw - 40px); padding: 11px 18px; border: 0; border-radius: 26px; background: var(--c); color: var(--on); font-weight: 600; box-shadow: 0 4px 16px rgb(0 0 0 / 28%); }
.b svg { flex: none; width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 2; }
.away .b { background: #4b5563; color: #fff; }
.p { display: flex; flex-direction: column; width: 420px; height: min(680px, calc(100vh - 40px)); max-width: calc(100vw - 40px); bottom: 20px; border: 1px solid #8b98a6; border-radius: 14px; background: #f3f6f9; box-shadow: 0 10px 40px rgb(0 0 0 / 32%); overflow: hidden; }
.h { display: flex; flex: none; align-items: center; justify-content: space-between; padding: 8px 8px 8px 16px; background: var(--c); color: var(--on); }
.h b { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.x { width: 40px; height: 40px; padding: 0; border: 0; border-radius: 8px; background: none; color: inherit; font-size: 24px; line-height: 1; }
.x:hover { background: rgb(128 128 128 / 35%); }
iframe { flex: 1; display: block; width: 100%; min-height: 0; border: 0; background: #f3f6f9; }
.m { width: 320px; max-width: calc(100vw - 40px); padding: 14px 16px; border: 1px solid #8b98a6; border-radius: 10px; background: #fff; color: #1b2733; font-size: 15px; box-shadow: 0 4px 16px rgb(0 0 0 / 20%); overflow-wrap: anywhere; }
.m button { margin-top: 8px; margin-right: 8px; padding: 4px 14px; border: 1px solid #566473; border-radius: 6px; background: #fff; color: #123a66; }
.m button:focus-visible { outline-color: #123a66; box-shadow: none; }
.inline, .inline .p { display: flex; flex-direction: column; width: 100%; height: 100%; }
.inline .p, .inline .m { position: static; max-width: none; box-shadow: none; border-radius: 8px; }
.inline .m { width: 100%; }
.inline .h { display: none; }
@media ${PHONE} { .w:not(.inline) .p { inset: 0; width: 100vw; max-width: none; height: 100vh; height: 100dvh; border: 0; border-radius: 0; } }
@media (prefers-reduced-motion: no-preference) { .w:not(.inline) .p { animation: in .16s ease-out; } @keyframes in { from { opacity: 0; transform: translateY(12px); } } }
@media print { .w:not(.inline) { display: none; } }`;

  function make(tag, attributes = {}, ...children) {
    const svg = tag === "svg" || tag === "path";
    const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // Black or white, whichever reads better on a colour: WCAG 2 relative luminance.
  function on(colour) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
  }

  class Widget {
    constructor(options, place, number) {
      this.options = options;
      this.channel = options.channel;
      this.inline = options.mode === "inline";
      this.key = `tiaowen:${this.channel}`;
      this.asks = [];
      this.box = make("div", { class: "w", lang: "zh-CN" });
      if (this.inline) this.box.classList.add("inline");
      if (options.position === "left") this.box.classList.add("left");
      this.box.style.setProperty("--up", `${number * 64}px`);
      this.element = make("tiaowen-widget");
      // Inline and important: no style sheet of the page outweighs it.
      const kept = this.inline
        ? "display:block;width:100%;height:100%;min-height:480px"
        : "display:block;position:fixed;inset:auto 0 0 auto;width:0;height:0;overflow:visible;z-index:2147483647;visibility:visible;opacity:1;pointer-events:auto";
      this.element.style.cssText = `all:initial;${kept}`.replaceAll(/;|$/g, "!important;");
      const shadow = this.element.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet(); // neither inline nor loaded: a page's style-src has no say
      sheet.replaceSync(CSS);
      shadow.adoptedStyleSheets = [sheet];
      shadow.append(this.box);
      this.dress({ title: "政策问答", colour: "#1a5799" });
      place(this.element);
      if (!this.inline && this.element.showPopover) {
        this.element.popover = "manual"; // the top layer: above every z-index, free of transformed ancestors
        this.element.showPopover();
      }
      window.addEventListener("message", (event) => this.hear(event));
      this.start();
    }

    dress(looks) {
      const own = (name, fallback) => this.options[name] || fallback;
      const colour = own("colour", looks.colour);
      this.title = own("title", looks.title);
      this.colour = /^#[0-9a-f]{6}$/i.test(colour) ? colour : looks.colour;
      this.box.style.setProperty("--c", this.colour);
      this.box.style.setProperty("--on", on(this.colour));
    }

    async start() {
      const state = await this.connect();
      if (state === "forbidden") return;
      if (this.inline) return state === "ok" ? this.open() : this.away();
      this.label = make("span");
      const icon = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, make("path", { d: "M4 5h16v11H10l-4 4v-4H4z M8 9h8 M8 12h5" }));
      this.button = make("button", { class: "b", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" }, icon, this.label);
      this.button.onclick = () => this.open();
      this.box.append(this.button);
      this.name();
      if (state === "ok" && this.remembered() === "open" && !matchMedia(PHONE).matches) this.open(false);
    }

    name() {
      this.box.classList.toggle("away", this.state === "away");
      if (this.button) this.label.textContent = this.state === "away" ? `${this.title}（暂时无法连接）` : this.title;
    }

    // ok, forbidden (this site may not show the channel) or away.
    async connect() {
      const url = new URL(`api/channels/${encodeURIComponent(this.channel)}`, server);
      try {
        const response = await fetch(url, { credentials: "omit", cache: "no-store" });
        if (response.ok) this.dress(await response.json());
        this.state = response.ok ? "ok" : "away";
      } catch {
        // The browser does not say why. Does the server answer at all?
        this.state = await fetch(new URL("healthz", server), { mode: "no-cors", credentials: "omit" }).then(() => "forbidden", () => "away");
      }
      this.name();
      if (this.state === "forbidden") {
        const text = `条问未在此显示：没有渠道“${this.channel}”，或本网站 ${location.origin} 不在它的允许名单中。网站管理员请联系条问的管理员，在 channels.toml 中把本网站加入该渠道的 origins。`;
        console.error(text);
        this.say(text);
      }
      return this.state;
    }

    say(text, again) {
      this.silence();
      const buttons = [];
      if (again) buttons.push(["重试", () => (this.silence(), again())]);
      if (!this.inline) buttons.push(["关闭", () => this.silence()]);
      this.message = make("div", { class: "m", role: "status" }, make("div", {}, text));
      for (const [name, act] of buttons) {
        const button = make("button", { type: "button" }, name);
        button.onclick = act;
        this.message.append(button);
      }
      if (this.button) this.button.hidden = true;
      this.box.append(this.message);
    }

    silence() {
      this.message?.remove();
      if (this.button) this.button.hidden = false;
    }

    away() {
      this.say(`${this.title}暂时无法连接，请稍后再试。`, () => this.open());
    }

    async open(focus = true) {
      if (!this.frame) {
        if (this.opening) return;
        this.opening = true;
        const state = await this.connect();
        this.opening = false;
        if (state === "away") this.away();
        if (state !== "ok") return;
        this.build();
      }
      if (this.inline) return;
      this.before = focus ? document.activeElement : null;
      this.panel.hidden = false;
      this.button.hidden = true;
      this.button.setAttribute("aria-expanded", "true");
      this.remembered("open");
      if (focus) matchMedia("(pointer: coarse)").matches || !this.ready ? this.shut.focus() : this.enter();
    }

    close() {
      if (this.inline || !this.panel || this.panel.hidden) return;
      this.panel.hidden = true;
      this.button.hidden = false;
      this.button.setAttribute("aria-expanded", "false");
      this.remembered("closed");
      this.button.focus();
    }

    build() {
      this.frame = make("iframe", { src: new URL(`embed/${encodeURIComponent(this.channel)}`, server), title: this.title, allow: "clipboard-write" });
      this.shut = make("button", { class: "x", type: "button", "aria-label": "关闭" }, "×");
      this.shut.onclick = () => this.close();
      const head = make("div", { class: "h" }, make("b", {}, this.title), this.shut);
      this.panel = make("div", { class: "p", role: this.inline ? "region" : "dialog", "aria-label": this.title }, head, this.frame);
      if (!this.inline) {
        // The keyboard goes round between the close button and the frame.
        this.panel.setAttribute("aria-modal", "true");
        const first = make("span", { tabindex: "0" });
        const last = make("span", { tabindex: "0" });
        first.onfocus = () => this.frame.focus();
        last.onfocus = () => this.shut.focus();
        this.panel.prepend(first);
        this.panel.append(last);
        this.panel.onkeydown = (event) => event.key === "Escape" && this.close();
      }
      this.box.append(this.panel);
      this.timer = setTimeout(() => {
        this.panel.remove();
        this.frame = this.panel = null;
        if (this.button) this.button.setAttribute("aria-expanded", "false");
        console.error(`条问的窗口没有打开。本网站若有内容安全策略，须允许 frame-src ${server.origin}`);
        this.away();
      }, PATIENCE);
      if (this.options.question) this.asks.push({ text: this.options.question, first: true });
    }

    async token() {
      const { token, tokenUrl } = this.options;
      if (!tokenUrl) return token;
      try {
        return (await (await fetch(tokenUrl, { cache: "no-store" })).json()).token;
      } catch {
        return console.error(`条问：没有从 ${tokenUrl} 取得凭证`);
      }
    }

    async hear(event) {
      if (!this.frame || event.source !== this.frame.contentWindow || event.origin !== server.origin) return;
      const word = event.data?.tiaowen;
      if (word === "hello-please") {
        clearTimeout(this.timer);
        const { greeting, starters } = this.options;
        this.tell("hello", { greeting, starters: starters?.split("|"), colour: this.colour, token: await this.token() });
      } else if (word === "token-please") {
        this.tell("token", { token: await this.token() });
      } else if (word === "ready") {
        this.ready = true;
        for (const ask of this.asks.splice(0)) this.tell("ask", ask);
        if (this.box.getRootNode().activeElement === this.shut && !matchMedia("(pointer: coarse)").matches) this.enter();
      } else if (word === "close") {
        this.close();
      }
    }

    tell(word, more) {
      this.frame.contentWindow.postMessage({ tiaowen: word, ...more }, server.origin);
    }

    enter() {
      this.frame.focus();
      this.tell("focus");
    }

    ask(text) {
      this.asks.push({ text: String(text) });
      if (this.ready) for (const ask of this.asks.splice(0)) this.tell("ask", ask);
      return this.open();
    }

    remembered(state) {
      try {
        return state ? sessionStorage.setItem(this.key, state) : sessionStorage.getItem(this.key);
      } catch {
        return null; // a page without storage remembers nothing
      }
    }
  }

  const widgets = (window.Tiaowen ||= (() => {
    const all = [];
    const pick = (channel) => all.find((each) => !channel || each.channel === channel);
    return {
      add: (make) => all.push(make(all.filter((each) => !each.inline).length)),
      open: (channel) => pick(channel)?.open(),
      close: (channel) => pick(channel)?.close(),
      ask: (text, channel) => pick(channel)?.ask(text),
    };
  })());

  function begin() {
    const options = { ...script.dataset };
    const target = options.target && document.querySelector(options.target);
    const place = (element) => {
      if (options.mode !== "inline") document.body.append(element);
      else if (target) target.append(element);
      else script.after(element);
    };
    widgets.add((number) => new Widget(options, place, options.mode === "inline" ? 0 : number));
    document.dispatchEvent(new CustomEvent("tiaowen:ready", { detail: options.channel }));
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
