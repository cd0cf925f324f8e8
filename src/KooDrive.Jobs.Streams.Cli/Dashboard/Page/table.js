// One of the tables. What a server sent becomes text, never markup.

import { resultOf, statusOf, toneOf, typeOf } from './names.js';

// Few enough that what runs stays in sight below what failed.
const mostRows = { failed: 10, running: 100, finished: 50 };

export class JobTable {
  #section;
  #body;
  #rows = new Map();
  #isRunning;
  #mostRows;

  constructor(kind) {
    this.#section = document.querySelector(`section[data-kind="${kind}"]`);
    this.#body = this.#section.querySelector('tbody');
    this.#isRunning = kind === 'running';
    this.#mostRows = mostRows[kind];
  }

  // Entries newest first. Rows stay the same elements while their jobs stay.
  show(entries) {
    const shown = entries.slice(0, this.#mostRows);
    this.#part('.count').textContent = entries.length;
    this.#part('.empty').hidden = entries.length > 0;
    this.#part('table').hidden = entries.length === 0;
    this.#part('.more').hidden = entries.length <= this.#mostRows;
    this.#part('.more').textContent = `The ${this.#mostRows} newest of ${entries.length} are shown.`;

    const left = new Set(this.#rows.keys());
    shown.forEach((entry, index) => {
      left.delete(entry.job.taskId);
      const row = this.#row(entry);
      if (this.#body.children[index] !== row) {
        this.#body.insertBefore(row, this.#body.children[index] ?? null);
      }
    });
    for (const taskId of left) {
      this.#rows.get(taskId).element.remove();
      this.#rows.delete(taskId);
    }
  }

  #part(selector) {
    return this.#section.querySelector(selector);
  }

  #row(entry) {
    const known = this.#rows.get(entry.job.taskId);
    if (known?.entry === entry) {
      return known.element;
    }

    const row = known?.element ?? document.createElement('tr');
    row.classList.toggle('news', entry.isNews);
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
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}
