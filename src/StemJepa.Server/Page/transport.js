// What plays, and how: buttons, waveform and clock.

import { $ } from './elements.js';
import { Player } from './player.js';
import { Waveform } from './waveform.js';

export const player = new Player();
const wave = new Waveform($('wave'));

export function showWave() {
  wave.show([{ buffer: player.mix, colour: '--mix' }, { buffer: player.candidate, colour: '--candidate' }], player.duration);
  $('wave').setAttribute('aria-valuemax', player.duration.toFixed(1));
}

export function showPlaying() {
  $('play').textContent = player.playing ? 'Pause' : 'Play';
}

export async function toggle() {
  if (player.playing)
    player.pause();
  else
    await player.play();
  showPlaying();
}

export function setSolo(on) {
  player.setSolo(on);
  $('solo').setAttribute('aria-pressed', on);
}

export function setGain(decibels) {
  $('gain').value = decibels;
  const set = Number($('gain').value);
  player.setGain(set);
  $('gain-value').textContent = `${set > 0 ? '+' : ''}${set} dB`;
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

$('play').addEventListener('click', toggle);
$('solo').addEventListener('click', () => setSolo(!player.solo));
$('gain').addEventListener('input', event => setGain(Number(event.target.value)));
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
tick();
