import { get, post, ServerError, upload } from './api.js';
import { Arrangement } from './arrangement.js';
import { Candidates } from './candidates.js';
import { $, filters, isJudged, offerStems, say, setStem, stem } from './elements.js';
import { startIndexing } from './indexing.js';
import { lengthOf, placeOf, Results } from './results.js';
import { askWhenWanted } from './signin.js';
import { watchSources } from './sources.js';
import { player, setGain, setSolo, showPlaying, showWave, toggle } from './transport.js';

const candidates = new Candidates(player);
const results = new Results($('results'), () => choose());
const arrangement = new Arrangement(player, removePart);
let mix = null, search = null, chosen = null, fitted = true, isChanging = false;

// For tests: what is heard, and since when.
window.stemjepa = {
  player, results, arrangement, get mix() { return mix; }, get chosen() { return chosen; }, get ready() { return candidates.ready; },
};

// The mix

async function open(blob, name) {
  search?.abort();
  performance.mark('mix-given');
  say('mix-facts', `Reading ${name} …`);
  try {
    const [buffer, kept] = await Promise.all([blob.arrayBuffer().then(bytes => player.decode(bytes)), upload(blob, name)]);
    const given = { ...kept, buffer };
    arrangement.begin(given);
    await setMix(given);
  } catch (error) {
    say('mix-facts', error instanceof ServerError ? error.message
      : `${name} cannot be played by this browser (${error.message}); save it as WAV, FLAC or MP3.`, true);
  }
}

async function setMix(next) {
  candidates.clear();
  const goesOn = player.setMix(next.buffer);
  mix = next;
  chosen = null;
  $('wave-box').hidden = false;
  $('actions').hidden = true;
  showWave();
  arrangement.show(mix);
  say('mix-facts', `${mix.name}, ${lengthOf(mix.buffer.duration)}`);
  if (goesOn)
    await player.play();
  showPlaying();
  // Fitting takes long, and is not done twice.
  const isQuick = !isJudged();
  if (isQuick)
    await find();
  await describe();
  // Again, since it is known now how the mix relates to them.
  await find(isQuick);
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
  const query = { mix: mix.id, stem: stem(), top: 50, ...filters() };
  if (!isQuiet)
    say('status', query.fit ? `Fitting the best ${query.fit} …` : 'Searching …');
  try {
    const found = await post('api/search', query, signal);
    const isSame = results.show(found.results, isQuiet);
    if (!isQuiet)
      performance.mark('results-shown');
    $('columns').hidden = found.results.length === 0;
    say('status', found.results.length === 0 ? 'Nothing in the library passes these filters.'
      : [`${found.results.length} recordings, best first, for ${query.stem}.`, ...found.warnings].join(' '));
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
  say('place', fitted ? placeOf(chosen.fit)
    : chosen.plain ? 'As it is, from the start of the mix.' : 'As it is: this browser does not play its format.');
}

async function accept() {
  if (!chosen || isChanging)
    return;
  const { stem: ofPart, recording, fitted: placed, plain } = chosen, buffer = fitted ? placed : plain;
  if (!buffer)
    return;
  $('accept').disabled = true;
  say('place', 'Adding it to the mix …');
  const isDone = await change(() => arrangement.with({ stem: ofPart, name: recording.name, buffer }, 10 ** (player.decibels / 20)),
    () => setStem(arrangement.next(stem())));
  if (!isDone)
    $('accept').disabled = false;
}

async function removePart(index) {
  const { stem: ofPart } = arrangement.parts[index];
  await change(() => arrangement.without(index), () => setStem(ofPart));
}

/** Makes another mix of the arrangement, one change at a time; resolves to whether it did. */
async function change(make, changed) {
  if (isChanging)
    return false;
  isChanging = true;
  let next = null;
  try {
    next = await make();
  } catch (error) {
    say($('actions').hidden ? 'status' : 'place', error.message, true);
  } finally {
    isChanging = false;
  }
  if (!next)
    return false;
  changed();
  $('results').focus();
  await setMix(next);
  return true;
}

function setFit(on) {
  fitted = on;
  $('fit').setAttribute('aria-pressed', fitted);
  if (chosen)
    hear();
}

// What the user does

watchSources(open, bytes => player.decode(bytes));
$('stems').addEventListener('change', event => { setStem(event.target.value || 'other'); find(); });
$('filters').addEventListener('input', findSoon);
$('filters').addEventListener('submit', event => { event.preventDefault(); find(); });
$('fit').addEventListener('click', () => setFit(!fitted));
$('accept').addEventListener('click', accept);
$('download').addEventListener('dragstart', event => {
  const link = $('download');
  if (link.href)
    event.dataTransfer.setData('DownloadURL', `audio/wav:${link.download.replaceAll(':', ' ')}:${link.href}`);
});
addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey
    || event.target.closest('input:not([type=radio]):not([type=range]), select, dialog, summary'))
    return;
  if (event.key === ' ' && !event.target.closest('button, a')) {
    event.preventDefault();
    toggle();
    return;
  }
  // Single letters only within the results, so that they surprise nobody elsewhere.
  if (!event.target.closest('#results'))
    return;
  const actions = {
    f: () => setFit(!fitted), s: () => setSolo(!player.solo), a: accept, Enter: accept, d: () => $('download').click(),
    '+': () => setGain(player.decibels + 1), '-': () => setGain(player.decibels - 1),
  };
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});

// The server

async function showLibrary() {
  try {
    const { recordings } = await get('api/catalog');
    say('library', recordings === 1 ? '1 recording in the library' : `${recordings} recordings in the library`);
  } catch (error) {
    say('library', error.message, true);
  }
}

askWhenWanted();
await showLibrary();
const { stems, index } = await get('health');
offerStems(stems);
if (index)
  startIndexing(async () => {
    await showLibrary();
    await find();
  });
