// The change feed, put together to the present picture of the jobs.

import { kindOf } from './names.js';

// Finished jobs beyond this are history: the page must not grow for as long as it is open.
const keptFinished = 1000;
const eventNames = ['snapshot', 'synced', 'added', 'changed', 'vanished', 'gap', 'pollFailed', 'pollCompleted'];
const reconnectAfter = 2000;

export class Feed {
  // By task id: { job, order, isNews }. The larger the order, the later it came, or finished.
  jobs = new Map();
  connection = { state: 'connecting', text: 'Connecting…' };
  lastPoll = null;

  // What finished since the last completed poll, after the picture was complete.
  justFinished = [];

  #next = new Map();
  #isBuilding = true;
  #hasFailed = false;
  #order = 0;
  #address;
  #changed;

  constructor(address, changed) {
    this.#address = address;
    this.#changed = changed;
    this.#connect();
  }

  #connect() {
    const source = new EventSource(this.#address);
    source.onopen = () => {
      this.#begin();
      if (this.connection.state !== 'failing') {
        this.#show('loading', 'Reading the list…');
      }
    };
    source.onerror = () => {
      // The stream ends after an error that ends the watch, and the error says more than its end.
      if (!this.#hasFailed) {
        this.#show('lost', 'Disconnected. Trying again…');
      }

      this.#hasFailed = false;
      if (source.readyState === EventSource.CLOSED) {
        // The browser tries again by itself, but not after an answer that is no stream of events.
        setTimeout(() => this.#connect(), reconnectAfter);
      }
    };
    for (const name of eventNames) {
      source.addEventListener(name, message => this.#take(JSON.parse(message.data)));
    }
  }

  #take(event) {
    switch (event.event) {
      case 'snapshot':
        this.#set(this.#isBuilding ? this.#next : this.jobs, event.current, false);
        break;
      case 'synced':
        this.#complete();
        break;
      case 'added':
      case 'changed':
        this.#change(event);
        break;
      case 'vanished':
        this.jobs.delete(event.taskId);
        break;
      case 'gap':
        if (event.reason === 'slowSubscriber') {
          // What was missed is told anew, from the start.
          this.#begin();
        }

        break;
      case 'pollFailed':
        this.#hasFailed = true;
        this.#show('failing', event.error);
        break;
      case 'pollCompleted':
        this.lastPoll = event;
        this.#hasFailed = false;
        if (!this.#isBuilding) {
          this.#show('live', 'Live');
          this.#readProgress();
        }

        break;
    }

    this.#changed(event);
  }

  // Until the new picture is complete the old one stays.
  #begin() {
    this.#next = new Map();
    this.#isBuilding = true;
  }

  #complete() {
    if (this.#isBuilding) {
      this.jobs = this.#next;
      this.#next = new Map();
      this.#isBuilding = false;
    }

    this.#forget();
    this.#show('live', 'Live');
  }

  #change(event) {
    const job = event.current;
    const before = this.jobs.get(job.taskId)?.job;
    const isFinished = kindOf(job) !== 'running';
    const hasFinished = isFinished && (before === undefined || kindOf(before) === 'running');
    this.#set(this.jobs, job, true);
    if (hasFinished) {
      this.justFinished.push(job);
      this.#forget();
    }
  }

  // How far the running jobs have come is no event.
  async #readProgress() {
    try {
      const answer = await fetch('jobs/unfinished');
      for (const job of answer.ok ? await answer.json() : []) {
        const known = this.jobs.get(job.taskId);
        if (known?.job.status === job.status && known.job.progress !== job.progress) {
          this.jobs.set(job.taskId, { ...known, job });
        }
      }

      this.#changed(null);
    } catch {
      // The connection is lost: the events say so.
    }
  }

  #set(jobs, job, isNews) {
    const known = jobs.get(job.taskId);
    const order = known && kindOf(known.job) === kindOf(job) ? known.order : ++this.#order;
    jobs.set(job.taskId, { job, order, isNews });
  }

  #forget() {
    const finished = [...this.jobs.values()].filter(({ job }) => kindOf(job) !== 'running');
    if (finished.length > 1.2 * keptFinished) {
      finished.sort((one, other) => other.order - one.order);
      finished.slice(keptFinished).forEach(({ job }) => this.jobs.delete(job.taskId));
    }
  }

  #show(state, text) {
    this.connection = { state, text };
    this.#changed(null);
  }
}
