// The mix and one candidate, looped in sync: both are buffers of the same length, so that their loops cannot drift apart.

export class Player {
  constructor() {
    this.context = new AudioContext();
    this.output = this.context.createAnalyser();
    this.output.fftSize = 2048;
    this.output.connect(this.context.destination);
    this.mixGain = this.#gain();
    this.candidateGain = this.#gain();
    this.mix = null;
    this.candidate = null;
    this.playing = false;
    this.startedAt = 0;
    this.offset = 0;
    this.solo = false;
    this.decibels = 0;
  }

  #gain() {
    const node = this.context.createGain();
    node.connect(this.output);
    return node;
  }

  decode(bytes) {
    return this.context.decodeAudioData(bytes);
  }

  get duration() {
    return this.mix?.duration ?? 0;
  }

  /** Seconds from the start of the mix. */
  get position() {
    if (!this.mix)
      return 0;
    const position = this.playing ? this.offset + this.context.currentTime - this.startedAt : this.offset;
    return ((position % this.duration) + this.duration) % this.duration;
  }

  setMix(buffer) {
    const wasPlaying = this.playing;
    this.pause();
    this.mix = buffer;
    this.candidate = null;
    this.offset = 0;
    return wasPlaying;
  }

  /** Puts a candidate, made by place(), beside the mix; null for none. Goes on where it is. */
  setCandidate(buffer) {
    this.candidate = buffer;
    if (this.playing)
      this.#restart(this.position);
  }

  async play() {
    if (!this.mix || this.playing)
      return;
    await this.context.resume();
    this.#restart(this.offset);
  }

  pause() {
    const position = this.position;
    this.#stop();
    this.playing = false;
    this.offset = position;
  }

  seek(seconds) {
    if (this.playing)
      this.#restart(seconds);
    else
      this.offset = seconds;
  }

  setSolo(solo) {
    this.solo = solo;
    this.#levels();
  }

  setGain(decibels) {
    this.decibels = decibels;
    this.#levels();
  }

  #levels() {
    const now = this.context.currentTime;
    this.mixGain.gain.setTargetAtTime(this.solo && this.candidate ? 0 : 1, now, 0.01);
    this.candidateGain.gain.setTargetAtTime(10 ** (this.decibels / 20), now, 0.01);
  }

  #stop() {
    for (const source of this.sources ?? []) {
      source.stop();
      source.disconnect();
    }
    this.sources = [];
  }

  #restart(offset) {
    this.#stop();
    // A little ahead, so that both begin with the same sample.
    const when = this.context.currentTime + 0.02;
    this.sources = [[this.mix, this.mixGain], [this.candidate, this.candidateGain]].filter(([buffer]) => buffer).map(([buffer, gain]) => {
      const source = this.context.createBufferSource();
      source.buffer = buffer;
      source.loop = true;
      source.loopEnd = this.duration;
      source.connect(gain);
      source.start(when, offset % this.duration);
      return source;
    });
    this.startedAt = when;
    this.offset = offset;
    this.playing = true;
    this.#levels();
  }

  /** A buffer as long as the mix, with a recording at its place; a loop of this period in seconds repeats from there to both ends. */
  place(buffer, start, period = null) {
    const rate = this.mix.sampleRate, length = this.mix.length;
    const placed = this.context.createBuffer(Math.max(1, buffer.numberOfChannels), length, rate);
    const starts = [];
    if (period) {
      for (let at = start - Math.ceil(Math.max(0, start) / period) * period; at * rate < length; at += period)
        starts.push(Math.round(at * rate));
    } else {
      starts.push(Math.round(start * rate));
    }
    for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
      const from = buffer.getChannelData(channel), to = placed.getChannelData(channel);
      for (const at of starts) {
        const begin = Math.max(0, at), end = Math.min(length, at + buffer.length);
        if (end > begin)
          to.set(from.subarray(begin - at, end - at), begin);
      }
    }
    return placed;
  }

  /** The sum of [buffer, level] pairs, as long as the mix, and quieter where it would clip; resolves to it and its peak before that. */
  async render(layers) {
    const channels = Math.max(2, this.mix.numberOfChannels);
    const offline = new OfflineAudioContext(channels, this.mix.length, this.mix.sampleRate);
    for (const [buffer, level] of layers) {
      const source = offline.createBufferSource(), gain = offline.createGain();
      source.buffer = buffer;
      gain.gain.value = level;
      source.connect(gain).connect(offline.destination);
      source.start();
    }
    const buffer = await offline.startRendering();
    let peak = 0;
    for (let channel = 0; channel < channels; channel++)
      buffer.getChannelData(channel).forEach(sample => { peak = Math.max(peak, Math.abs(sample)); });
    for (let channel = 0; peak > 1 && channel < channels; channel++)
      buffer.getChannelData(channel).forEach((sample, i, all) => { all[i] = sample / peak; });
    return { buffer, peak };
  }
}
