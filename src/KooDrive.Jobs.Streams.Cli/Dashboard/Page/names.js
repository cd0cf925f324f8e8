// The names of the API's codes. An unknown code is shown as a number.

const types = {
  1: 'Copy', 2: 'Deletion', 3: 'Move', 4: 'Restoration', 5: 'Decompression', 6: 'Package download', 7: 'Recycle bin clearance',
};
const actions = { 202: 'permanent', 501: 'preview', 502: 'full', 503: 'partial' };
const statuses = { 0: 'Pending', 1: 'Processing', 2: 'Completed', 3: 'Canceled' };
const results = { 1: 'All succeeded', 2: 'Some failed', 3: 'All failed' };

export const typeChoices = Object.entries(types);
export const statusChoices = Object.entries(statuses);

export function typeOf(job) {
  const type = named(types, job.taskType, 'Unknown type');
  const action = actions[job.actionType];
  return action ? `${type}, ${action}` : type;
}

export const statusOf = job => named(statuses, job.status, 'Unknown status');

export function resultOf(job) {
  if (job.status !== 2 || job.taskResultCode === undefined) {
    return statusOf(job);
  }

  const result = named(results, job.taskResultCode, '');
  return job.resultCode === undefined ? result : `${result} (code ${job.resultCode})`;
}

// The color, which repeats what the text states.
export function toneOf(job) {
  if (job.status === 1) return 'active';
  if (job.status !== 2) return 'quiet';
  return { 1: 'good', 2: 'partly', 3: 'bad' }[job.taskResultCode] ?? 'quiet';
}

export function kindOf(job) {
  if (job.status !== 2 && job.status !== 3) return 'running';
  return job.status === 2 && job.taskResultCode > 1 ? 'failed' : 'finished';
}

const named = (names, number, none) => number === undefined ? none : names[number] ?? `${number}`;
