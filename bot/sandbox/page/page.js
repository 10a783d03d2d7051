// The chat page: fetches what there is, listens to what happens, shows both.

import * as api from "./api.js";
import * as chats from "./chats.js";
import * as clockbar from "./clockbar.js";
import * as composer from "./composer.js";
import * as conversation from "./conversation.js";
import { $, attempt } from "./dom.js";
import { changed, chat, kept, me, myChats, put, state, subscribe } from "./state.js";

const wide = matchMedia("(min-width: 760px)");

/** Where I am is in the address, so that two windows can be two people. */
function turn({ me: who = state.me, chatId = null, replace = false, fresh = false }) {
  const hash = chatId === null ? `#as=${who}` : `#as=${who}&chat=${chatId}`;
  if (replace) history.replaceState(null, "", hash);
  else if (location.hash !== hash) history.pushState(null, "", hash);
  localStorage.setItem("me", who);
  return fresh ? refresh() : route();
}

function route() {
  const where = new URLSearchParams(location.hash.slice(1));
  const remembered = [where.get("as"), localStorage.getItem("me")].map(Number);
  const before = `${state.me}:${state.chatId}`;
  state.me =
    remembered.find((id) => state.people.some((one) => one.id === id)) ??
    state.people[0]?.id ??
    null;
  const asked = Number(where.get("chat"));
  const wanted = chat(asked)?.migrated_to ?? asked;
  const named = myChats().find((one) => one.id === wanted);
  // A wide window always shows a conversation; a phone shows the list first.
  const open =
    named ??
    (wide.matches ? (myChats().find((one) => one.type === "private") ?? myChats()[0]) : undefined);
  state.chatId = open?.id ?? null;
  const now = `${state.me}:${state.chatId}`;
  if (now !== before) state.threadId = null;
  document.body.dataset.pane = named ? "chat" : "list";
  composer.turnTo(before, now);
  if (named && now !== before && wide.matches) composer.focus();
  changed();
}

const late = new Set(); // what arrives while a chat is being fetched, for each fetch

async function load(chatId) {
  const arrived = [];
  late.add(arrived);
  try {
    state.messages.set(chatId, await api.messages(chatId));
  } finally {
    late.delete(arrived);
  }
  // What was told meanwhile is newer than what was fetched.
  for (const [where, message] of arrived) if (where === chatId) put(chatId, message);
  changed();
}

/** Everything anew: at the start, and after the line was down. */
async function refresh() {
  const [people, known] = await Promise.all([api.people(), api.chats()]);
  Object.assign(state, { people, chats: known });
  await Promise.all(known.map((one) => load(one.id)));
  route();
}

function listen() {
  const events = new EventSource("/sandbox/events");
  const on = (name, act) => events.addEventListener(name, (event) => act(JSON.parse(event.data)));
  events.onopen = async () => {
    // First the line, then the state: nothing falls between the two.
    await attempt(refresh);
    await attempt(clockbar.load);
    state.live = true;
    document.body.dataset.live = "1";
    changed();
  };
  events.onerror = () => {
    state.live = false;
    delete document.body.dataset.live;
    changed();
    // A browser gives up by itself after some answers; the box may only be starting again.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1500);
  };
  on("message", ({ chat_id: chatId, message }) => {
    put(chatId, message);
    for (const arrived of late) arrived.push([chatId, message]);
    changed();
  });
  on("chat", (one) => {
    state.chats = kept(state.chats, one);
    route();
  });
  on("person", (one) => {
    state.people = kept(state.people, one);
    route();
  });
  on("clock", clockbar.heard);
}

function changeTheme() {
  const root = document.documentElement;
  const dark =
    getComputedStyle(root).getPropertyValue("color-scheme").trim() === "dark" ||
    (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}

function draw() {
  chats.draw();
  conversation.draw();
}

subscribe(draw);
chats.start(turn);
conversation.start(composer);
composer.start((chatId, accepted) => {
  conversation.toNewest();
  if (accepted && !state.live) attempt(() => load(chatId));
});
clockbar.start();
$("theme").addEventListener("click", changeTheme);
$("back").addEventListener("click", () => turn({}));
addEventListener("popstate", route);
addEventListener("hashchange", route);
document.addEventListener("visibilitychange", changed);
wide.addEventListener("change", route);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !wide.matches && chat() && me() && event.target === document.body)
    turn({});
});
listen();
