// The names of the API's codes. An unknown code is shown as a number.
// The words are those of the names in JSON and in the tables of the command.

const types = {
  1: 'Batch replication', 2: 'Batch deletion', 3: 'Batch relocation', 4: 'Batch restoration', 5: 'Cloud decompression', 6: 'Package download',
  7: 'Recycle bin clearance',
};
const actions = { 202: 'permanent deletion', 501: 'package preview', 502: 'full decompression', 503: 'partial decompression' };
const statuses = { 0: 'Pending', 1: 'Processing', 2: 'Completed', 3: 'Canceled' };
const results = { 1: 'All succeeded', 2: 'Partially failed', 3: 'All failed' };

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
