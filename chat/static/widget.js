// 条问: the chat on any page. <script src="https://host/widget.js" data-channel="portal" async></script>
// Options, CSP: docs/embedding.md. One global: Tiaowen.
(() => {
	"use strict";
	const script = document.currentScript;
	const server = new URL(".", script.src);
	const PATIENCE = 15000; // milliseconds until a silent frame counts as blocked
	const PHONE = "(max-width: 640px), (max-height: 420px)";
	const CSS = `
.w { all: initial; font: 16px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1b2733; }
[hidden] { display: none !important; }
.w * { box-sizing: border-box; }
button { font: inherit; cursor: pointer; border: 0; border-radius: 8px; background: none; color: inherit; }
button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #123a66; }
.b, .p, .m { position: fixed; bottom: calc(20px + var(--up)); right: 20px; max-width: calc(100vw - 40px); box-shadow: 0 6px 24px rgb(0 0 0 / 30%); }
.left :is(.b, .p, .m) { right: auto; left: 20px; }
.b { padding: 11px 20px; border-radius: 26px; font-weight: 600; }
.b::before { content: "条"; margin-right: 8px; padding: 1px 5px; border: 2px solid; border-radius: 6px; }
.b, .h { background: var(--c); color: var(--on); }
.away .b { background: #4b5563; color: #fff; }
.p { display: flex; flex-direction: column; width: 420px; height: min(680px, calc(100vh - 40px)); bottom: 20px; border: 1px solid #8b98a6; border-radius: 14px; overflow: hidden; }
.h { display: flex; padding: 8px 8px 8px 16px; }
.h b { flex: 1; line-height: 40px; overflow: hidden; white-space: nowrap; }
.x { width: 40px; font-size: 24px; line-height: 1; }
.x:hover { background: rgb(128 128 128 / 35%); }
iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: #f3f6f9; }
.m { width: 320px; padding: 14px 16px; border: 1px solid #8b98a6; border-radius: 10px; background: #fff; font-size: 15px; overflow-wrap: anywhere; }
.m button { margin: 8px 8px 0 0; padding: 4px 14px; border: 1px solid; color: #123a66; }
.inline, .inline .p { display: block; width: 100%; height: 100%; }
.inline :is(.p, .m) { position: static; width: 100%; max-width: none; box-shadow: none; }
.inline iframe { height: 100%; }
.inline .h { display: none; }
@media ${PHONE} { .w:not(.inline) .p { inset: 0; width: 100vw; max-width: none; height: 100vh; height: 100dvh; border: 0; border-radius: 0; } }
@media (prefers-reduced-motion: no-preference) { .w:not(.inline) .p { animation: in .16s; } }
@keyframes in { from { opacity: 0; transform: translateY(12px); } }
@media print { .w:not(.inline) { display: none; } }`;

	function make(tag, attributes = {}, ...children) {
		const made = document.createElement(tag);
		for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
		made.append(...children);
		return made;
	}

	// Black or white, whichever reads better on a colour (WCAG 2 relative luminance, nearly).
	const on = (colour) =>
		[[1, 0.2126], [3, 0.7152], [5, 0.0722]].reduce((sum, [at, part]) => sum + part * (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2, 0) > 0.179 ? "#000" : "#fff";

	class Widget {
		constructor(options, place, all) {
			this.options = options;
			this.all = all;
			this.channel = options.channel;
			this.inline = options.mode === "inline";
			this.key = `tiaowen:${this.channel}`;
			this.asks = [];
			this.box = make("div", { class: "w", lang: "zh-CN" });
			if (this.inline) this.box.classList.add("inline");
			if (options.position === "left") this.box.classList.add("left");
			this.box.style.setProperty("--up", `${this.inline ? 0 : all.filter((each) => !each.inline).length * 64}px`);
			this.element = make("tiaowen-widget");
			// Inline and important: no style sheet of the page outweighs it.
			const kept = this.inline ? "width:100%;height:100%;min-height:480px" : "position:fixed;width:0;height:0;z-index:2147483647;border:0;padding:0;overflow:visible";
			this.element.style.cssText = `all:initial;display:block;${kept}`.replaceAll(/;|$/g, "!important;");
			const shadow = this.element.attachShadow({ mode: "open" });
			const sheet = new CSSStyleSheet(); // a page's style-src has no say in it
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
			const colour = this.options.colour || looks.colour;
			this.title = this.options.title || looks.title;
			this.colour = /^#[0-9a-f]{6}$/i.test(colour) ? colour : looks.colour;
			this.box.style.setProperty("--c", this.colour);
			this.box.style.setProperty("--on", on(this.colour));
		}

		async start() {
			await this.connect();
			if (this.state === "forbidden") return;
			if (this.inline) return this.state === "ok" ? this.open() : this.away();
			this.button = make("button", { class: "b", type: "button", "aria-haspopup": "dialog" });
			this.button.onclick = () => this.open();
			this.box.append(this.button);
			this.name();
			if (this.state === "ok" && this.remembered() === "open" && !matchMedia(PHONE).matches) this.open(false);
		}

		name() {
			this.box.classList.toggle("away", this.state === "away");
			if (this.button) this.button.textContent = this.title + (this.state === "away" ? "（暂时无法连接）" : "");
		}

		// ok, forbidden (this site may not show the channel) or away.
		async connect() {
			const url = new URL(`api/channels/${encodeURIComponent(this.channel)}`, server);
			try {
				const response = await fetch(url, { credentials: "omit", cache: "no-store" });
				if (response.ok) this.dress(await response.json());
				this.state = response.ok ? "ok" : "away";
			} catch {
				// The browser does not say why: does the server answer at all?
				this.state = await fetch(new URL("healthz", server), { mode: "no-cors", credentials: "omit" }).then(() => "forbidden", () => "away");
			}
			this.name();
			if (this.state === "forbidden") {
				const text = `条问未在此显示：没有渠道“${this.channel}”，或来源 ${location.origin} 未获允许。请条问的管理员在 channels.toml 中把它加入该渠道的 origins。`;
				console.error(text);
				this.say(text);
			}
		}

		say(text, again) {
			this.silence();
			this.message = make("div", { class: "m", role: "status" }, make("div", {}, text));
			const offer = (name, act) => {
				const button = make("button", { type: "button" }, name);
				button.onclick = () => (this.silence(), act?.());
				this.message.append(button);
			};
			if (again) offer("重试", again);
			if (!this.inline) offer("关闭");
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
				await this.connect();
				this.opening = false;
				if (this.state === "away") this.away();
				if (this.state !== "ok") return;
				this.build();
			}
			if (this.inline) return;
			this.alone(true);
			this.panel.hidden = false;
			this.button.hidden = true;
			this.remembered("open");
			if (focus) this.ready ? this.enter() : this.shut.focus();
		}

		close() {
			if (this.inline || !this.panel || this.panel.hidden) return;
			this.panel.hidden = true;
			this.button.hidden = false;
			this.alone(false);
			this.remembered("closed");
			this.button.focus();
		}

		alone(open) {
			for (const each of this.all) if (each !== this && !each.inline) each.box.hidden = open;
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
				const guard = (to) => {
					const span = make("span", { tabindex: "0" });
					span.onfocus = () => to.focus();
					return span;
				};
				this.panel.prepend(guard(this.frame));
				this.panel.append(guard(this.shut));
				this.panel.onkeydown = (event) => event.key === "Escape" && this.close();
			}
			this.box.append(this.panel);
			this.timer = setTimeout(() => {
				this.panel.remove();
				this.frame = this.panel = null;
				console.error(`条问的窗口没有打开。本网站的内容安全策略须允许 frame-src ${server.origin}`);
				this.away();
			}, PATIENCE);
			if (this.options.question) this.asks.push({ text: this.options.question, first: true });
		}

		async token() {
			const { token, tokenUrl: url } = this.options;
			if (!url) return token;
			try {
				return (await (await fetch(url, { cache: "no-store" })).json()).token;
			} catch {
				return console.error(`条问：没有从 ${url} 取得凭证`);
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
				this.flush();
				if (this.element.shadowRoot.activeElement === this.shut) this.enter();
			} else if (word === "close") {
				this.close();
			}
		}

		tell(word, more) {
			this.frame.contentWindow.postMessage({ tiaowen: word, ...more }, server.origin);
		}

		// Into the text box, unless that would raise a phone's keyboard.
		enter() {
			if (matchMedia("(pointer: coarse)").matches) return this.shut.focus();
			this.frame.focus();
			this.tell("focus");
		}

		ask(text) {
			this.asks.push({ text: String(text) });
			this.flush();
			return this.open();
		}

		flush() {
			if (this.ready) for (const ask of this.asks.splice(0)) this.tell("ask", ask);
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
		const pick = (channel) => all.filter((each) => !channel || each.channel === channel).sort((a, b) => a.inline - b.inline)[0];
		return {
			add: (make) => all.push(make(all)), // for this script alone
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
		widgets.add((all) => new Widget(options, place, all));
		document.dispatchEvent(new CustomEvent("tiaowen:ready", { detail: options.channel }));
	}
	if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
	else begin();
})();
