// The token, where the server was started with one.

import { onSignIn, post } from './api.js';

const $ = id => document.getElementById(id);
let signingIn = null;

/** Asks for the token when the server wants it, once for all requests that wait for it. */
export function askWhenWanted() {
  $('sign-in').addEventListener('cancel', event => event.preventDefault());
  onSignIn(() => signingIn ??= new Promise(resolve => {
    $('sign-in').showModal();
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
}
