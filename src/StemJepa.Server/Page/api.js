// Requests to this server; addresses are relative, so the page works below any prefix.

/** An error with the server's own sentence. */
export class ServerError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let askForToken = async () => { throw new ServerError(401, 'This server wants its token.'); };

/** Sets what is done when the server wants its token: shows a form, and resolves once the client is signed in. */
export function onSignIn(ask) {
  askForToken = ask;
}

async function request(path, options = {}) {
  const response = await fetch(path, { credentials: 'same-origin', ...options });
  if (response.status === 401 && path !== 'session') {
    await askForToken();
    return request(path, options);
  }
  if (response.status === 429) {
    await delay(1000 * (Number(response.headers.get('Retry-After')) || 1), options.signal);
    return request(path, options);
  }
  if (!response.ok)
    throw new ServerError(response.status, await sentence(response));
  return response;
}

async function sentence(response) {
  try {
    return (await response.json()).detail ?? response.statusText;
  } catch {
    return `The server answered ${response.status} ${response.statusText}.`;
  }
}

function delay(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}

export async function get(path, signal) {
  return (await request(path, { signal })).json();
}

export async function post(path, body, signal) {
  const response = await request(path, {
    method: 'POST', signal, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  return response.status === 204 ? null : response.json();
}

export async function remove(path) {
  await request(path, { method: 'DELETE' });
}

/** Sends a recording; resolves to what the server keeps it as. */
export async function upload(blob, name, signal) {
  const form = new FormData();
  form.append('file', blob, name);
  return (await request('api/uploads', { method: 'POST', body: form, signal })).json();
}

/** The bytes of a sound. */
export async function sound(path, signal) {
  return (await request(path, { signal })).arrayBuffer();
}
