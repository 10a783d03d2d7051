// The clock in the header: it ticks by itself, and can be moved on.

import * as api from "./api.js";
import { $, attempt, place } from "./dom.js";
import { clockDate, clockTime, fromField, instant, nextDayOfMonth, toField } from "./time.js";
import { changed, now, state } from "./state.js";

const bar = document.querySelector(".clock");
const menu = $("clock-menu");

export async function start() {
  document.querySelector(".moves").addEventListener("click", (event) => {
    const { advance, day } = event.target.closest("button")?.dataset ?? {};
    if (advance) move({ advance });
    if (day) moveTo(nextDayOfMonth(now(), Number(day)));
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    $("instant").value = toField(now());
    place(menu, $("clock-set"));
    $("instant").focus();
  });
  menu.addEventListener("submit", (event) => {
    event.preventDefault();
    menu.hidePopover();
    moveTo(fromField($("instant").value));
  });
  setInterval(tick, 250);
  await attempt(load);
}

export const load = async () => heard(await api.clock());

/** What the server says its time is, now. */
export function heard(clock) {
  state.skew = instant(clock.now) - Date.now();
  tick();
  changed();
}

function tick() {
  if (state.skew === null) return;
  show($("clock-date"), clockDate(now()));
  show($("clock-time"), clockTime(now()));
  $("clock").dateTime = new Date(now()).toISOString();
}

// Written only when it differs, so that a screen reader or a selection is not disturbed.
const show = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

const moveTo = (at) => move({ set: new Date(at).toISOString() });

async function move(how) {
  busy(true);
  const clock = await attempt(() => api.moveClock(how));
  busy(false);
  if (clock?.now) heard(clock);
  else await attempt(load);
}

function busy(moving) {
  bar.setAttribute("aria-busy", String(moving));
  for (const button of bar.querySelectorAll("button")) button.disabled = moving;
}
