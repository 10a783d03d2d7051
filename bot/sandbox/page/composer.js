// Saying something: text, a file, an answer, a correction; and the commands that exist.

import * as api from "./api.js";
import { $, attempt, fileSize, h, icon } from "./dom.js";
import { gist } from "./message.js";
import { chat, person, said, state } from "./state.js";

const field = $("text");
const hints = $("hints");
const drafts = new Map();
let answering = null;
let correcting = null;
let attached = null;
let offered = []; // commands of this chat, for this person
let offeredFor = null;
let chosen = -1; // which hint the arrows are on

let afterSend = () => {};

export function start(onSend) {
  afterSend = onSend;
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("keydown", onKey);
  field.addEventListener("input", () => {
    grow();
    offer();
  });
  field.addEventListener("blur", () => setTimeout(closeHints, 150));
  $("commands").addEventListener("click", () => {
    if (!field.value.startsWith("/")) field.value = "/";
    focus();
    offer();
  });
  $("file").addEventListener("change", () => {
    attach($("file").files[0]);
    $("file").value = "";
  });
  field.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      attach(event.clipboardData.files[0]);
    }
  });
  const pane = document.querySelector(".chat-pane");
  pane.addEventListener("dragover", (event) => {
    event.preventDefault();
    pane.classList.add("drop");
  });
  pane.addEventListener("dragleave", () => pane.classList.remove("drop"));
  pane.addEventListener("drop", (event) => {
    event.preventDefault();
    pane.classList.remove("drop");
    attach(event.dataTransfer.files[0]);
  });
}

export const focus = () => field.focus({ preventScroll: true });

/** Another chat or person: what was half written waits for the way back. */
export function turnTo(from, to) {
  if (from === to) return;
  drafts.set(from, correcting ? "" : field.value);
  field.value = drafts.get(to) ?? "";
  clear();
  grow();
  closeHints();
}

export function reply(message) {
  clear();
  answering = message;
  drawContext();
  focus();
}

export function edit(message) {
  clear();
  correcting = message;
  field.value = message.text;
  grow();
  drawContext();
  focus();
}

function attach(file) {
  if (!file) return;
  attached = file;
  correcting = null;
  drawContext();
  focus();
}

function clear() {
  answering = correcting = attached = null;
  drawContext();
}

function drawContext() {
  const bar = $("context");
  const [name, title, detail] = correcting
    ? ["edit", "Edit message", gist(correcting)]
    : attached
      ? ["attach", attached.name, fileSize(attached.size)]
      : answering
        ? ["reply", `Reply to ${answering.from?.name ?? ""}`, gist(answering)]
        : [];
  $("send").replaceChildren(icon(correcting ? "check" : "send"));
  $("send").setAttribute("aria-label", correcting ? "Save" : "Send");
  bar.hidden = !name;
  if (!name) return;
  bar.replaceChildren(
    icon(name),
    h("div", {}, h("b", {}, title), h("span", {}, detail)),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Never mind", onclick: leave },
      icon("close"),
    ),
  );
}

function leave() {
  if (correcting) field.value = "";
  clear();
  grow();
  focus();
}

function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
}

/** Say one thing at once, as the buttons and the /commands in texts do. */
export async function say(text, inPrivate = false) {
  const chatId = inPrivate ? state.me : state.chatId;
  if (chatId !== state.chatId) location.hash = `as=${state.me}&chat=${chatId}`;
  await deliver({ chat_id: chatId, from_id: state.me, text });
}

async function deliver(message) {
  if (message.chat_id === state.chatId && state.threadId) message.thread_id = state.threadId;
  const done = await attempt(() => api.send(message));
  afterSend(message.chat_id, done !== undefined);
  return done !== undefined;
}

async function submit() {
  const text = field.value.trim();
  if ((!text && !attached) || !chat()) return;
  const message = { chat_id: state.chatId, from_id: state.me, text };
  const kept = { answering, correcting, attached };
  if (correcting) message.edit_of = correcting.message_id;
  if (answering) message.reply_to = answering.message_id;
  field.value = "";
  clear();
  grow();
  closeHints();
  focus();
  if (kept.attached) message[kindOf(kept.attached)] = await packed(kept.attached);
  if ((await deliver(message)) || field.value) return;
  // It was not said: nothing of it may be lost.
  ({ answering, correcting, attached } = kept);
  field.value = text;
  grow();
  drawContext();
}

const kindOf = (file) => (/^image\/(png|jpeg|webp)$/.test(file.type) ? "photo" : "document");

async function packed(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return { file_name: file.name, base64: btoa(binary) };
}

function onKey(event) {
  if (event.isComposing) return;
  const open = !hints.hidden;
  if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (open && (event.key === "Tab" || (event.key === "Enter" && chosen >= 0))) {
    event.preventDefault();
    take(Math.max(chosen, 0));
  } else if (event.key === "Escape") {
    if (open) closeHints();
    else leave();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  } else if (event.key === "ArrowUp" && !field.value) {
    const last = said().findLast((one) => one.from?.id === state.me && !one.document);
    if (last) {
      event.preventDefault();
      edit(last);
    }
  }
}

/** The beginning of a command in the field, without its slash; null if there is none. */
function begun() {
  return /^\/([\w]*)$/.exec(field.value)?.[1].toLowerCase() ?? null;
}

async function offer() {
  const key = `${state.me}:${state.chatId}`;
  if (begun() === "" || (begun() !== null && offeredFor !== key)) {
    offered = await api.commands(state.chatId, person(state.me));
    offeredFor = key;
  }
  // What was typed while they were fetched counts.
  const beginning = begun();
  if (beginning === null) {
    closeHints();
    return;
  }
  const found = offered.filter((one) => one.command.startsWith(beginning));
  chosen = -1;
  hints.replaceChildren(
    ...found.map((one, at) =>
      h(
        "div",
        {
          role: "option",
          id: `hint-${at}`,
          "aria-selected": "false",
          data: { command: one.command },
          onmousedown: (event) => {
            event.preventDefault();
            take(at);
          },
        },
        h("b", {}, `/${one.command}`),
        h("span", {}, one.description),
      ),
    ),
  );
  hints.hidden = found.length === 0 || document.activeElement !== field;
}

function closeHints() {
  hints.hidden = true;
  chosen = -1;
  field.removeAttribute("aria-activedescendant");
}

function move(step) {
  const options = [...hints.children];
  options[chosen]?.setAttribute("aria-selected", "false");
  chosen = (chosen + step + options.length + (chosen < 0 && step < 0 ? 1 : 0)) % options.length;
  options[chosen].setAttribute("aria-selected", "true");
  options[chosen].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", options[chosen].id);
}

function take(at) {
  field.value = `/${hints.children[at].dataset.command} `;
  closeHints();
  focus();
}
