// The current jobs, assembled from the events of the server.

import { parse } from './json.js';
import { kindOf } from './names.js';

// The page retains this many finished jobs, so that its memory stays limited.
const maxRetainedFinished = 1000;
const eventNames = ['snapshot', 'synced', 'added', 'changed', 'vanished', 'gap', 'pollFailed', 'pollCompleted'];
const reconnectDelay = 2000;

// The server sends an event or a heartbeat at least every 15 seconds. After this time without either, the connection is lost.
const silenceTimeout = 40_000;
const silenceCheckInterval = 5000;

export class Feed {
  // By task id: { job, order, isChange }. A larger order means that the job appeared or finished later.
  jobs = new Map();
  connection = { state: 'connecting', text: 'Connecting…', detail: '' };
  lastPoll = null;

  // Whether an initial snapshot has been complete.
  isSynced = false;

  // The jobs that finished since the last completed poll.
  justFinished = [];

  #building = new Map();
  #isBuilding = true;
  #hasFailed = false;
  #isPartial = false;
  #isReadingProgress = false;
  #lastGap = '';
  #order = 0;
  #address;
  #changed;
  #source = null;
  #reconnect;
  #lastReceivedAt = 0;

  constructor(address, changed) {
    this.#address = address;
    this.#changed = changed;
    document.addEventListener('visibilitychange', () => this.#applyVisibility());
    setInterval(() => this.#checkSilence(), silenceCheckInterval);
    this.#applyVisibility();
  }

  // A browser opens at most six connections to one server for all tabs, so a hidden page closes its connection.
  #applyVisibility() {
    if (!document.hidden) {
      this.#connect();
    } else {
      this.#disconnect();
      this.#show('connecting', 'Paused while the page is hidden');
    }
  }

  #connect() {
    this.#disconnect();
    this.#recordReceived();
    this.#hasFailed = false;
    const source = this.#source = new EventSource(this.#address);
    source.onopen = () => {
      this.#recordReceived();
      this.#startSnapshot();
      if (this.connection.state !== 'failing') {
        this.#show('loading', 'Reading the list…');
      }
    };
    source.onerror = () => {
      // The stream ends after an error that ends the watch. The message of that error stays visible.
      if (!this.#hasFailed) {
        this.#showLost();
      }

      this.#hasFailed = false;
      if (source.readyState === EventSource.CLOSED) {
        // The browser reconnects by itself, except after a response that is not an event stream.
        this.#connectLater();
      }
    };
    source.addEventListener('heartbeat', () => this.#recordReceived());
    for (const name of eventNames) {
      source.addEventListener(name, message => {
        this.#recordReceived();
        this.#apply(parse(message.data));
      });
    }
  }

  #connectLater() {
    this.#disconnect();
    this.#reconnect = setTimeout(() => this.#connect(), reconnectDelay);
  }

  #disconnect() {
    clearTimeout(this.#reconnect);
    this.#source?.close();
    this.#source = null;
  }

  #recordReceived() {
    this.#lastReceivedAt = performance.now();
  }

  #checkSilence() {
    if (this.#source && performance.now() - this.#lastReceivedAt > silenceTimeout) {
      this.#showLost();
      this.#connectLater();
    }
  }

  #apply(event) {
    switch (event.event) {
      case 'snapshot':
        this.#set(this.#isBuilding ? this.#building : this.jobs, event.current, false);
        break;
      case 'synced':
        this.#completeSnapshot();
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
          // The server sends a new snapshot.
          this.#startSnapshot();
        }

        this.#isPartial ||= event.reason === 'tooManyUnfinished';
        this.#lastGap = `${new Date(event.observedAt).toLocaleTimeString()}: ${event.message}`;
        break;
      case 'pollFailed':
        this.#hasFailed = true;
        this.#show('failing', 'The jobs cannot be read. Retrying…', event.error);
        break;
      case 'pollCompleted':
        this.lastPoll = event;
        this.#hasFailed = false;
        if (!this.#isBuilding) {
          this.#showLive();
          this.#readProgress();
        }

        break;
    }

    this.#changed(event);
  }

  // The previous jobs stay visible until the new snapshot is complete.
  #startSnapshot() {
    this.#building = new Map();
    this.#isBuilding = true;
  }

  #completeSnapshot() {
    if (this.#isBuilding) {
      this.jobs = this.#building;
      this.#building = new Map();
      this.#isBuilding = false;
    }

    this.isSynced = true;
    this.#evictFinished();
    if (!this.#hasFailed) {
      this.#showLive();
    }
  }

  #change(event) {
    const job = event.current;
    const before = this.jobs.get(job.taskId)?.job;
    const isFinished = kindOf(job) !== 'running';
    const hasFinished = isFinished && (before === undefined || kindOf(before) === 'running');
    this.#set(this.jobs, job, true);
    if (hasFinished) {
      this.justFinished.push(job);
      this.#evictFinished();
    }
  }

  // Progress is not an event. One request at a time, because the responses to two requests may arrive in any order.
  async #readProgress() {
    if (this.#isReadingProgress) {
      return;
    }

    this.#isReadingProgress = true;
    try {
      const response = await fetch('jobs/unfinished');
      for (const job of response.ok ? parse(await response.text()) : []) {
        const current = this.jobs.get(job.taskId);
        if (current?.job.status === job.status && current.job.progress !== job.progress) {
          this.jobs.set(job.taskId, { ...current, job });
        }
      }

      this.#changed(null);
    } catch {
      // The connection is lost, which the event stream reports.
    } finally {
      this.#isReadingProgress = false;
    }
  }

  #set(jobs, job, isChange) {
    const current = jobs.get(job.taskId);
    const order = current && kindOf(current.job) === kindOf(job) ? current.order : ++this.#order;
    jobs.set(job.taskId, { job, order, isChange });
  }

  #evictFinished() {
    const finished = [...this.jobs.values()].filter(({ job }) => kindOf(job) !== 'running');
    if (finished.length > 1.2 * maxRetainedFinished) {
      finished.sort((one, other) => other.order - one.order);
      finished.slice(maxRetainedFinished).forEach(({ job }) => this.jobs.delete(job.taskId));
    }
  }

  #showLive() {
    if (this.#isPartial) {
      this.#show('partial', 'Live, but the oldest unfinished jobs are no longer tracked', this.#lastGap);
    } else {
      this.#show('live', 'Live', this.#lastGap);
    }
  }

  #showLost() {
    this.#show('lost', 'Disconnected. Reconnecting…');
  }

  #show(state, text, detail = '') {
    this.connection = { state, text, detail };
    this.#changed(null);
  }
}
