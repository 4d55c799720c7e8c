// A canvas with the mix above, the candidate below, and the position.

export class Waveform {
  constructor(canvas) {
    this.canvas = canvas;
    this.lanes = [];
    this.position = 0;
    this.duration = 0;
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  /** Shows buffers of the same length, with the names of their colours. */
  show(lanes, duration) {
    this.lanes = lanes.filter(lane => lane.buffer);
    this.duration = duration;
    this.#resize();
  }

  move(position) {
    this.position = position;
    this.draw();
  }

  #resize() {
    const scale = devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(this.canvas.clientWidth * scale));
    this.canvas.height = Math.max(1, Math.round(this.canvas.clientHeight * scale));
    this.peaks = this.lanes.map(lane => peaksOf(lane.buffer, this.canvas.width));
    this.draw();
  }

  draw() {
    const { width, height } = this.canvas, context = this.canvas.getContext('2d'), style = getComputedStyle(this.canvas);
    context.clearRect(0, 0, width, height);
    const laneHeight = height / Math.max(1, this.lanes.length);
    this.lanes.forEach((lane, index) => {
      const peaks = this.peaks[index], middle = laneHeight * (index + 0.5), loudest = Math.max(0.05, ...peaks);
      context.fillStyle = style.getPropertyValue(lane.colour);
      for (let x = 0; x < width; x++) {
        const size = Math.max(1, peaks[x] / loudest * (laneHeight - 6));
        context.fillRect(x, middle - size / 2, 1, size);
      }
    });
    if (this.duration > 0) {
      context.fillStyle = style.getPropertyValue('--accent');
      context.fillRect(Math.round(this.position / this.duration * width), 0, Math.max(2, devicePixelRatio), height);
    }
  }
}

function peaksOf(buffer, columns) {
  const peaks = new Float32Array(columns), step = buffer.length / columns;
  for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
    const data = buffer.getChannelData(channel);
    for (let x = 0; x < columns; x++) {
      const end = Math.min(data.length, Math.ceil((x + 1) * step));
      for (let i = Math.floor(x * step), stride = Math.max(1, Math.floor(step / 400)); i < end; i += stride)
        peaks[x] = Math.max(peaks[x], Math.abs(data[i]));
    }
  }
  return peaks;
}
