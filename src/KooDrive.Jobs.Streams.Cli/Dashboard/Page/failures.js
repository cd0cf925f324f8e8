// The failed jobs since the page was last viewed, for its title.

export class UnseenFailures {
  #seen = new Set();
  #isViewed = true;

  constructor(changed) {
    const update = () => {
      this.#isViewed = !document.hidden && document.hasFocus();
      changed();
    };
    document.addEventListener('visibilitychange', update);
    window.addEventListener('focus', update);
    window.addEventListener('blur', update);
    this.#isViewed = !document.hidden && document.hasFocus();
  }

  // Returns the number of failed jobs that were not on the page when it was last viewed.
  count(failed) {
    if (this.#isViewed || this.#isFirst) {
      this.#isFirst = false;
      this.#seen = new Set(failed.map(({ key }) => key));
      return 0;
    }

    return failed.filter(({ key }) => !this.#seen.has(key)).length;
  }

  // The failures from before the page was opened are not new.
  #isFirst = true;
}
