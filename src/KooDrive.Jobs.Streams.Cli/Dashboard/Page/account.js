// The current jobs of one account, assembled from the events of its watch.

import { kindOf } from './names.js';

// The page retains this many finished jobs of an account, so that its memory stays limited.
export const maxRetainedFinished = 1000;

let lastOrder = 0;

export class Account {
  // By task id: { key, userId, job, order, isChange, sortTime, endedAt }. A larger order means that the job appeared or finished later.
  jobs = new Map();
  lastPoll = null;

  // Whether an initial snapshot has been complete.
  isSynced = false;

  // Whether the current connection has delivered a snapshot or a failure.
  isSettled = false;
  isPartial = false;
  failure = null;
  lastGap = '';

  // The jobs that finished since the last completed poll.
  justFinished = [];

  #building = new Map();
  #isBuilding = true;

  constructor(userId) {
    this.userId = userId;
  }

  apply(event) {
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
        this.#skip(event);
        break;
      case 'pollFailed':
        this.failure = event.error;
        this.isSettled = true;
        break;
      case 'pollCompleted':
        this.lastPoll = event;
        this.failure = null;
        break;
    }
  }

  // A new subscription starts with a snapshot, or with a failure.
  restart() {
    this.failure = null;
    this.isSettled = false;
    this.#startSnapshot();
  }

  get isComplete() {
    return this.isSynced && !this.#isBuilding;
  }

  updateProgress(jobs) {
    for (const job of jobs) {
      const current = this.jobs.get(job.taskId);
      if (current?.job.status === job.status && current.job.progress !== job.progress) {
        this.jobs.set(job.taskId, { ...current, job });
      }
    }
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
    this.isSettled = true;
    this.#evictFinished();
  }

  #change(event) {
    const job = event.current;
    const before = this.jobs.get(job.taskId)?.job;
    const isFinished = kindOf(job) !== 'running';
    const hasFinished = isFinished && (before === undefined || kindOf(before) === 'running');
    this.#set(this.jobs, job, true, event.observedAt);
    if (hasFinished) {
      this.justFinished.push(job);
      this.#evictFinished();
    }
  }

  #skip(event) {
    if (event.reason === 'slowSubscriber') {
      // The server sends a new snapshot.
      this.#startSnapshot();
    }

    this.isPartial ||= event.reason === 'tooManyUnfinished';
    const message = event.reason === 'slowSubscriber' ? 'The page was too slow and reads the jobs again.' : event.message;
    this.lastGap = `${new Date(event.observedAt).toLocaleTimeString()}: ${message}`;
  }

  // A finished job without a time of its end ended when the change was observed.
  #set(jobs, job, isChange, observedAt) {
    const current = jobs.get(job.taskId);
    const order = current && kindOf(current.job) === kindOf(job) ? current.order : ++lastOrder;
    const isRunning = kindOf(job) === 'running';
    jobs.set(job.taskId, {
      key: `${this.userId}\n${job.taskId}`,
      userId: this.userId,
      job,
      order,
      isChange,
      sortTime: Date.parse(isRunning ? job.createTime : job.endTime ?? job.createTime) || 0,
      endedAt: isRunning ? NaN : Date.parse(job.endTime ?? observedAt),
    });
  }

  #evictFinished() {
    const finished = [...this.jobs.values()].filter(({ job }) => kindOf(job) !== 'running');
    if (finished.length > 1.2 * maxRetainedFinished) {
      finished.sort((one, other) => other.order - one.order);
      finished.slice(maxRetainedFinished).forEach(({ job }) => this.jobs.delete(job.taskId));
    }
  }
}
