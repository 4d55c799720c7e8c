// The list of results: a listbox with one option for each, whose texts are all set as text.

export class Results {
  /** @param list The element. @param chosen Called with the index of an option that is chosen. */
  constructor(list, chosen) {
    this.list = list;
    this.chosen = chosen;
    this.items = [];
    this.index = -1;
    list.addEventListener('click', event => {
      const option = event.target.closest('[role=option]');
      if (option)
        this.choose(Number(option.dataset.index));
    });
    list.addEventListener('keydown', event => {
      const to = { ArrowDown: this.index + 1, ArrowUp: this.index - 1, Home: 0, End: this.items.length - 1,
        PageDown: this.index + 10, PageUp: this.index - 10 }[event.key];
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey || this.items.length === 0)
        return;
      event.preventDefault();
      this.choose(Math.max(0, Math.min(this.items.length - 1, to)));
    });
  }

  get current() {
    return this.items[this.index] ?? null;
  }

  show(items) {
    this.items = items;
    this.index = -1;
    this.list.replaceChildren(...items.map((item, index) => option(item, index)));
    this.list.removeAttribute('aria-activedescendant');
  }

  choose(index) {
    if (!this.items[index])
      return;
    this.list.children[this.index]?.setAttribute('aria-selected', 'false');
    this.index = index;
    const chosen = this.list.children[index];
    chosen.setAttribute('aria-selected', 'true');
    this.list.setAttribute('aria-activedescendant', chosen.id);
    chosen.scrollIntoView({ block: 'nearest' });
    this.chosen(index);
  }
}

function option({ affinity, recording, better, why }, index) {
  const element = document.createElement('div');
  element.className = 'option';
  element.role = 'option';
  element.id = `result-${index}`;
  element.dataset.index = index;
  element.ariaSelected = 'false';
  const name = part('name', recording.name);
  const folder = document.createElement('small');
  folder.textContent = [recording.stem, folderOf(recording.path)].filter(Boolean).join(' · ');
  name.append(folder);
  const fitness = part('fitness number', '');
  const meter = document.createElement('meter');
  meter.min = 0;
  meter.max = 1;
  meter.value = Math.max(0, better ?? affinity);
  meter.ariaHidden = 'true';
  fitness.append(meter, hidden('fit'), ` ${affinity.toFixed(3)}`);
  if (better != null)
    fitness.title = `Fits better than ${Math.floor(100 * better)} % of them`;
  element.append(name, fitness, part('key', recording.key ?? '–'),
    part('tempo number', recording.tempo ? `${recording.tempo.toFixed(1)} BPM` : '–'),
    part('length number', recording.seconds == null ? '–' : lengthOf(recording.seconds)), part('why', why ?? ''));
  return element;
}

function part(name, text) {
  const element = document.createElement('span');
  element.className = name;
  element.textContent = text;
  return element;
}

function hidden(text) {
  return part('visually-hidden', text);
}

function folderOf(path) {
  return path?.split(/[\\/]/).slice(-3, -1).join('/') ?? '';
}

export function lengthOf(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, '0')}` : `${seconds.toFixed(1)} s`;
}
