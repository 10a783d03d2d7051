// Sandbox time. The page shows the zone in which the programmes count their months,
// not the reader's, so that what is due "on the 1st at 09:00" is seen to be said then.

export const ZONE = "America/Sao_Paulo";

const wall = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const format = (options) => {
  const formatter = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, ...options });
  return (instant) => formatter.format(instant);
};
export const clockDate = format({
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
});
export const clockTime = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const shortTime = format({ hour: "2-digit", minute: "2-digit" });
const dayMonth = format({ day: "numeric", month: "short" });
const longDay = format({ day: "numeric", month: "long" });
const dayMonthYear = format({ day: "numeric", month: "long", year: "numeric" });

/** Milliseconds of a date as the server writes it: ISO 8601, or Bot API seconds. */
export const instant = (date) => (typeof date === "number" ? date * 1000 : Date.parse(date));

function parts(at) {
  const found = {};
  for (const { type, value } of wall.formatToParts(at)) found[type] = Number(value);
  return found;
}

const asUtc = (p) => Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);

/** The instant of a wall-clock time in the zone, given as the same numbers in UTC. */
function fromWall(wanted) {
  let guess = wanted;
  // Twice, since the offset at the first guess may be that of the other side of a change.
  for (let turn = 0; turn < 2; turn += 1) guess -= asUtc(parts(guess)) - wanted;
  return guess;
}

/** The next such day of a month at 09:05: what is told at 09:00 has been said by then. */
export function nextDayOfMonth(now, day) {
  const { year, month } = parts(now);
  const candidates = [0, 1].map((on) => fromWall(Date.UTC(year, month - 1 + on, day, 9, 5)));
  return candidates.find((at) => at > now);
}

/** What a datetime-local field holds, to and from an instant. */
export const toField = (at) => new Date(asUtc(parts(at))).toISOString().slice(0, 16);
export const fromField = (value) => fromWall(Date.parse(`${value}Z`));

export const dayKey = (at) => toField(at).slice(0, 10);

/** The name of a day as seen from another instant: Today, 30 January, 2 March 2025. */
export function dayName(at, now) {
  if (dayKey(at) === dayKey(now)) return "Today";
  if (dayKey(at) === dayKey(now - 86_400_000)) return "Yesterday";
  return parts(at).year === parts(now).year ? longDay(at) : dayMonthYear(at);
}

export const listTime = (at, now) => (dayKey(at) === dayKey(now) ? shortTime(at) : dayMonth(at));
