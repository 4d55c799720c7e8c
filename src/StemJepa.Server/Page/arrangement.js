// The mix that was given and the recordings that were accepted into it, any of which can be taken out again.

import { upload } from './api.js';
import { $ } from './elements.js';
import { encodeWav } from './wav.js';

const ORDER = ['drums', 'bass', 'other', 'vocals'];

export class Arrangement {
  /** @param player Renders it. @param taken Called with the number of a part whose button is pressed. */
  constructor(player, taken) {
    this.player = player;
    this.parts = [];
    this.given = null;
    /** By what the sum is made quieter, so that it does not clip. */
    this.scale = 1;
    $('parts').addEventListener('click', event => {
      const button = event.target.closest('button');
      if (button)
        taken(Number(button.dataset.part));
    });
  }

  /** Begins with a mix: { id, name, audio, buffer }. */
  begin(mix) {
    this.given = mix;
    this.parts = [];
    this.scale = 1;
  }

  /** Adds a part, { stem, name, buffer } as it lies beside the mix, at its level beside the mix; resolves to the new mix. */
  with(part, level) {
    return this.#render([...this.parts, { ...part, level: level / this.scale }], this.scale);
  }

  /** Takes a part out; resolves to the new mix. */
  without(index) {
    return this.#render(this.parts.filter((_, i) => i !== index), 1);
  }

  /** The first stem that no part is. */
  next(otherwise) {
    const taken = new Set(this.parts.map(part => part.stem));
    return ORDER.find(name => !taken.has(name)) ?? otherwise;
  }

  show(mix) {
    $('arrangement').hidden = this.parts.length === 0;
    $('parts').replaceChildren(...this.parts.map((part, i) => {
      const item = document.createElement('li'), text = document.createElement('span'), button = document.createElement('button');
      text.textContent = `${part.stem}: ${part.name}`;
      button.type = 'button';
      button.dataset.part = i;
      button.textContent = 'Remove';
      button.ariaLabel = `Remove ${text.textContent}`;
      item.append(text, ' ', button);
      return item;
    }));
    $('download-mix').href = mix.audio;
    $('download-mix').download = mix.name;
  }

  async #render(parts, scale) {
    const given = this.given;
    let mix = given;
    if (parts.length > 0) {
      const layers = [[given.buffer, scale], ...parts.map(part => [part.buffer, scale * part.level])];
      const { buffer, peak } = await this.player.render(layers);
      scale /= Math.max(1, peak);
      const kept = await upload(encodeWav(buffer), given.name.replace(/\.[^.]*$/, '') + '.wav');
      mix = { ...kept, buffer };
    }
    // Another mix may have been given meanwhile.
    if (this.given !== given)
      return null;
    this.parts = parts;
    this.scale = scale;
    return mix;
  }
}
