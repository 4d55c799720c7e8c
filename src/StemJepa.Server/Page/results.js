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

  /**
   * Shows recordings.
   * @param mayKeep Whether the chosen one stays chosen where they are the same in the same order, with more known of them.
   * @returns Whether it did.
   */
  show(items, mayKeep) {
    const isSame = mayKeep && items.length === this.items.length
      && items.every((item, i) => item.recording.id === this.items[i].recording.id);
    const index = isSame ? this.index : -1;
    this.items = items;
    this.index = index;
    this.list.replaceChildren(...items.map((item, i) => option(item, i, i === index)));
    if (index < 0)
      this.list.removeAttribute('aria-activedescendant');
    return isSame;
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

function option(match, index, isChosen) {
  const { affinity, recording, percentile } = match;
  const element = document.createElement('div');
  element.className = 'option';
  element.role = 'option';
  element.id = `result-${index}`;
  element.dataset.index = index;
  element.ariaSelected = String(isChosen);
  const name = part('name', recording.name);
  const folder = document.createElement('small');
  folder.textContent = [recording.stem, folderOf(recording.path)].filter(Boolean).join(' · ');
  name.append(folder);
  const fitness = part('fitness number', '');
  const meter = document.createElement('meter');
  meter.min = 0;
  meter.max = 1;
  meter.value = Math.max(0, percentile ?? affinity);
  meter.ariaHidden = 'true';
  fitness.append(meter, hidden('fit'), ` ${affinity.toFixed(3)}`);
  if (percentile != null) {
    const better = document.createElement('small');
    better.textContent = `better than ${Math.floor(100 * percentile)} %`;
    fitness.append(' ', better);
  }
  if (match.fit) {
    const fitted = document.createElement('small');
    fitted.textContent = `fitted: score ${match.fit.score.toFixed(1)}`;
    fitness.append(' ', fitted);
  }
  element.append(name, fitness, part('key', recording.key ?? '–'),
    part('tempo number', recording.tempo ? `${recording.tempo.toFixed(1)} BPM` : '–'),
    part('length number', recording.seconds == null ? '–' : lengthOf(recording.seconds)), part('why', whyOf(match)));
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

/** How key, tempo and, once it is fitted, rhythm relate to the mix's, in a few words. */
function whyOf({ key_relation: key, key_semitones: semitones, tempo_relation: tempo, tempo_ratio: ratio, fit }) {
  const words = [];
  if (key)
    words.push(semitones === 0 ? `${key} key` : `${key} key (${semitones > 0 ? '+' : '−'}${Math.abs(semitones)})`);
  if (tempo)
    words.push(Math.abs(ratio - 1) < 0.005 ? `${tempo} tempo` : `${tempo} tempo (× ${ratio.toFixed(2)})`);
  if (fit)
    words.push(rhythmOf(fit));
  return words.join(', ');
}

function rhythmOf({ rhythm, rhythm_relation: relation }) {
  return `${relation} rhythm (${rhythm.toFixed(2)})`;
}

function folderOf(path) {
  return path?.split(/[\\/]/).slice(-3, -1).join('/') ?? '';
}

export function lengthOf(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, '0')}` : `${seconds.toFixed(1)} s`;
}

/** How a candidate was fitted, in a sentence. */
export function placeOf(fit) {
  const { tempo_ratio: ratio, semitones, loop, start, affinity, affinity_before: before, warnings } = fit;
  const faster = 100 * (ratio - 1), count = Math.abs(semitones);
  const words = [
    Math.abs(faster) < 0.05 ? 'tempo as it is' : `${Math.abs(faster).toFixed(1)} % ${faster > 0 ? 'faster' : 'slower'}`,
    semitones === 0 ? 'pitch as it is' : `${count} semitone${count === 1 ? '' : 's'} ${semitones > 0 ? 'up' : 'down'}`,
    loop ? 'repeats' : `begins ${Math.abs(start).toFixed(2)} s ${start < 0 ? 'before the mix' : 'into the mix'}`,
    rhythmOf(fit),
  ];
  return [`Fitted: ${words.join(', ')}. Affinity in time ${affinity.toFixed(3)}, as it is ${before.toFixed(3)}.`, ...warnings].join(' ');
}
