// The filters, which are also in the address of the page.

import { statusChoices, typeChoices } from './names.js';

const names = ['account', 'type', 'status'];

export class Filters {
  #selects = Object.fromEntries(names.map(name => [name, document.getElementById(name)]));
  #accountLabel = this.#selects.account.parentElement;
  #changed;

  // The account of the address, until the accounts are known.
  #wantedAccount = '';
  #userIds = '';

  constructor(changed) {
    this.#changed = changed;
    append(this.#selects.type, typeChoices);
    append(this.#selects.status, statusChoices);
    const address = new URLSearchParams(location.search);
    this.#wantedAccount = address.get('account') ?? '';
    choose(this.#selects.type, address.get('type') ?? '');
    choose(this.#selects.status, address.get('status') ?? '');
    for (const select of Object.values(this.#selects)) {
      select.addEventListener('change', () => this.#apply());
    }

    document.getElementById('clear').addEventListener('click', () => this.clear());
  }

  get isActive() {
    return names.some(name => this.#selects[name].value !== '');
  }

  matches({ userId, job }) {
    const { account, type, status } = this.#selects;
    return isChosen(account, userId) && isChosen(type, job.taskType) && isChosen(status, job.status);
  }

  // There is no choice of accounts when there is one only.
  setAccounts(userIds) {
    if (this.#userIds === userIds.join('\n')) {
      return;
    }

    const select = this.#selects.account;
    const wanted = select.value || this.#wantedAccount;
    this.#userIds = userIds.join('\n');
    select.length = 1;
    if (userIds.length > 1) {
      append(select, userIds.map(userId => [userId, userId]));
    }

    choose(select, wanted);
    this.#wantedAccount = '';
    this.#accountLabel.hidden = userIds.length < 2;
  }

  clear() {
    for (const select of Object.values(this.#selects)) {
      select.value = '';
    }

    this.#wantedAccount = '';
    this.#selects.type.focus();
    this.#apply();
  }

  #apply() {
    const chosen = names.map(name => [name, this.#selects[name].value || (name === 'account' ? this.#wantedAccount : '')]);
    const address = new URLSearchParams(chosen.filter(([, value]) => value !== ''));
    history.replaceState(null, '', `${location.pathname}${address.size > 0 ? `?${address}` : ''}`);
    this.#changed();
  }
}

const append = (select, entries) => select.append(...entries.map(([value, text]) => new Option(text, value)));

const isChosen = (select, value) => select.value === '' || select.value === `${value}`;

// A value that is not in the list chooses everything.
function choose(select, value) {
  select.value = [...select.options].some(option => option.value === value) ? value : '';
}
