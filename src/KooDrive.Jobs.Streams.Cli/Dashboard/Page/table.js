// One of the tables.

import { element } from './elements.js';
import { resultOf, statusOf, toneOf, typeOf } from './names.js';
import { fullTimeText, timeText } from './times.js';

// Until "Show all": few failed jobs, so that the running jobs are in view.
const maxRows = { failed: 3, running: 10, finished: 10 };

export class JobTable {
  #section;
  #body;
  #emptyText;
  #rows = new Map();
  #isRunning;
  #maxRows;
  #showsAll = false;
  #entries = [];

  constructor(kind) {
    this.#section = document.querySelector(`section[data-kind="${kind}"]`);
    this.#body = this.#section.querySelector('tbody');
    this.#emptyText = this.#part('.empty').textContent;
    this.#isRunning = kind === 'running';
    this.#maxRows = maxRows[kind];
    this.#part('.more button').addEventListener('click', () => {
      this.#showsAll = !this.#showsAll;
      this.#showRows();
    });
  }

  // Shows entries, newest first. A job keeps its row element for as long as it is shown.
  // hiddenCount is the number of jobs that the filter hides, or null while not all jobs are known.
  show(entries, hiddenCount) {
    this.#entries = entries;
    this.#part('.count').textContent = hiddenCount > 0 ? `${entries.length} of ${entries.length + hiddenCount}` : entries.length;
    this.#part('.empty').hidden = entries.length > 0 || hiddenCount === null;
    this.#part('.empty').textContent = hiddenCount > 0 ? 'No job matches the filter.' : this.#emptyText;
    this.#part('table').hidden = entries.length === 0;
    this.#showRows();
  }

  #showRows() {
    const shown = this.#showsAll ? this.#entries : this.#entries.slice(0, this.#maxRows);
    this.#showMore();
    const removed = new Set(this.#rows.keys());
    shown.forEach((entry, index) => {
      removed.delete(entry.key);
      const row = this.#row(entry);
      if (this.#body.children[index] !== row) {
        this.#body.insertBefore(row, this.#body.children[index] ?? null);
      }
    });
    for (const key of removed) {
      this.#rows.get(key).element.remove();
      this.#rows.delete(key);
    }
  }

  #showMore() {
    const count = this.#entries.length;
    this.#part('.more').hidden = count <= this.#maxRows;
    this.#part('.more span').textContent = this.#showsAll ? `All ${count} shown` : `${this.#maxRows} newest of ${count} shown`;
    const button = this.#part('.more button');
    button.textContent = this.#showsAll ? 'Show fewer' : 'Show all';
    button.setAttribute('aria-expanded', `${this.#showsAll}`);
  }

  #part(selector) {
    return this.#section.querySelector(selector);
  }

  #row(entry) {
    const current = this.#rows.get(entry.key);
    if (current?.entry === entry) {
      return current.element;
    }

    const row = current?.element ?? document.createElement('tr');
    row.classList.toggle('changed', entry.isChange);
    row.replaceChildren(...this.#cells(entry));
    this.#rows.set(entry.key, { entry, element: row });
    return row;
  }

  #cells({ job, userId }) {
    return [
      jobCell(job, userId),
      element('td', userId, 'account'),
      element('td', typeOf(job), 'type'),
      this.#isRunning ? statusCell(job) : stateCell(job, resultOf(job)),
      element('td', job.contentNum?.toLocaleString() ?? '', 'files'),
      timeCell(this.#isRunning ? job.createTime : job.endTime),
    ];
  }
}

// On a narrow screen the type and the account are below the id instead of in columns.
function jobCell(job, userId) {
  const cell = element('th', undefined, 'job');
  cell.scope = 'row';
  cell.append(line(job.taskId, 'id'));
  if (job.taskName) {
    cell.append(line(job.taskName, 'name task-name'));
  }

  cell.append(element('span', typeOf(job), 'name narrow'), element('span', userId, 'name narrow account'));
  return cell;
}

// A text of one line, which is cut off if it is too long.
function line(text, className) {
  const created = element('span', text, className);
  created.title = text;
  return created;
}

function stateCell(job, text) {
  const cell = element('td', undefined, 'outcome');
  cell.append(element('span', text, `state ${toneOf(job)}`));
  const address = secureAddress(job.downloadUrl);
  if (address) {
    const link = element('a', 'Download package', 'download');
    link.href = address;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    link.setAttribute('aria-label', `Download package of job ${job.taskId}`);
    cell.append(link);
  }

  return cell;
}

// The address is data from the server, so it could also be a script. Only https is a link.
function secureAddress(text) {
  const address = text && URL.canParse(text) ? new URL(text) : null;
  return address?.protocol === 'https:' ? address.href : null;
}

function statusCell(job) {
  const cell = stateCell(job, statusOf(job));
  if (job.progress !== undefined) {
    const bar = element('progress');
    bar.max = 100;
    bar.value = job.progress;
    bar.setAttribute('aria-label', `Progress of job ${job.taskId}`);
    cell.append(bar, element('span', `${job.progress} %`, 'percent'));
  }

  return cell;
}

function timeCell(text) {
  const cell = element('td', undefined, 'when');
  if (text) {
    const time = new Date(text);
    const shown = element('time', timeText(time));
    shown.dateTime = text;
    shown.title = fullTimeText(time);
    cell.append(shown);
  }

  return cell;
}
