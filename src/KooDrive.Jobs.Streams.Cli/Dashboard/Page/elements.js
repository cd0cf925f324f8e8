// Creates and changes elements. Data from the server is inserted as text, never as markup.

export function element(name, text, className) {
  const created = document.createElement(name);
  if (text !== undefined) created.textContent = text;
  if (className) created.className = className;
  return created;
}

// A screen reader announces each change of a live text, so an equal text is not set again.
export function setText(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}
