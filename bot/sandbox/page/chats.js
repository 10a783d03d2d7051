// The list of chats, who I am, new persons and groups.

import * as api from "./api.js";
import { $, ask, attempt, avatar, h, openMenu } from "./dom.js";
import { gist } from "./message.js";
import { instant, listTime } from "./time.js";
import { chatName, isPrivate, me, myChats, now, said, state, unread } from "./state.js";

const LANGUAGES = [
  ["en", "English"],
  ["pt-br", "Português (Brasil)"],
  ["es", "Español"],
  ["ru", "Русский"],
];

let go = null;

/** `turn` opens a chat, or another person's eyes: turn({me, chatId}). */
export function start(turn) {
  go = turn;
  $("me").addEventListener("click", () => peopleMenu($("me")));
  $("send-as").addEventListener("click", () => peopleMenu($("send-as")));
  $("new-group").addEventListener("click", newGroup);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) $("dialog").close("");
  });
}

const newest = (one) => said(one.id).at(-1);
const moved = (one) => (newest(one) ? instant(newest(one).date) : 0);

export function draw() {
  const self = me();
  if (self) {
    $("me").replaceChildren(
      avatar(self.id, self.name),
      h("span", {}, h("b", {}, self.name), h("small", {}, "This is me")),
    );
    $("send-as").replaceChildren(avatar(self.id, self.name));
    for (const id of ["me", "send-as"])
      $(id).setAttribute("aria-label", `I am ${self.name}, change`);
  }
  const focused = document.activeElement?.closest?.("#chats [data-chat-id]")?.dataset.chatId;
  const sorted = myChats().sort((one, other) => moved(other) - moved(one));
  $("chats").replaceChildren(...sorted.map(row));
  if (focused) $("chats").querySelector(`[data-chat-id="${focused}"]`)?.focus();
}

function row(one) {
  const last = newest(one);
  const count =
    one.id === state.chatId && document.body.dataset.pane === "chat" ? 0 : unread(one.id);
  const name = chatName(one);
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "chat",
        data: { chatId: one.id },
        "aria-current": one.id === state.chatId ? "true" : undefined,
        onclick: () => go({ chatId: one.id }),
      },
      avatar(one.id, name, isPrivate(one)),
      h(
        "span",
        { class: "about" },
        h(
          "span",
          { class: "line" },
          h("b", {}, name),
          h("time", {}, last ? listTime(instant(last.date), now()) : ""),
        ),
        h(
          "span",
          { class: "line" },
          h("span", { class: "gist" }, ...preview(one, last)),
          count
            ? h("span", { class: "unread", "aria-label": `${count} unread` }, String(count))
            : null,
        ),
      ),
    ),
  );
}

function preview(one, last) {
  if (!last) return ["No messages yet"];
  if (last.service) return [gist(last)];
  if (last.from?.id === state.me) return [h("i", {}, "You: "), gist(last)];
  return isPrivate(one) ? [gist(last)] : [h("i", {}, `${last.from?.name ?? ""}: `), gist(last)];
}

function peopleMenu(anchor) {
  openMenu(anchor, [
    ...state.people.map((one) => ({
      label: one.name,
      avatar: avatar(one.id, one.name),
      checked: one.id === state.me,
      act: () => go({ me: one.id }),
    })),
    null,
    { label: "New person", icon: "person", act: newPerson },
  ]);
}

const answers = (label) =>
  h(
    "div",
    { class: "answers" },
    h("button", { type: "button", "data-close": true }, "Never mind"),
    h("button", { class: "primary", value: "ok" }, label),
  );

async function newPerson() {
  const name = h("input", {
    id: "person-name",
    required: true,
    maxlength: 64,
    autofocus: true,
    autocomplete: "off",
  });
  const language = h(
    "select",
    { id: "person-language" },
    LANGUAGES.map(([code, label]) => h("option", { value: code }, label)),
  );
  const closed = await ask(
    h(
      "form",
      { method: "dialog" },
      h("h2", {}, "New person"),
      h("label", { for: "person-name" }, "Name"),
      name,
      h("label", { for: "person-language" }, "Language of their Telegram"),
      language,
      answers("Add"),
    ),
  );
  if (closed !== "ok" || !name.value.trim()) return;
  const added = await attempt(() =>
    api.addPerson({ name: name.value.trim(), language_code: language.value }),
  );
  if (added?.id) go({ me: added.id, fresh: true });
}

async function newGroup() {
  const title = h("input", {
    id: "group-title",
    required: true,
    maxlength: 128,
    autofocus: true,
    autocomplete: "off",
  });
  const kind = h(
    "select",
    { id: "group-type" },
    h("option", { value: "supergroup" }, "Supergroup"),
    h("option", { value: "forum" }, "Supergroup with topics"),
    h("option", { value: "group" }, "Basic group"),
  );
  const members = state.people.map((one) => {
    const box = h("input", { type: "checkbox", value: one.id });
    box.checked = one.id === state.me;
    return h("label", { class: "member" }, box, avatar(one.id, one.name), one.name);
  });
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", {}, "New group"),
    h("label", { for: "group-title" }, "Name"),
    title,
    h("label", { for: "group-type" }, "Kind"),
    kind,
    h("fieldset", {}, h("legend", {}, "Members, besides the bot"), members),
    answers("Create"),
  );
  if ((await ask(form)) !== "ok" || !title.value.trim()) return;
  const ids = [...form.querySelectorAll("input:checked")].map((box) => Number(box.value));
  const added = await attempt(() =>
    api.addChat({
      title: title.value.trim(),
      type: kind.value === "group" ? "group" : "supergroup",
      is_forum: kind.value === "forum",
      members: ids,
    }),
  );
  if (added?.id && ids.includes(state.me)) go({ chatId: added.id, fresh: true });
}
