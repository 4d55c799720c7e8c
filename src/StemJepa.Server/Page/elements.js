// The elements of the page by their ids, and what the user has set.

export const $ = id => document.getElementById(id);

export function say(id, text, isBad = false) {
  $(id).textContent = text;
  $(id).classList.toggle('bad', isBad);
}

/** The stem that is looked for. */
export const stem = () => $('instrument').value || document.querySelector('input[name=stem]:checked').value;

/** Sets it to a role, or to an instrument: then no role is checked. */
export function setStem(name) {
  for (const input of roles())
    input.checked = input.value === name;
  $('instrument').value = roles().some(input => input.checked) ? '' : name;
}

const roles = () => [...document.querySelectorAll('input[name=stem]')];

/** Offers the stems that the model knows beyond the roles. */
export function offerStems(names) {
  const more = names.filter(name => !roles().some(input => input.value === name));
  $('instrument').append(...more.map(name => new Option(name.replaceAll('-', ' '), name)));
  $('instrument').parentElement.hidden = more.length === 0;
}

/** Whether the best results are to be fitted, and ordered by how well they fit then. */
export const isJudged = () => $('filters').elements.fit.value !== '';

/** The filters as fields of a search. */
export function filters() {
  // Names of files seldom tell which instrument they are.
  const fields = $('instrument').value ? { any_stem: true } : {};
  for (const [name, value] of new FormData($('filters'))) {
    if (value !== '')
      fields[name] = value === 'on' ? true : name.endsWith('_seconds') || name === 'fit' ? Number(value) : value;
  }
  return fields;
}
