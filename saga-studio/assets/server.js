// The server, which answers whoever has the token.

const KEY = "saga-studio-token";

// The token comes behind `#`, which no server sees, and leaves the address at once, so that nobody reads it there. The
// tab remembers it for a reload.
const given = location.hash.slice(1);
if (given) {
  sessionStorage.setItem(KEY, given);
  history.replaceState(null, "", location.pathname);
}
const headers = { "x-saga-token": sessionStorage.getItem(KEY) ?? "" };

/** What the server refused, with what to do about it. */
export class Refused extends Error {
  constructor({ message, help, text }, status) {
    super(message);
    Object.assign(this, { help, text, status });
  }
}

async function ask(path, options) {
  const response = await fetch(path, { cache: "no-store", ...options });
  if (response.ok) return response;
  const said = await response.text();
  let problem = { message: said.trim(), help: "" };
  try {
    problem = JSON.parse(said);
  } catch {
    // A refusal of the guard is a line of text.
  }
  throw new Refused(problem, response.status);
}

export const get = async (path) => (await ask(path, { headers })).json();

export const post = async (path, value) =>
  (
    await ask(path, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(value),
    })
  ).json();

/** Hands over lines of JSON as they come, those of one arrival together. */
export async function lines(path, take, signal) {
  const response = await ask(path, { headers, signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    if (parts.length > 0) take(parts.map((part) => JSON.parse(part)));
  }
}
