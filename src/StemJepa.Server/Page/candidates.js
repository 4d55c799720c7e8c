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

  /** How many are ready. */
  get ready() {
    return [...this.known.values()].filter(({ isReady }) => isReady).length;
  }

  /** Ends what is still being fetched, except of these recordings. */
  stopOthers(recordings) {
    const kept = new Set(recordings.map(recording => recording?.id));
    for (const [key, { abort, isReady }] of this.known) {
      if (!isReady && !kept.has(key.split(' ')[1])) {
        abort.abort();
        this.known.delete(key);
      }
    }
  }

  /** Resolves to { recording, fitted, plain, fit, audio, name } of a recording beside a mix. */
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
    const entry = { abort, result, isReady: false };
    this.known.set(key, entry);
    result.then(() => { entry.isReady = true; }, () => { if (this.known.get(key) === entry) this.known.delete(key); });
    for (const [old, { abort: stop }] of this.known) {
      if (this.known.size <= MOST)
        break;
      stop.abort();
      this.known.delete(old);
    }
    return result;
  }

  async #load(mix, stem, recording, signal) {
    const fit = await post('api/fit', { mix: mix.id, candidate: recording.id, stem }, signal);
    // Some formats, such as AIFF, are played by no browser; then only the fitted sound, always WAV, can be heard.
    const [fitted, plain] = await Promise.all([
      sound(fit.sound.audio, signal).then(bytes => this.player.decode(bytes)),
      sound(recording.audio, signal).then(bytes => this.player.decode(bytes)).catch(() => null),
    ]);
    signal.throwIfAborted();
    return {
      recording,
      name: fit.sound.name,
      audio: fit.sound.audio,
      fit,
      fitted: this.player.place(fitted, fit.start, fit.period),
      plain: plain && this.player.place(plain, 0),
    };
  }
}
