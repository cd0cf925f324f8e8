// The charts, as SVG that is stretched to its frame. The labels are outside of the SVG, so that they are not stretched.

import { element } from './elements.js';
import { minuteCount } from './minutes.js';
import { durationText, minuteText } from './times.js';

const height = 100;
const shortestDuration = 1;
const longestDurations = [10, 60, 600, 3600, 21_600, 86_400, 604_800];

// Finished and failed jobs per minute, stacked. Failed jobs are at the bottom, where their number can be compared.
export function drawOutcomes(minutes) {
  const max = Math.max(...minutes.map(({ finished, failed }) => finished + failed));
  const top = Math.max(4, max);
  const scale = height / top;
  const finished = minutes.reduce((sum, minute) => sum + minute.finished, 0);
  const failed = minutes.reduce((sum, minute) => sum + minute.failed, 0);
  const chart = plot(`Jobs per minute in the last hour: ${finished} finished, ${failed} failed, at most ${max} in a minute`);
  minutes.forEach((minute, index) => {
    if (minute.finished + minute.failed > 0) {
      chart.append(group(
        `${minuteText(new Date(minute.start))}: ${minute.finished} finished, ${minute.failed} failed`,
        bar(index, height - minute.failed * scale, minute.failed * scale, 'bar-failed'),
        bar(index, height - (minute.failed + minute.finished) * scale, minute.finished * scale, 'bar-finished')));
    }
  });
  return framed(chart, minutes, `${top}`, '0');
}

// The shortest, the median and the longest duration of the jobs that ended in each minute, on a logarithmic scale.
export function drawDurations(minutes) {
  const known = minutes.map(({ durations }) => durations).filter(durations => durations);
  const longest = Math.max(0, ...known.map(durations => durations.longest));
  const top = longestDurations.find(limit => limit >= longest) ?? longest;
  const position = seconds => height * (1 - Math.log(Math.max(seconds, shortestDuration) / shortestDuration) / Math.log(top / shortestDuration));
  const chart = plot(known.length === 0
    ? 'Durations in the last hour: unknown'
    : `Durations in the last hour: from ${durationText(Math.min(...known.map(durations => durations.shortest)))} to ${durationText(longest)}`);
  minutes.forEach(({ start, durations }, index) => {
    if (durations) {
      const { shortest, median, longest: max } = durations;
      chart.append(group(
        `${minuteText(new Date(start))}: ${durationText(shortest)} to ${durationText(max)}, median ${durationText(median)}`,
        bar(index, Math.min(position(max), height - 3), Math.max(3, position(shortest) - position(max)), 'bar-range'),
        bar(index, Math.min(position(median), height - 4), 4, 'bar-median')));
    }
  });
  return framed(chart, minutes, durationText(top), durationText(shortestDuration));
}

function framed(chart, minutes, top, bottom) {
  const labels = element('div', undefined, 'minutes');
  for (const index of [0, minuteCount / 2, minuteCount - 1]) {
    labels.append(element('span', minuteText(new Date(minutes[index].start))));
  }

  const scale = element('div', undefined, 'scale');
  scale.append(element('span', top), element('span', bottom));
  return [scale, chart, labels];
}

function plot(name) {
  const created = svg('svg', { viewBox: `0 0 ${minuteCount} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': name });
  for (const y of [0, height / 2, height]) {
    created.append(svg('line', { x1: 0, x2: minuteCount, y1: y, y2: y, class: 'grid' }));
  }

  return created;
}

function group(title, ...bars) {
  const created = svg('g', {});
  const text = svg('title', {});
  text.textContent = title;
  created.append(text, ...bars);
  return created;
}

const bar = (index, y, size, className) => svg('rect', { x: index + 0.12, y, width: 0.76, height: size, class: className });

function svg(name, attributes) {
  const created = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) {
    created.setAttribute(attribute, value);
  }

  return created;
}
