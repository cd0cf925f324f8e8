// One of the tables. Data from the server is inserted as text, never as markup.

import { resultOf, statusOf, toneOf, typeOf } from './names.js';

// A short list of failed jobs keeps the running jobs in view.
const maxRows = { failed: 10, running: 100, finished: 50 };

export class JobTable {
  #section;
  #body;
  #rows = new Map();
  #isRunning;
  #maxRows;

  constructor(kind) {
    this.#section = document.querySelector(`section[data-kind="${kind}"]`);
    this.#body = this.#section.querySelector('tbody');
    this.#isRunning = kind === 'running';
    this.#maxRows = maxRows[kind];
  }

  // Shows entries, newest first. A job keeps its row element for as long as it is shown.
  show(entries) {
    const shown = entries.slice(0, this.#maxRows);
    this.#part('.count').textContent = entries.length;
    this.#part('.empty').hidden = entries.length > 0;
    this.#part('table').hidden = entries.length === 0;
    this.#part('.more').hidden = entries.length <= this.#maxRows;
    this.#part('.more').textContent = `${this.#maxRows} newest of ${entries.length} shown`;

    const removed = new Set(this.#rows.keys());
    shown.forEach((entry, index) => {
      removed.delete(entry.job.taskId);
      const row = this.#row(entry);
      if (this.#body.children[index] !== row) {
        this.#body.insertBefore(row, this.#body.children[index] ?? null);
      }
    });
    for (const taskId of removed) {
      this.#rows.get(taskId).element.remove();
      this.#rows.delete(taskId);
    }
  }

  #part(selector) {
    return this.#section.querySelector(selector);
  }

  #row(entry) {
    const current = this.#rows.get(entry.job.taskId);
    if (current?.entry === entry) {
      return current.element;
    }

    const row = current?.element ?? document.createElement('tr');
    row.classList.toggle('changed', entry.isChange);
    row.replaceChildren(...this.#cells(entry.job));
    this.#rows.set(entry.job.taskId, { entry, element: row });
    return row;
  }

  #cells(job) {
    const id = element('th', job.taskId);
    id.scope = 'row';
    if (job.taskName) {
      id.append(element('span', job.taskName, 'name'));
    }

    return [
      id,
      element('td', typeOf(job)),
      this.#isRunning ? statusCell(job) : stateCell(job, resultOf(job)),
      element('td', job.contentNum?.toLocaleString() ?? '', 'number extra'),
      timeCell(this.#isRunning ? job.createTime : job.endTime),
    ];
  }
}

function stateCell(job, text) {
  const cell = element('td');
  cell.append(element('span', text, `state ${toneOf(job)}`));
  return cell;
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

function timeCell(time) {
  const cell = element('td', undefined, 'extra');
  if (time) {
    const shown = element('time', new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' }));
    shown.dateTime = time;
    cell.append(shown);
  }

  return cell;
}

function element(name, text, className) {
  const created = document.createElement(name);
  if (text !== undefined) created.textContent = text;
  if (className) created.className = className;
  return created;
}
