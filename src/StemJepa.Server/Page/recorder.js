/** Records from the microphone until stop() is called. */
export class Recorder {
  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    this.chunks = [];
    this.recorder = new MediaRecorder(this.stream);
    this.recorder.addEventListener('dataavailable', event => this.chunks.push(event.data));
    this.recorder.start();
  }

  /** Resolves to the recording, in the browser's own format. */
  stop() {
    return new Promise(resolve => {
      this.recorder.addEventListener('stop', () => {
        this.stream.getTracks().forEach(track => track.stop());
        resolve(new Blob(this.chunks, { type: this.recorder.mimeType }));
      }, { once: true });
      this.recorder.stop();
    });
  }
}
