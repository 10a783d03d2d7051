// The conversation: which messages are drawn, where the reader is in it, what can be done.

import * as head from "./head.js";
import { $, attempt, h, openMenu, toast } from "./dom.js";
import { bubble, copy } from "./message.js";
import { dayKey, dayName, instant } from "./time.js";
import { changed, chat, isPrivate, markRead, now, said, state } from "./state.js";

const STEP = 150; // messages drawn at first, and more each time the top is reached
const GROUP_GAP = 600_000; // a pause after which the same person begins a new group

const scroller = $("scroller");
const list = $("messages");
let drawnChat = null;
let limit = STEP;
let pinned = true; // the reader is at the newest message, and stays there
let lastTop = 0;
let resting = 0; // the timer after which a reader rests
let seen = 0; // newest message id drawn while pinned
let drawn = new Map(); // message id -> {message, mark, element}
let days = new Map(); // day -> its section
let does = null;

/** `composer` is asked to reply, edit and say. */
export function start(composer) {
  does = { ...composer, jump, menu: messageMenu };
  scroller.addEventListener("scroll", onScroll, { passive: true });
  // Pictures that load and panes that change size must not push the newest out of sight.
  const watch = new ResizeObserver(() => pinned && toNewest("instant"));
  watch.observe(scroller);
  watch.observe(list);
  $("newest").addEventListener("click", () => toNewest("smooth"));
  head.start(jump);
}

export function toNewest(behavior = "instant") {
  pinned = true;
  scroller.scrollTo({ top: scroller.scrollHeight, behavior });
}

function onScroll() {
  floatDays();
  const gap = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  const was = pinned;
  // Only the reader's own way up unpins: a picture that loads widens the gap as well.
  if (gap < 60) pinned = true;
  else if (scroller.scrollTop < lastTop) pinned = false;
  lastTop = scroller.scrollTop;
  if (pinned !== was) changed();
  if (scroller.scrollTop < 200 && limit < shown().length) {
    limit += STEP;
    changed();
  }
}

/** A day that lies over what was said is seen while one scrolls, as in Telegram. */
function floatDays() {
  const { top } = scroller.getBoundingClientRect();
  for (const section of list.children) {
    section.firstChild.classList.toggle("floating", section.getBoundingClientRect().top < top);
  }
  list.classList.add("scrolling");
  clearTimeout(resting);
  resting = setTimeout(() => list.classList.remove("scrolling"), 1000);
}

const shown = () =>
  state.threadId === null
    ? said()
    : said().filter((one) => (one.thread_id ?? 0) === state.threadId);

export function draw() {
  const current = chat();
  $("composer").hidden = !current;
  if (drawnChat !== `${state.me}:${state.chatId}:${state.threadId}`) begin();
  head.draw(current);
  const all = current ? shown() : [];
  drawMessages(current, all.slice(-limit));
  drawEmpty(
    current,
    all.every((one) => one.service),
  );
  const newest = all.at(-1)?.message_id ?? 0;
  if (pinned) {
    seen = newest;
    toNewest();
    if (current && document.visibilityState === "visible") markRead(current.id);
  }
  const below = all.filter((one) => one.message_id > seen).length;
  $("newest").hidden = pinned;
  $("below").textContent = below || "";
}

function begin() {
  drawnChat = `${state.me}:${state.chatId}:${state.threadId}`;
  limit = STEP;
  pinned = true;
  drawn = new Map();
  days = new Map();
  list.replaceChildren();
  list.classList.remove("lively");
}

function drawMessages(current, messages) {
  const byId = new Map(said().map((one) => [one.message_id, one]));
  const today = dayKey(now());
  const lively = list.classList.contains("lively");
  const last = Math.max(0, ...drawn.keys());
  const next = new Map();
  const sections = [];
  messages.forEach((message, at) => {
    const before = messages[at - 1];
    const after = messages[at + 1];
    const newDay = !before || dayKey(instant(before.date)) !== dayKey(instant(message.date));
    const place = {
      first: newDay || !together(before, message),
      last:
        !after ||
        dayKey(instant(after.date)) !== dayKey(instant(message.date)) ||
        !together(message, after),
      named: !isPrivate(current),
    };
    const original = byId.get(message.reply_to?.message_id ?? message.reply_to);
    if (newDay) sections.push([daySection(instant(message.date), today)]);
    const old = drawn.get(message.message_id);
    const mark = JSON.stringify(place);
    const same = old && old.message === message && old.mark === mark && old.original === original;
    const element = same ? old.element : bubble(message, current.id, original, place, does);
    element.classList.toggle("new", lively && !old && message.message_id > last);
    next.set(message.message_id, { message, mark, original, element });
    sections.at(-1).push(element);
  });
  patch(
    list,
    sections.map(([section]) => section),
  );
  for (const [section, ...elements] of sections) patch(section, [section.mark, ...elements]);
  drawn = next;
  // From now on what arrives is seen to arrive.
  requestAnimationFrame(() => list.classList.toggle("lively", drawn.size > 0 || Boolean(current)));
}

/** Change only what differs: focus, selections and lifted veils stay as they are. */
function patch(parent, children) {
  const keep = new Set(children);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  children.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}

/** One for each day, so that its name sticks to the top only while the day lasts. */
function daySection(at, today) {
  const key = dayKey(at);
  if (!days.has(key)) {
    const section = h("section", {}, h("div", { class: "day" }));
    section.mark = section.firstChild;
    days.set(key, section);
  }
  const section = days.get(key);
  if (section.today !== today) {
    section.today = today;
    section.mark.replaceChildren(h("span", {}, dayName(at, now())));
  }
  return section;
}

const together = (one, other) =>
  !one.service &&
  !other.service &&
  one.from?.id === other.from?.id &&
  instant(other.date) - instant(one.date) < GROUP_GAP;

function drawEmpty(current, none) {
  const box = $("empty");
  box.hidden = !none;
  const kind = !current ? "none" : isPrivate(current) ? "private" : "group";
  if (!none || box.dataset.kind === kind) return;
  box.dataset.kind = kind;
  const command = { private: "/start", group: "/help" }[kind];
  const words = {
    none: "Choose a chat on the left.",
    private: "Nothing said yet. Write /start to meet the bot.",
    group: "Nothing said yet. Write /help to see what the bot does here.",
  }[kind];
  box.replaceChildren(
    h(
      "div",
      { class: "card" },
      h("p", {}, words),
      command &&
        h(
          "button",
          { type: "button", class: "primary", onclick: () => does.say(command) },
          `Send ${command}`,
        ),
    ),
  );
}

function jump(id) {
  const there = list.querySelector(`[data-message-id="${id}"]`);
  if (!there) {
    toast("That message is further up.");
    return;
  }
  there.scrollIntoView({ behavior: "smooth", block: "center" });
  there.classList.add("found");
  setTimeout(() => there.classList.remove("found"), 1600);
}

function messageMenu(event, message) {
  if (event.target.closest("a, img") || String(getSelection())) return;
  event.preventDefault();
  const mine = message.from?.id === state.me && !message.document;
  openMenu(
    null,
    [
      { label: "Reply", icon: "reply", act: () => does.reply(message) },
      ...(mine ? [{ label: "Edit", icon: "edit", act: () => does.edit(message) }] : []),
      { label: "Copy text", icon: "copy", act: () => attempt(() => copy(message.text ?? "")) },
    ],
    { x: event.clientX, y: event.clientY },
  );
}
