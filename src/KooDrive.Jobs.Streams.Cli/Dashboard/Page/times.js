// Times and durations as text, in the time zone and the language of the browser.

const units = [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]];

// "45 s", "12 min 5 s", "2 h 14 min", "3 d 4 h": two units at most.
export function durationText(seconds) {
  let rest = Math.max(0, Math.round(seconds));
  const first = units.findIndex(([, size]) => rest >= size);
  if (first < 0) return '0 s';
  const parts = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count} ${unit}` : '';
  });
  return parts.filter(part => part).join(' ');
}

// The date is omitted today, and the year in this year.
export function timeText(time, now = new Date()) {
  if (time.toDateString() === now.toDateString()) {
    return time.toLocaleTimeString(undefined, { timeStyle: 'medium' });
  }

  const year = time.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return time.toLocaleString(undefined, { year, month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
}

export const fullTimeText = time => time.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' });

export const minuteText = time => time.toLocaleTimeString(undefined, { timeStyle: 'short' });
