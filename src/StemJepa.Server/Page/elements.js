// The elements of the page by their ids, and what the user has set.

export const $ = id => document.getElementById(id);

export function say(id, text, isBad = false) {
  $(id).textContent = text;
  $(id).classList.toggle('bad', isBad);
}

/** The stem that is looked for. */
export const stem = () => document.querySelector('input[name=stem]:checked').value;

export function setStem(name) {
  for (const input of document.querySelectorAll('input[name=stem]'))
    input.checked = input.value === name;
}

/** Whether the best results are to be fitted, and ordered by how well they fit then. */
export const isJudged = () => $('filters').elements.fit.value !== '';

/** The filters as fields of a search. */
export function filters() {
  const fields = {};
  for (const [name, value] of new FormData($('filters'))) {
    if (value !== '')
      fields[name] = value === 'on' ? true : name.endsWith('_seconds') || name === 'fit' ? Number(value) : value;
  }
  return fields;
}
