// Adds a folder of the server's machine to the library.

import { get, post, remove } from './api.js';

const $ = id => document.getElementById(id);

/** Shows the form of a server that indexes folders. @param finished Called when a folder is done. */
export async function startIndexing(finished) {
  $('indexing').hidden = false;
  $('index-form').addEventListener('submit', async event => {
    event.preventDefault();
    try {
      await post('api/index', { folder: $('folder').value });
      await follow(finished);
    } catch (error) {
      $('index-status').textContent = error.message;
    }
  });
  $('index-cancel').addEventListener('click', () => remove('api/index'));
  if ((await get('api/index')).state === 'running')
    await follow(finished);
}

async function follow(finished) {
  running(true);
  let state;
  do {
    await new Promise(resolve => setTimeout(resolve, 400));
    state = await get('api/index');
    $('index-progress').max = Math.max(1, state.total);
    $('index-progress').value = state.done;
    $('index-status').textContent = `${state.done} of ${state.total} recordings in ${state.folder}`;
  } while (state.state === 'running');
  running(false);
  const { report } = state;
  $('index-status').textContent = state.state === 'done'
    ? [`${report.indexed} indexed, ${report.unchanged} unchanged, ${report.skipped.length} skipped.`,
      ...report.skipped.slice(0, 3).map(file => file.error)].join(' ')
    : state.error ?? 'Cancelled; what was done is kept.';
  await finished();
}

function running(isRunning) {
  $('index-start').disabled = isRunning;
  $('index-cancel').hidden = !isRunning;
  $('index-progress').hidden = !isRunning;
}
