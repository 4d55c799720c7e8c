import { get, onSignIn, post, ServerError, upload } from './api.js';
import { Candidates } from './candidates.js';
import { startIndexing } from './indexing.js';
import { Player } from './player.js';
import { Recorder } from './recorder.js';
import { lengthOf, Results } from './results.js';
import { encodeWav } from './wav.js';
import { Waveform } from './waveform.js';

const $ = id => document.getElementById(id);
const player = new Player();
const candidates = new Candidates(player);
const wave = new Waveform($('wave'));
const results = new Results($('results'), () => choose());
const parts = [];
let mix = null, search = null, chosen = null, fitted = true, recorder = null;

// For tests: what is heard, and since when.
window.stemjepa = { player, results, get mix() { return mix; }, get chosen() { return chosen; }, get ready() { return candidates.ready; } };

function say(id, text, isBad = false) {
  $(id).textContent = text;
  $(id).classList.toggle('bad', isBad);
}

const stem = () => document.querySelector('input[name=stem]:checked').value;

// The mix

async function open(blob, name) {
  search?.abort();
  performance.mark('mix-given');
  say('mix-facts', `Reading ${name} …`);
  try {
    const [buffer, kept] = await Promise.all([blob.arrayBuffer().then(bytes => player.decode(bytes)), upload(blob, name)]);
    parts.length = 0;
    await setMix(kept, buffer);
  } catch (error) {
    say('mix-facts', error instanceof ServerError ? error.message
      : `${name} cannot be played by this browser (${error.message}); save it as WAV, FLAC or MP3.`, true);
  }
}

async function setMix(kept, buffer) {
  candidates.clear();
  const goesOn = player.setMix(buffer);
  mix = { ...kept, buffer };
  chosen = null;
  $('wave-box').hidden = false;
  $('actions').hidden = true;
  showWave();
  showParts();
  say('mix-facts', `${mix.name}, ${lengthOf(buffer.duration)}`);
  if (goesOn)
    await player.play();
  showPlaying();
  await find();
  await describe();
  // Again, since it is known now how the mix relates to them.
  await find(true);
}

async function describe() {
  const described = mix;
  try {
    const analysis = await post('api/analyze', { recording: described.id });
    if (mix === described)
      say('mix-facts', `${mix.name}, ${lengthOf(mix.buffer.duration)}, ${analysis.key}, ${analysis.tempo.toFixed(1)} BPM`);
  } catch (error) {
    if (mix === described)
      say('mix-facts', `${mix.name}, ${lengthOf(mix.buffer.duration)}. ${error.message}`);
  }
}

// Finding

async function find(isQuiet = false) {
  if (!mix)
    return;
  search?.abort();
  search = new AbortController();
  const { signal } = search;
  const query = { mix: mix.id, stem: stem(), top: 50 };
  for (const [name, value] of new FormData($('filters'))) {
    if (value !== '')
      query[name] = value === 'on' ? true : name.endsWith('_seconds') ? Number(value) : value;
  }
  if (!isQuiet)
    say('status', 'Searching …');
  try {
    const found = await post('api/search', query, signal);
    const isSame = results.show(found.results, isQuiet);
    if (!isQuiet)
      performance.mark('results-shown');
    $('columns').hidden = found.results.length === 0;
    say('status', found.results.length === 0 ? 'Nothing in the library passes these filters.'
      : `${found.results.length} recordings, best first, for ${query.stem}.`);
    if (isSame)
      return;
    chosen = null;
    $('actions').hidden = true;
    player.setCandidate(null);
    showWave();
  } catch (error) {
    if (!signal.aborted)
      say('status', error.message, true);
  }
}

let soon = 0;
function findSoon() {
  clearTimeout(soon);
  soon = setTimeout(() => find(), 250);
}

// The candidate

async function choose() {
  const match = results.current;
  if (!match)
    return;
  $('actions').hidden = false;
  $('accept').disabled = true;
  $('download').removeAttribute('href');
  say('place', `Fitting ${match.recording.name} …`);
  const mine = mix, forStem = stem();
  // Objects are replaced when more is known of them.
  const isCurrent = () => mix === mine && results.current?.recording.id === match.recording.id;
  candidates.stopOthers([match.recording, results.items[results.index + 1]?.recording]);
  try {
    const ready = await candidates.prepare(mix, forStem, match.recording);
    if (!isCurrent())
      return;
    chosen = { ...ready, stem: forStem };
    $('accept').disabled = false;
    $('download').href = ready.audio;
    $('download').download = ready.name;
    hear();
    prefetch();
  } catch (error) {
    if (isCurrent())
      say('place', error.message, true);
  }
}

function prefetch() {
  const next = results.items[results.index + 1];
  if (next)
    candidates.prepare(mix, stem(), next.recording).catch(() => {});
}

function hear() {
  player.setCandidate(fitted ? chosen.fitted : chosen.plain);
  showWave();
  say('place', fitted ? placeOf(chosen.fit) : chosen.plain ? 'As it is, from the start of the mix.' : 'As it is: this browser does not play its format.');
}

function placeOf(fit) {
  const tempo = 100 * (fit.tempo_ratio - 1), words = [];
  words.push(Math.abs(tempo) < 0.05 ? 'tempo as it is' : `${Math.abs(tempo).toFixed(1)} % ${tempo > 0 ? 'faster' : 'slower'}`);
  words.push(fit.semitones === 0 ? 'pitch as it is' : `${Math.abs(fit.semitones)} semitone${Math.abs(fit.semitones) === 1 ? '' : 's'} ${fit.semitones > 0 ? 'up' : 'down'}`);
  words.push(fit.loop ? 'repeats' : `begins ${Math.abs(fit.start).toFixed(2)} s ${fit.start < 0 ? 'before the mix' : 'into the mix'}`);
  return `Fitted: ${words.join(', ')}. Affinity in time ${fit.affinity.toFixed(3)}, as it is ${fit.affinity_before.toFixed(3)}.`;
}

async function accept() {
  if (!chosen)
    return;
  $('accept').disabled = true;
  say('place', 'Adding it to the mix …');
  try {
    const part = { stem: chosen.stem, name: chosen.recording.name };
    const buffer = await player.render();
    const kept = await upload(encodeWav(buffer), mix.name.replace(/\.[^.]*$/, '') + '.wav');
    parts.push(part);
    document.querySelectorAll('input[name=stem]').forEach(input => {
      if (input.value === nextStem())
        input.checked = true;
    });
    $('results').focus();
    await setMix(kept, buffer);
  } catch (error) {
    say('place', error.message, true);
    $('accept').disabled = false;
  }
}

function nextStem() {
  const taken = new Set(parts.map(part => part.stem));
  return ['drums', 'bass', 'other', 'vocals'].find(name => !taken.has(name)) ?? stem();
}

function showParts() {
  $('arrangement').hidden = parts.length === 0;
  $('parts').replaceChildren(...parts.map(part => {
    const item = document.createElement('li');
    item.textContent = `${part.stem}: ${part.name}`;
    return item;
  }));
  $('download-mix').href = mix.audio;
  $('download-mix').download = mix.name;
}

// Playing

function showWave() {
  wave.show([{ buffer: player.mix, colour: '--mix' }, { buffer: player.candidate, colour: '--candidate' }], player.duration);
  $('wave').setAttribute('aria-valuemax', player.duration.toFixed(1));
}

function showPlaying() {
  $('play').textContent = player.playing ? 'Pause' : 'Play';
}

async function toggle() {
  if (player.playing)
    player.pause();
  else
    await player.play();
  showPlaying();
}

function tick() {
  if (player.mix) {
    const at = player.position, clock = `${Math.floor(at / 60)}:${(at % 60).toFixed(1).padStart(4, '0')}`;
    if ($('clock').textContent !== clock) {
      $('clock').textContent = clock;
      $('wave').setAttribute('aria-valuenow', at.toFixed(1));
      $('wave').setAttribute('aria-valuetext', `${at.toFixed(1)} seconds`);
    }
    wave.move(at);
  }
  requestAnimationFrame(tick);
}

function setFit(on) {
  fitted = on;
  $('fit').setAttribute('aria-pressed', fitted);
  if (chosen)
    hear();
}

function setSolo(on) {
  player.setSolo(on);
  $('solo').setAttribute('aria-pressed', on);
}

function setGain(decibels) {
  $('gain').value = decibels;
  const set = Number($('gain').value);
  player.setGain(set);
  $('gain-value').textContent = `${set > 0 ? '+' : ''}${set} dB`;
}

// What the user does

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
    const buffer = await player.decode(await recorded.arrayBuffer());
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
$('stems').addEventListener('change', () => find());
$('filters').addEventListener('input', findSoon);
$('filters').addEventListener('submit', event => { event.preventDefault(); find(); });
$('play').addEventListener('click', toggle);
$('fit').addEventListener('click', () => setFit(!fitted));
$('solo').addEventListener('click', () => setSolo(!player.solo));
$('gain').addEventListener('input', event => setGain(Number(event.target.value)));
$('accept').addEventListener('click', accept);
$('download').addEventListener('dragstart', event => {
  const link = $('download');
  if (link.href)
    event.dataTransfer.setData('DownloadURL', `audio/wav:${link.download.replaceAll(':', ' ')}:${link.href}`);
});
$('wave').addEventListener('pointerdown', event => {
  const box = $('wave').getBoundingClientRect();
  player.seek(Math.max(0, Math.min(0.999, (event.clientX - box.left) / box.width)) * player.duration);
});
$('wave').addEventListener('keydown', event => {
  const to = { ArrowLeft: player.position - 1, ArrowRight: player.position + 1, Home: 0, End: player.duration - 0.01 }[event.key];
  if (to === undefined)
    return;
  event.preventDefault();
  player.seek((to + player.duration) % player.duration);
});
addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input:not([type=radio]):not([type=range]), select, dialog, summary'))
    return;
  if (event.key === ' ' && !event.target.closest('button, a')) {
    event.preventDefault();
    toggle();
    return;
  }
  // Single letters only within the results, so that they surprise nobody elsewhere.
  if (!event.target.closest('#results'))
    return;
  const action = { f: () => setFit(!fitted), s: () => setSolo(!player.solo), a: accept, Enter: accept, d: () => $('download').click(),
    '+': () => setGain(player.decibels + 1), '-': () => setGain(player.decibels - 1) }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});

// The server

let signingIn = null;
onSignIn(() => signingIn ??= new Promise(resolve => {
  $('sign-in').showModal();
  $('sign-in').addEventListener('cancel', event => event.preventDefault());
  $('sign-in-form').addEventListener('submit', async event => {
    event.preventDefault();
    try {
      await post('session', { token: $('token').value });
      $('sign-in').close();
      signingIn = null;
      resolve();
    } catch (error) {
      $('sign-in-error').textContent = error.message;
    }
  });
}));

export async function showLibrary() {
  try {
    const { recordings } = await get('api/catalog');
    say('library', recordings === 1 ? '1 recording in the library' : `${recordings} recordings in the library`);
  } catch (error) {
    say('library', error.message, true);
  }
}

tick();
await showLibrary();
startIndexing(async () => {
  await showLibrary();
  await find();
});
