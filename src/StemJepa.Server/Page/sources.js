// Where a mix comes from: a file that is chosen or dropped, or the microphone.

import { $, say } from './elements.js';
import { Recorder } from './recorder.js';
import { encodeWav } from './wav.js';

/** @param open Called with each recording and its name. @param decode Resolves bytes to a buffer. */
export function watchSources(open, decode) {
  let recorder = null;
  $('file').addEventListener('change', event => {
    const [file] = event.target.files;
    event.target.value = '';
    if (file)
      open(file, file.name);
  });
  addEventListener('dragover', event => {
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  addEventListener('dragleave', event => {
    if (!event.relatedTarget)
      document.body.classList.remove('dropping');
  });
  addEventListener('drop', event => {
    event.preventDefault();
    document.body.classList.remove('dropping');
    const [file] = event.dataTransfer.files;
    if (file)
      open(file, file.name);
  });
  $('record').addEventListener('click', async () => {
    const button = $('record');
    if (recorder) {
      const recorded = await recorder.stop();
      recorder = null;
      button.setAttribute('aria-pressed', 'false');
      button.textContent = 'Record';
      const buffer = await decode(await recorded.arrayBuffer());
      await open(encodeWav(buffer), 'recording.wav');
      return;
    }
    const started = new Recorder();
    try {
      await started.start();
      recorder = started;
      button.setAttribute('aria-pressed', 'true');
      button.textContent = 'Stop recording';
      say('mix-facts', 'Recording from the microphone …');
    } catch (error) {
      say('mix-facts', `The microphone cannot be used (${error.message}); choose a file.`, true);
    }
  });
}
