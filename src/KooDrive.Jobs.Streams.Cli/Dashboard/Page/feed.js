// The change feed, put together to the present picture of the jobs.

import { parse } from './json.js';
import { kindOf } from './names.js';

// Finished jobs beyond this are history: the page must not grow for as long as it is open.
const keptFinished = 1000;
const eventNames = ['snapshot', 'synced', 'added', 'changed', 'vanished', 'gap', 'pollFailed', 'pollCompleted'];
const reconnectAfter = 2000;

// The server sends something every 15 seconds, a heartbeat if there is nothing else: after this long the connection is dead, whatever it looks like.
const longestSilence = 40_000;
const silenceCheckedEvery = 5000;

export class Feed {
  // By task id: { job, order, isNews }. The larger the order, the later it came, or finished.
  jobs = new Map();
  connection = { state: 'connecting', text: 'Connecting…', detail: '' };
  lastPoll = null;

  // Whether the picture has been complete once.
  isKnown = false;

  // What finished since the last completed poll, after the picture was complete.
  justFinished = [];

  #next = new Map();
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
  #heard = 0;

  constructor(address, changed) {
    this.#address = address;
    this.#changed = changed;
    document.addEventListener('visibilitychange', () => this.#followVisibility());
    setInterval(() => this.#checkSilence(), silenceCheckedEvery);
    this.#followVisibility();
  }

  // A browser has six connections for all the tabs that show this page, and who does not look needs none.
  #followVisibility() {
    if (!document.hidden) {
      this.#connect();
    } else {
      this.#disconnect();
      this.#show('connecting', 'Paused while the page is hidden');
    }
  }

  #connect() {
    this.#disconnect();
    this.#hear();
    this.#hasFailed = false;
    const source = this.#source = new EventSource(this.#address);
    source.onopen = () => {
      this.#hear();
      this.#begin();
      if (this.connection.state !== 'failing') {
        this.#show('loading', 'Reading the list…');
      }
    };
    source.onerror = () => {
      // The stream ends after an error that ends the watch, and the error says more than its end.
      if (!this.#hasFailed) {
        this.#showLost();
      }

      this.#hasFailed = false;
      if (source.readyState === EventSource.CLOSED) {
        // The browser tries again by itself, but not after an answer that is no stream of events.
        this.#connectLater();
      }
    };
    source.addEventListener('heartbeat', () => this.#hear());
    for (const name of eventNames) {
      source.addEventListener(name, message => {
        this.#hear();
        this.#take(parse(message.data));
      });
    }
  }

  #connectLater() {
    this.#disconnect();
    this.#reconnect = setTimeout(() => this.#connect(), reconnectAfter);
  }

  #disconnect() {
    clearTimeout(this.#reconnect);
    this.#source?.close();
    this.#source = null;
  }

  #hear() {
    this.#heard = performance.now();
  }

  #checkSilence() {
    if (this.#source && performance.now() - this.#heard > longestSilence) {
      this.#showLost();
      this.#connectLater();
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

        this.#isPartial ||= event.reason === 'tooManyUnfinished';
        this.#lastGap = `${new Date(event.observedAt).toLocaleTimeString()}: ${event.message}`;
        break;
      case 'pollFailed':
        this.#hasFailed = true;
        this.#show('failing', 'The jobs cannot be read. Trying again…', event.error);
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

    this.isKnown = true;
    this.#forget();
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
      this.#forget();
    }
  }

  // How far the running jobs have come is no event. Asked once at a time, for the answers to two questions may come in any order.
  async #readProgress() {
    if (this.#isReadingProgress) {
      return;
    }

    this.#isReadingProgress = true;
    try {
      const answer = await fetch('jobs/unfinished');
      for (const job of answer.ok ? parse(await answer.text()) : []) {
        const known = this.jobs.get(job.taskId);
        if (known?.job.status === job.status && known.job.progress !== job.progress) {
          this.jobs.set(job.taskId, { ...known, job });
        }
      }

      this.#changed(null);
    } catch {
      // The connection is lost: the events say so.
    } finally {
      this.#isReadingProgress = false;
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

  #showLive() {
    if (this.#isPartial) {
      this.#show('partial', 'Live, but the oldest unfinished jobs are no longer followed', this.#lastGap);
    } else {
      this.#show('live', 'Live', this.#lastGap);
    }
  }

  #showLost() {
    this.#show('lost', 'Disconnected. Trying again…');
  }

  #show(state, text, detail = '') {
    this.connection = { state, text, detail };
    this.#changed(null);
  }
}
