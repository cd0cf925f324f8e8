// The page: draws the jobs of the feed that match the filters.

import { Feed } from './feed.js';
import { kindOf, resultOf, statusChoices, typeChoices } from './names.js';
import { JobTable } from './table.js';

const type = choices('type', typeChoices);
const status = choices('status', statusChoices);
const connection = document.getElementById('connection');
const detail = document.getElementById('detail');
const poll = document.getElementById('poll');
const log = document.getElementById('log');
const tables = { failed: new JobTable('failed'), running: new JobTable('running'), finished: new JobTable('finished') };

let isDrawing = false;
const feed = new Feed('jobs/events', event => {
  if (event?.event === 'pollCompleted') {
    announce(feed.justFinished.splice(0));
  }

  drawSoon();
});

function choices(id, entries) {
  const select = document.getElementById(id);
  select.append(...entries.map(([value, text]) => new Option(text, value)));
  select.addEventListener('change', drawSoon);
  return select;
}

// Thousands of events may arrive together: the page is drawn once for all of them.
function drawSoon() {
  if (!isDrawing) {
    isDrawing = true;
    setTimeout(draw, 50);
  }
}

function draw() {
  isDrawing = false;
  drawConnection();
  if (!feed.isSynced) {
    return; // Until the initial snapshot is complete, the page does not state that there are no jobs.
  }

  const shown = { failed: [], running: [], finished: [] };
  for (const entry of feed.jobs.values()) {
    if (isChosen(type, entry.job.taskType) && isChosen(status, entry.job.status)) {
      shown[kindOf(entry.job)].push(entry);
    }
  }

  for (const [kind, table] of Object.entries(tables)) {
    table.show(shown[kind].sort((one, other) => other.order - one.order));
  }

  document.title = shown.failed.length > 0 ? `(${shown.failed.length}) KooDrive jobs` : 'KooDrive jobs';
}

const isChosen = (select, value) => select.value === '' || select.value === `${value}`;

// A screen reader announces each change of the text, so the text changes only with the state. The details, which may differ for each
// failure, are in another element.
function drawConnection() {
  const { state, text, detail: detailText } = feed.connection;
  connection.dataset.state = state;
  setText(connection, text);
  setText(detail, detailText);
  const last = feed.lastPoll;
  setText(poll, last ? `Last poll ${new Date(last.observedAt).toLocaleTimeString()}` : '');
}

function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// At most one line per poll: the number of finished jobs, and the ids of the first failed jobs.
function announce(finished) {
  if (finished.length === 0) {
    return;
  }

  const failed = finished.filter(job => kindOf(job) === 'failed');
  const named = failed.slice(0, 3).map(job => `${job.taskId}: ${resultOf(job)}`);
  log.textContent = `${finished.length === 1 ? '1 job' : `${finished.length} jobs`} finished, ${failed.length} failed. ${named.join('; ')}`;
}
