// The page: draws what the feed knows, filtered as the reader chose.

import { Feed } from './feed.js';
import { kindOf, resultOf, statusChoices, typeChoices } from './names.js';
import { JobTable } from './table.js';

const type = choices('type', typeChoices);
const status = choices('status', statusChoices);
const connection = document.getElementById('connection');
const detail = document.getElementById('detail');
const poll = document.getElementById('poll');
const news = document.getElementById('news');
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

// Thousands of events may come at once: drawn is once for all of them.
function drawSoon() {
  if (!isDrawing) {
    isDrawing = true;
    setTimeout(draw, 50);
  }
}

function draw() {
  isDrawing = false;
  drawConnection();
  if (!feed.isKnown) {
    return; // That there is no job is not known either.
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

// A screen reader reads the text out when it changes, so it changes only when there is something to say: what differs from one failure to
// the next is beside it.
function drawConnection() {
  const { state, text, detail: more } = feed.connection;
  connection.dataset.state = state;
  setText(connection, text);
  setText(detail, more);
  const last = feed.lastPoll;
  setText(poll, last ? `Last look ${new Date(last.observedAt).toLocaleTimeString()}` : '');
}

function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// What went wrong is said job by job, the rest as a number: one line for each poll at most.
function announce(finished) {
  if (finished.length === 0) {
    return;
  }

  const failed = finished.filter(job => kindOf(job) === 'failed');
  const named = failed.slice(0, 3).map(job => `${job.taskId}: ${resultOf(job)}`);
  news.textContent = `${finished.length === 1 ? '1 job' : `${finished.length} jobs`} finished, ${failed.length} failed. ${named.join('; ')}`;
}
