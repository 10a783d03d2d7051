// The people's side of the sandbox, as calls.

async function call(method, path, body) {
  const answer = await fetch(`/sandbox/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const reason = said.error ?? said.description ?? said.detail;
  throw new Error(typeof reason === "string" ? reason : `The sandbox answered ${answer.status}.`);
}

const get = (path) => call("GET", path);
const post = (path, body = {}) => call("POST", path, body);

export const people = () => get("people");
export const addPerson = (person) => post("people", person);
export const chats = () => get("chats");
export const addChat = (chat) => post("chats", chat);
export const send = (message) => post("messages", message);
export const press = (tap) => post("presses", tap);
export const clock = () => get("clock");
export const moveClock = (move) => post("clock", move);
export const block = (id, blocked) => post(`people/${id}/${blocked ? "block" : "unblock"}`);
export const migrate = (id) => post(`chats/${id}/migrate`);

/** Everything said in a chat, however few the server hands out at a time. */
export async function messages(chatId) {
  const all = [];
  for (;;) {
    const after = all.length ? all.at(-1).message_id : 0;
    const some = await get(`messages?chat_id=${chatId}&after=${after}&limit=500`);
    if (!some.length) return all;
    all.push(...some);
  }
}

/** The commands offered in a chat; none where the bot has set none. */
export async function commands(chatId, person) {
  const query = new URLSearchParams({ chat_id: chatId, language: person.language_code ?? "en" });
  return get(`commands?${query}`).catch(() => []);
}
