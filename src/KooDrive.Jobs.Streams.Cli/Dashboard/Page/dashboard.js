// The page: draws the jobs of the feed that match the filters.

import { setText } from './elements.js';
import { UnseenFailures } from './failures.js';
import { Feed } from './feed.js';
import { Filters } from './filters.js';
import { kindOf, resultOf } from './names.js';
import { Overview } from './overview.js';
import { JobTable } from './table.js';

// Ages and the last hour change without events.
const clockInterval = 10_000;

const connection = document.getElementById('connection');
const detail = document.getElementById('detail');
const poll = document.getElementById('poll');
const log = document.getElementById('log');
const tables = { failed: new JobTable('failed'), running: new JobTable('running'), finished: new JobTable('finished') };
const overview = new Overview();
const filters = new Filters(drawSoon);
const unseen = new UnseenFailures(drawSoon);

let isDrawing = false;
const feed = new Feed('jobs/events', event => {
  if (event?.event === 'pollCompleted') {
    announce(feed.takeFinished());
  }

  drawSoon();
});
setInterval(drawSoon, clockInterval);

// Thousands of events may arrive together: the page is drawn once for all of them.
function drawSoon() {
  if (!isDrawing) {
    isDrawing = true;
    setTimeout(draw, 50);
  }
}

function draw() {
  isDrawing = false;
  const userIds = [...feed.accounts.keys()];
  filters.setAccounts(userIds);
  document.body.classList.toggle('several-accounts', userIds.length > 1);
  drawConnection();
  if (!feed.isSynced) {
    return; // Until the initial snapshot is complete, the page does not state that there are no jobs.
  }

  const entries = [...feed.entries()];
  const all = { failed: [], running: [], finished: [] };
  for (const entry of entries) {
    all[kindOf(entry.job)].push(entry);
  }

  for (const [kind, table] of Object.entries(tables)) {
    const shown = all[kind].filter(entry => filters.matches(entry));
    shown.sort((one, other) => other.sortTime - one.sortTime || other.order - one.order);
    table.show(shown, feed.isComplete ? all[kind].length - shown.length : null);
  }

  overview.show(entries, Date.now(), feed.isComplete);
  drawHiddenFailures(all.failed.filter(entry => !filters.matches(entry)).length);
  const count = unseen.count(all.failed);
  document.title = count > 0 ? `(${count}) KooDrive jobs` : 'KooDrive jobs';
}

function drawHiddenFailures(count) {
  document.getElementById('clear').hidden = !filters.isActive;
  setText(document.getElementById('hidden-failures'), count === 0 ? '' : `The filter hides ${count === 1 ? '1 failed job' : `${count} failed jobs`}.`);
}

// The details, which may differ for each failure, are in an element that is not announced.
function drawConnection() {
  const { state, text, detail: detailText } = feed.connection;
  connection.dataset.state = state;
  setText(connection, text);
  setText(detail, detailText);
  const last = feed.lastPoll;
  setText(poll, last ? `Last poll ${new Date(last.observedAt).toLocaleTimeString()}` : '');
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
