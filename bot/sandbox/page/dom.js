// Small things that every part of the page is made of.

/** An element; what is text becomes text, never markup. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const $ = (id) => document.getElementById(id);

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

const BOT_HUE = 5;
export const hue = (one) => (one?.is_bot ? BOT_HUE : Math.abs(one?.id ?? 0) % 7);

export function avatar(id, name, bot = false) {
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("");
  const look = bot ? "avatar bot" : "avatar";
  return h(
    "span",
    { class: look, data: { hue: hue({ id, is_bot: bot }) }, "aria-hidden": "true" },
    initials.toUpperCase(),
  );
}

export function toast(text, kind = "") {
  const note = h("div", { class: `toast ${kind}` }, text);
  $("toasts").append(note);
  setTimeout(() => note.classList.add("leaving"), Math.min(8000, 2600 + 40 * text.length));
  note.addEventListener("transitionend", () => note.classList.contains("leaving") && note.remove());
}

/** Do it, and tell the reader if it cannot be done. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message, "wrong");
    return undefined;
  }
}

/** A modal with these parts; resolves to what it was closed with, "" if dismissed. */
export function ask(...parts) {
  const dialog = $("dialog");
  dialog.replaceChildren(...parts);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

export function alertBox(text) {
  return ask(
    h(
      "form",
      { method: "dialog", class: "alert" },
      h("p", {}, text),
      h(
        "div",
        { class: "answers" },
        h("button", { class: "primary", autofocus: true, value: "ok" }, "OK"),
      ),
    ),
  );
}

/** Items: {label, icon or avatar, checked, danger, act}; null is a rule between them. */
export function openMenu(anchor, items, point = null) {
  const menu = $("menu");
  menu.replaceChildren(
    ...items.map((item) => {
      if (item === null) return h("hr");
      const role = item.checked === undefined ? "menuitem" : "menuitemradio";
      return h(
        "button",
        {
          type: "button",
          role,
          class: item.danger ? "danger" : undefined,
          "aria-checked": item.checked === undefined ? undefined : String(item.checked),
          onclick: () => {
            menu.hidePopover();
            item.act();
          },
        },
        item.avatar ?? icon(item.icon),
        h("span", {}, item.label),
        item.checked ? icon("check") : null,
      );
    }),
  );
  menu.showPopover();
  place(menu, anchor, point);
  menu.querySelector("[aria-checked=true], button").focus({ preventScroll: true });
}

/** Beside its anchor (or a point), wherever the window has room. */
export function place(popover, anchor, point = null) {
  const at = point
    ? { left: point.x, right: point.x, top: point.y, bottom: point.y }
    : anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const left = at.left + width > innerWidth - 8 ? at.right - width : at.left;
  const below = at.bottom + 6 + height < innerHeight;
  popover.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  popover.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - height - 6)}px`;
}

$("menu").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...$("menu").querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  items.at((at + step) % items.length).focus();
});

export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const megabytes = bytes / 1_048_576;
  return megabytes >= 1 ? `${megabytes.toFixed(1)} MB` : `${(bytes / 1024).toFixed(1)} KB`;
}
