// The accounts and their jobs, over one connection to the server.

import { Account } from './account.js';
import { parse } from './json.js';

const jobEventNames = ['snapshot', 'synced', 'added', 'changed', 'vanished', 'gap', 'pollFailed', 'pollCompleted'];
const reconnectDelay = 2000;

// The server sends an event or a heartbeat at least every 15 seconds. After this time without either, the connection is lost.
const silenceTimeout = 40_000;
const silenceCheckInterval = 5000;

// A hidden page reads the jobs this often, for its title. Browsers limit the timers of hidden pages to one per minute.
const hiddenInterval = 60_000;
const hiddenTimeout = 20_000;

export class Feed {
  // By user id.
  accounts = new Map();
  connection = { state: 'connecting', text: 'Connecting…', detail: '' };

  #isReadingProgress = false;
  #address;
  #changed;
  #source = null;
  #reconnect;
  #lastReceivedAt = 0;

  // changed(event) is called after each change. The event is null after changes of the connection and of progress.
  constructor(address, changed) {
    this.#address = address;
    this.#changed = changed;
    document.addEventListener('visibilitychange', () => this.#applyVisibility());
    setInterval(() => this.#checkSilence(), silenceCheckInterval);
    this.#applyVisibility();
  }

  // Until the initial snapshots are complete, the page does not state that there are no jobs. An account that fails does not delay the others.
  get isSynced() {
    const accounts = [...this.accounts.values()];
    return accounts.some(account => account.isSynced) && accounts.every(account => account.isSynced || account.failure !== null);
  }

  get isComplete() {
    return [...this.accounts.values()].every(account => account.isSynced);
  }

  get lastPoll() {
    return [...this.accounts.values()].map(account => account.lastPoll).filter(poll => poll)
      .reduce((last, poll) => last === null || poll.observedAt > last.observedAt ? poll : last, null);
  }

  *entries() {
    for (const account of this.accounts.values()) {
      yield* account.jobs.values();
    }
  }

  // Returns the jobs that finished since the last call.
  takeFinished() {
    return [...this.accounts.values()].flatMap(account => account.justFinished.splice(0));
  }

  // A browser opens at most six connections to one server for all tabs, so a hidden page closes its connection.
  #applyVisibility() {
    if (!document.hidden) {
      this.#connect();
    } else {
      this.#pause();
    }
  }

  #pause() {
    this.#connectLater(hiddenInterval);
    this.#show('connecting', 'Paused while the page is hidden');
  }

  #connect() {
    this.#disconnect();
    this.#recordReceived();
    if (document.hidden) {
      this.#reconnect = setTimeout(() => this.#pause(), hiddenTimeout);
    }

    const source = this.#source = new EventSource(this.#address);
    source.onopen = () => {
      this.#recordReceived();
      if (!this.#failing.length) {
        this.#show('loading', 'Reading the list…');
      }
    };
    source.onerror = () => {
      this.#showLost();
      if (document.hidden) {
        this.#pause();
      } else if (source.readyState === EventSource.CLOSED) {
        // The browser reconnects by itself, except after a response that is not an event stream.
        this.#connectLater(reconnectDelay);
      }
    };
    this.#listen(source, 'heartbeat', () => {});
    this.#listen(source, 'accounts', ({ userIds }) => this.#setAccounts(userIds));
    this.#listen(source, 'subscribed', ({ userId }) => this.accounts.get(userId)?.restart());
    for (const name of jobEventNames) {
      this.#listen(source, name, ({ userId, event }) => this.#apply(this.accounts.get(userId), event));
    }
  }

  #listen(source, name, handle) {
    source.addEventListener(name, message => {
      this.#recordReceived();
      handle(parse(message.data));
    });
  }

  #connectLater(delay) {
    this.#disconnect();
    this.#reconnect = setTimeout(() => this.#connect(), delay);
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
      this.#connectLater(document.hidden ? hiddenInterval : reconnectDelay);
    }
  }

  // Each connection starts with the accounts. The jobs of an account stay visible until its new snapshot is complete.
  #setAccounts(userIds) {
    this.accounts = new Map(userIds.map(userId => [userId, this.accounts.get(userId) ?? new Account(userId)]));
    this.accounts.forEach(account => account.isSettled = false);
    this.#changed(null);
  }

  #apply(account, event) {
    account.apply(event);
    if (account.isComplete || account.failure !== null) {
      this.#showAccounts();
    }

    if (event.event === 'pollCompleted' && account.isComplete) {
      this.#readProgress();
    }

    this.#changed(event);
    if (document.hidden && this.#source && [...this.accounts.values()].every(each => each.isSettled)) {
      this.#pause();
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
      for (const { userId, jobs } of response.ok ? parse(await response.text()) : []) {
        this.accounts.get(userId)?.updateProgress(jobs);
      }

      this.#changed(null);
    } catch {
      // The connection is lost, which the event stream reports.
    } finally {
      this.#isReadingProgress = false;
    }
  }

  get #failing() {
    return [...this.accounts.values()].filter(account => account.failure !== null);
  }

  #showAccounts() {
    const accounts = [...this.accounts.values()];
    const named = (account, text) => accounts.length > 1 && text ? `Account ${account.userId}: ${text}` : text;
    const failing = this.#failing;
    const gaps = accounts.filter(account => account.lastGap).map(account => named(account, account.lastGap)).join(' ');
    if (failing.length > 0) {
      const whose = accounts.length > 1 ? `The jobs of ${failing.length} of ${accounts.length} accounts` : 'The jobs';
      this.#show('failing', `${whose} cannot be read. Retrying…`, failing.map(account => named(account, account.failure)).join(' '));
    } else if (!accounts.every(account => account.isComplete)) {
      this.#show('loading', 'Reading the list…');
    } else if (accounts.some(account => account.isPartial)) {
      this.#show('partial', 'Live, but the oldest unfinished jobs are no longer tracked', gaps);
    } else {
      this.#show('live', 'Live', gaps);
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
