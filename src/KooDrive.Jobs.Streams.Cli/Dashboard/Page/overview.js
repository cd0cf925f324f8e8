// The overview: counts, the oldest running job, and the charts of the last hour with their table. The filters do not apply to it.

import { maxRetainedFinished } from './account.js';
import { drawDurations, drawOutcomes } from './chart.js';
import { element, setText } from './elements.js';
import { minutesOf } from './minutes.js';
import { kindOf, typeOf } from './names.js';
import { durationText, minuteText } from './times.js';

const part = id => document.getElementById(id);

export class Overview {
  #drawn = '';

  show(entries, now, isComplete) {
    const running = entries.filter(({ job }) => kindOf(job) === 'running');
    const minutes = minutesOf(entries, now);
    setText(part('running-count'), running.length.toLocaleString());
    setText(part('failed-count'), minutes.reduce((sum, minute) => sum + minute.failed, 0).toLocaleString());
    this.#showOldest(running, now, isComplete);
    this.#showIncomplete(entries, minutes[0].start);

    const data = JSON.stringify(minutes);
    if (this.#drawn !== data) {
      this.#drawn = data;
      part('outcomes').querySelector('.plot').replaceChildren(...drawOutcomes(minutes));
      part('durations').querySelector('.plot').replaceChildren(...drawDurations(minutes));
      part('chart-data').tBodies[0].replaceChildren(...rows(minutes));
    }
  }

  #showOldest(running, now, isComplete) {
    const dated = running.filter(({ sortTime }) => sortTime > 0);
    const oldest = dated.reduce((first, entry) => first === null || entry.sortTime < first.sortTime ? entry : first, null);
    setText(part('oldest-age'), oldest ? durationText((now - oldest.sortTime) / 1000) : running.length > 0 ? 'Unknown' : isComplete ? 'None' : '–');
    part('oldest-job').replaceChildren(...oldest ? [element('span', oldest.job.taskId), ', ', element('span', typeOf(oldest.job))] : []);
  }

  // The server and the page retain the newest finished jobs only.
  #showIncomplete(entries, start) {
    const byAccount = Map.groupBy(entries.filter(({ endedAt }) => !isNaN(endedAt)), ({ userId }) => userId);
    const isIncomplete = [...byAccount.values()].some(
      finished => finished.length >= maxRetainedFinished && finished.every(({ endedAt }) => endedAt >= start));
    part('incomplete').hidden = !isIncomplete;
    setText(part('incomplete'), isIncomplete ? `Contains only the newest ${maxRetainedFinished.toLocaleString()} finished jobs of an account.` : '');
  }
}

function rows(minutes) {
  return minutes.filter(minute => minute.finished + minute.failed > 0).reverse().map(minute => {
    const row = element('tr');
    const name = element('th', minuteText(new Date(minute.start)));
    name.scope = 'row';
    const { durations } = minute;
    row.append(
      name,
      element('td', `${minute.finished}`),
      element('td', `${minute.failed}`),
      element('td', durations ? durationText(durations.median) : 'Unknown'),
      element('td', durations ? durationText(durations.longest) : 'Unknown'));
    return row;
  });
}
