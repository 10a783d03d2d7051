// What stands above the conversation: whose it is, the pinned message, topics, the chat's menu.

import * as api from "./api.js";
import { $, attempt, avatar, h, openMenu, toast } from "./dom.js";
import { copy, gist } from "./message.js";
import { botName, changed, chat, chatName, isPrivate, me, person, said, state } from "./state.js";

/** `jump` goes to a message of the conversation. */
export function start(jump) {
  $("chat-more").addEventListener("click", chatMenu);
  $("pinned").addEventListener("click", () => jump(chat().pinned));
}

export function draw(current) {
  document.querySelector(".chat-head").hidden = !current;
  if (!current) return;
  const name = chatName(current);
  $("chat-avatar").replaceChildren(avatar(current.id, name, isPrivate(current)));
  $("chat-name").textContent = name;
  $("chat-about").textContent = state.live ? about(current) : "connecting…";
  document.title = `${name} · Partner Desk sandbox`;
  drawPinned(current);
  drawTopics(current);
}

function drawPinned(current) {
  const message = current.pinned && said().find((one) => one.message_id === current.pinned);
  $("pinned").hidden = !message;
  if (message) {
    $("pinned").replaceChildren(h("b", {}, "Pinned message"), h("span", {}, gist(message)));
  }
}

function about(current) {
  if (isPrivate(current)) return "bot";
  const names = current.members.map((id) => person(id)?.name).filter(Boolean);
  return [...names, botName()].join(", ");
}

function drawTopics(current) {
  const strip = $("topics");
  const named = new Map((current.topics ?? []).map((one) => [one.thread_id, one.name]));
  for (const { thread_id: id } of said()) if (id && !named.has(id)) named.set(id, `Topic ${id}`);
  strip.hidden = named.size === 0;
  const tabs = [[null, "All"], ...named];
  strip.replaceChildren(
    ...tabs.map(([id, name]) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          "aria-selected": String(state.threadId === id),
          onclick: () => {
            state.threadId = id;
            changed();
          },
        },
        name,
      ),
    ),
  );
}

function chatMenu() {
  const current = chat();
  const items = [];
  if (isPrivate(current)) {
    const set = (blocked) =>
      attempt(async () => {
        await api.block(state.me, blocked);
        me().blocked = blocked;
        toast(blocked ? "The bot is blocked" : "The bot is unblocked");
      });
    if (!me().blocked)
      items.push({ label: "Block the bot", icon: "block", danger: true, act: () => set(true) });
    if (me().blocked !== false)
      items.push({ label: "Unblock the bot", icon: "check", act: () => set(false) });
  }
  if (current.type === "group") {
    items.push({
      label: "Upgrade to supergroup",
      icon: "group",
      act: () => attempt(() => api.migrate(current.id)),
    });
  }
  items.push({
    label: `Copy chat id ${current.id}`,
    icon: "copy",
    act: () => attempt(() => copy(String(current.id))),
  });
  openMenu($("chat-more"), items);
}
