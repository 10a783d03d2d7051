// What the page knows. Whoever shows it subscribes; whoever changes it says so.

export const state = {
  people: [],
  chats: [],
  messages: new Map(), // chat id -> messages by id, in order
  me: null,
  chatId: null,
  threadId: null,
  skew: null, // sandbox time minus this machine's
  live: false,
};

const listeners = new Set();
let due = null;

export const subscribe = (listener) => listeners.add(listener);

/** Show what changed soon; a burst of events is shown once. */
export function changed() {
  due ??= setTimeout(() => {
    due = null;
    listeners.forEach((listener) => listener());
  }, 10);
}

export const now = () => Date.now() + (state.skew ?? 0);
export const person = (id) => state.people.find((one) => one.id === id);
export const me = () => person(state.me);
export const chat = (id = state.chatId) => state.chats.find((one) => one.id === id);
export const said = (chatId = state.chatId) => state.messages.get(chatId) ?? [];
export const myChats = () => state.chats.filter((one) => mine(one) && !one.migrated_to);
export const isPrivate = (one) => one.type === "private";

/** A private chat has the id of its person. */
const mine = (one) => (isPrivate(one) ? one.id === state.me : one.members.includes(state.me));

export function botName() {
  for (const messages of state.messages.values()) {
    const spoken = messages.findLast((message) => message.from?.is_bot);
    if (spoken) return spoken.from.name;
  }
  return "Partner Desk";
}

export const chatName = (one) => (isPrivate(one) ? botName() : one.title);

/** Put a new or an edited message in its place, or take a deleted one away. */
export function put(chatId, message) {
  const messages = said(chatId);
  const at = messages.findIndex((other) => other.message_id >= message.message_id);
  const same = at >= 0 && messages[at].message_id === message.message_id;
  const next = [...messages];
  if (message.deleted) {
    if (same) next.splice(at, 1);
  } else if (at < 0) next.push(message);
  else next.splice(at, same ? 1 : 0, message);
  state.messages.set(chatId, next);
}

/** The list with this one in it, in the place of the one that had its id. */
export function kept(list, one) {
  const at = list.findIndex((other) => other.id === one.id);
  return at < 0 ? [...list, one] : list.with(at, one);
}

const readKey = (chatId) => `read:${state.me}:${chatId}`;

/** How many messages of others came after the last one read. */
export function unread(chatId) {
  const messages = said(chatId);
  const newest = messages.at(-1)?.message_id ?? 0;
  const mark = Number(localStorage.getItem(readKey(chatId)) ?? 0);
  // A mark beyond the newest message is of an earlier box: the ids began anew.
  const read = mark > newest ? 0 : mark;
  return messages.filter((one) => one.message_id > read && one.from?.id !== state.me).length;
}

export function markRead(chatId) {
  const newest = said(chatId).at(-1)?.message_id;
  if (newest !== undefined) localStorage.setItem(readKey(chatId), newest);
}
