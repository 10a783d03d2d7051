// One message as it looks: author, quote, file or picture, text, buttons.

import * as api from "./api.js";
import { alertBox, attempt, avatar, fileSize, h, hue, icon, toast } from "./dom.js";
import { instant, shortTime } from "./time.js";
import { state } from "./state.js";

const pressing = new Set(); // buttons whose press has not been answered yet

const NOBODY = { id: 0, name: "Telegram", is_bot: false };

const isPicture = (file) => file.mime_type?.startsWith("image/");

/** What a list or a quote says of a message, in a few words. */
export function gist(message) {
  const text = (message.text ?? "").replace(/\s+/g, " ").trim();
  if (!message.document) return text || "Service message";
  const what = isPicture(message.document) ? "Photo" : message.document.file_name;
  return text ? `${what}, ${text}` : what;
}

const URLS = /https?:\/\/[^\s<>"]+[^\s<>".,:;!?)\]]/;
const LINKS = new RegExp(
  String.raw`(?<![\w/@.])(\/[a-z][a-z0-9_]{0,31}(?:@\w+)?)(?![\w/])|(${URLS.source})`,
  "gi",
);

/** As a Telegram client does: a /command is sent when tapped, an address can be opened. */
function linkify(root, say) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const node of texts.filter((one) => !one.parentElement.closest("a, code, pre"))) {
    const pieces = [];
    let at = 0;
    for (const match of node.data.matchAll(LINKS)) {
      pieces.push(node.data.slice(at, match.index));
      const [found, command] = match;
      pieces.push(
        command
          ? h("button", { type: "button", class: "command", onclick: () => say(command) }, command)
          : h("a", { href: found }, found),
      );
      at = match.index + found.length;
    }
    if (pieces.length) node.replaceWith(...pieces, node.data.slice(at));
  }
}

function textOf(message, meta, say) {
  const text = h("div", { class: "text", dir: "auto", data: { meta } });
  // The server has parsed it: nothing but Telegram's own tags is in there.
  if (message.html) text.innerHTML = message.html;
  else text.textContent = message.text ?? "";
  linkify(text, say);
  for (const link of text.querySelectorAll("a")) {
    Object.assign(link, { target: "_blank", rel: "noopener" });
    const payload = startPayload(link.href);
    if (payload)
      link.addEventListener("click", (event) => {
        event.preventDefault();
        say(`/start ${payload}`, true);
      });
  }
  for (const veil of text.querySelectorAll("tg-spoiler, .tg-spoiler")) {
    Object.assign(veil, { tabIndex: 0, title: "Show" });
    const lift = () => veil.classList.add("shown");
    veil.addEventListener("click", lift);
    veil.addEventListener("keydown", (event) => event.key === "Enter" && lift());
  }
  for (const code of text.querySelectorAll("code")) {
    code.title = "Copy";
    code.addEventListener("click", () => copy(code.textContent));
  }
  for (const quote of text.querySelectorAll("blockquote[expandable]")) {
    quote.addEventListener("click", () => quote.toggleAttribute("open"));
  }
  return text;
}

export async function copy(text) {
  await navigator.clipboard?.writeText(text);
  toast("Copied");
}

function attachment(file) {
  if (isPicture(file)) {
    return h(
      "a",
      { class: "picture", href: file.url, target: "_blank", rel: "noopener" },
      h("img", { src: file.url, alt: file.file_name ?? "Photo" }),
    );
  }
  return h(
    "a",
    { class: "file", href: file.url, download: file.file_name },
    h("span", { class: "file-icon" }, icon("file")),
    h(
      "span",
      { class: "file-about" },
      h("b", {}, file.file_name),
      h("small", {}, fileSize(file.size)),
    ),
    h("span", { class: "file-get", title: "Download" }, icon("download")),
  );
}

function button(message, chatId, { text, data, url }, say) {
  if (url) {
    const payload = startPayload(url);
    if (payload)
      return h(
        "button",
        { type: "button", onclick: () => say(`/start ${payload}`, true) },
        text,
        icon("link"),
      );
    return h("a", { href: url, target: "_blank", rel: "noopener" }, text, icon("link"));
  }
  const key = `${chatId}:${message.message_id}:${data}`;
  const face = h(
    "button",
    {
      type: "button",
      "aria-busy": pressing.has(key) ? "true" : undefined,
      data: { key },
      onclick: () => tap({ key, chatId, messageId: message.message_id, what: data ?? text }),
    },
    h("span", { class: "label" }, text),
    h("span", { class: "spinner", "aria-hidden": "true" }),
  );
  return face;
}

/** The code in a link that opens the bot, as in t.me/desk_bot?start=CODE. */
export function startPayload(url) {
  const link = URL.canParse(url) && new URL(url);
  return link && /(^|\.)t\.me$/.test(link.hostname) ? link.searchParams.get("start") : null;
}

const showBusy = (key, busy) => {
  if (busy) pressing.add(key);
  else pressing.delete(key);
  // Looked up anew: the message may have been edited, and drawn again, meanwhile.
  for (const face of document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) {
    face.setAttribute("aria-busy", String(busy));
  }
};

async function tap({ key, chatId, messageId, what }) {
  if (pressing.has(key)) return;
  showBusy(key, true);
  const shown = await attempt(() =>
    api.press({
      chat_id: chatId,
      from_id: state.me,
      message_id: messageId,
      button: what,
    }),
  );
  showBusy(key, false);
  if (!shown?.answer) return;
  if (shown.alert) await alertBox(shown.answer);
  else toast(shown.answer);
}

function quoteOf(original, jump) {
  const name = original.from?.name ?? "";
  return h(
    "button",
    {
      type: "button",
      class: "quote",
      data: { hue: hue(original.from) },
      onclick: () => jump(original.message_id),
    },
    h("b", {}, name),
    h("span", {}, gist(original)),
  );
}

function actions(message, does) {
  const one = (name, label, act) =>
    h("button", { type: "button", "aria-label": label, title: label, onclick: act }, icon(name));
  const mine = message.from?.id === state.me;
  return h(
    "div",
    { class: "actions" },
    one("reply", "Reply", () => does.reply(message)),
    mine && !message.document ? one("edit", "Edit", () => does.edit(message)) : null,
  );
}

const serviceNote = (message) =>
  h(
    "article",
    { class: "message service", data: { messageId: message.message_id } },
    h("span", {}, message.text),
  );

/**
 * A message. `place` says how it stands in its group: {first, last, named}; `does` what can
 * be done with it: {reply, edit, jump, say, menu}.
 */
export function bubble(message, chatId, original, place, does) {
  if (message.service) return serviceNote(message);
  const from = message.from ?? NOBODY;
  const mine = from.id === state.me;
  const file = message.document;
  const meta = (message.edited ? "edited " : "") + shortTime(instant(message.date));
  const bare = file && isPicture(file) && !message.text;
  const body = h(
    "div",
    { class: `bubble${bare ? " bare" : ""}` },
    place.first && place.named && !mine
      ? h("div", { class: "author", data: { hue: hue(from) } }, from.name)
      : null,
    message.forwarded ? h("div", { class: "forwarded" }, "Forwarded message") : null,
    original ? quoteOf(original, does.jump) : null,
    file ? attachment(file) : null,
    message.text || !file ? textOf(message, meta, does.say) : null,
    h("span", { class: "meta" }, meta),
  );
  body.addEventListener("contextmenu", (event) => does.menu(event, message));
  body.addEventListener("click", (event) => {
    // Without a mouse there is nothing to hover over, and not every phone has a long press.
    const taken = event.target.closest('a, button, code, [tabindex="0"], blockquote[expandable]');
    if (!taken && matchMedia("(hover: none)").matches) does.menu(event, message);
  });
  const keyboard = message.buttons?.length
    ? h(
        "div",
        { class: "keyboard" },
        message.buttons.map((row) =>
          h(
            "div",
            { class: "row" },
            row.map((face) => button(message, chatId, face, does.say)),
          ),
        ),
      )
    : null;
  return h(
    "article",
    {
      class: ["message", mine ? "mine" : "other", place.first && "first", place.last && "last"]
        .filter(Boolean)
        .join(" "),
      data: { messageId: message.message_id, fromId: from.id },
      "aria-label": `${mine ? "You" : from.name}, ${meta}`,
    },
    place.named && !mine
      ? h("div", { class: "side" }, place.last ? avatar(from.id, from.name, from.is_bot) : null)
      : null,
    h("div", { class: "stack" }, body, keyboard),
    actions(message, does),
  );
}
