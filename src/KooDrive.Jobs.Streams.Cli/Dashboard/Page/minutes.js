// The finished jobs of the last hour by minute. Pure: no element and no clock.

import { kindOf } from './names.js';

const minute = 60_000;
export const minuteCount = 60;

// The clocks of the server and the browser may differ by this much.
const clockTolerance = 5 * minute;

// Returns the minutes, oldest first: { start, finished, failed, durations: { shortest, median, longest } in seconds, or null }.
export function minutesOf(entries, now) {
  const last = Math.floor(now / minute);
  const minutes = Array.from({ length: minuteCount }, (_, index) => ({
    start: (last - minuteCount + 1 + index) * minute, finished: 0, failed: 0, durations: [],
  }));
  for (const { job, endedAt } of entries) {
    if (isNaN(endedAt) || endedAt > now + clockTolerance) {
      continue;
    }

    const bin = minutes[minuteCount - 1 - Math.max(0, last - Math.floor(endedAt / minute))];
    if (bin) {
      bin[kindOf(job)]++;
      const duration = (endedAt - Date.parse(job.beginTime)) / 1000;
      if (duration >= 0) {
        bin.durations.push(duration);
      }
    }
  }

  return minutes.map(bin => ({ ...bin, durations: summary(bin.durations) }));
}

function summary(durations) {
  if (durations.length === 0) {
    return null;
  }

  durations.sort((one, other) => one - other);
  return { shortest: durations[0], median: durations[Math.floor(durations.length / 2)], longest: durations.at(-1) };
}
