// The server, which answers whoever has the token.

const KEY = "saga-studio-token";

const headers = { "x-saga-token": sessionStorage.getItem(KEY) ?? "" };

// Tabs of one address tell each other the token of a studio that was started again: nobody else hears it.
const tabs = new BroadcastChannel(KEY);

function keep(token) {
  headers["x-saga-token"] = token;
  sessionStorage.setItem(KEY, token);
}

// The token comes behind `#`, which no server sees, and leaves the address at once, so that nobody reads it there. The
// tab remembers it for a reload.
function take() {
  const given = location.hash.slice(1);
  if (!given) return;
  keep(given);
  history.replaceState(null, "", location.pathname);
  tabs.postMessage(given);
}

take();
addEventListener("hashchange", take);
tabs.addEventListener("message", ({ data }) => keep(data));

/** What the server refused, with what to do about it. */
export class Refused extends Error {
  constructor({ message, help, text }, status) {
    super(message);
    Object.assign(this, { help, text, status });
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused({ message: "The studio does not answer", help: "Start it again where it ran; this page goes on by itself." }, 0);
  }
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

const posted = (value, signal) => ({
  method: "POST",
  headers: { ...headers, "content-type": "application/json" },
  body: JSON.stringify(value),
  signal,
});

export const post = async (path, value) => (await ask(path, posted(value))).json();

/** Hands over lines of JSON as they come, those of one arrival together; what a value that is posted is answered with, too. */
export async function lines(path, take, signal, value) {
  const response = await ask(path, value === undefined ? { headers, signal } : posted(value, signal));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value: text, done } = await reader.read();
    if (done) return;
    const parts = (rest + text).split("\n");
    rest = parts.pop();
    if (parts.length > 0) take(parts.map((part) => JSON.parse(part)));
  }
}
