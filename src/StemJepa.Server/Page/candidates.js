// Candidates at their place beside the mix, fetched once: the chosen one, and the next one before it is asked for.

import { post, sound } from './api.js';

const MOST = 6;

export class Candidates {
  constructor(player) {
    this.player = player;
    this.known = new Map();
  }

  /** Forgets all: the mix is another one. */
  clear() {
    for (const { abort } of this.known.values())
      abort.abort();
    this.known.clear();
  }

  /** Resolves to { fitted, plain, fit, audio, name } of a recording beside a mix. */
  prepare(mix, stem, recording) {
    const key = `${stem} ${recording.id}`;
    const before = this.known.get(key);
    if (before) {
      this.known.delete(key);
      this.known.set(key, before);
      return before.result;
    }
    const abort = new AbortController();
    const result = this.#load(mix, stem, recording, abort.signal);
    const entry = { abort, result };
    this.known.set(key, entry);
    result.catch(() => { if (this.known.get(key) === entry) this.known.delete(key); });
    for (const [old, { abort: stop }] of this.known) {
      if (this.known.size <= MOST)
        break;
      stop.abort();
      this.known.delete(old);
    }
    return result;
  }

  async #load(mix, stem, recording, signal) {
    const [fit, bytes] = await Promise.all([
      post('api/align', { mix: mix.id, candidate: recording.id, stem }, signal),
      sound(recording.audio, signal),
    ]);
    const buffer = await this.player.decode(bytes);
    signal.throwIfAborted();
    return {
      name: recording.name,
      audio: recording.audio,
      fit,
      fitted: this.player.place(buffer, fit.start),
      plain: this.player.place(buffer, 0),
    };
  }
}
