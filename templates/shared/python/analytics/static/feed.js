// Follows the stream of summaries with fetch: EventSource cannot send a token in a header, and a token in
// the address would be logged.

const SILENCE_MS = 5000;
const MAX_PAUSE_MS = 10000;

const sleep = (time) => new Promise((wake) => setTimeout(wake, time));

export class SignedOut extends Error {}

async function open(session, signal) {
  const request = () => fetch("/v1/analytics/stream", { headers: session.headers, cache: "no-store", signal });
  let response = await request();
  if (response.status === 401 && await session.renew()) response = await request();
  if (response.status === 401) throw new SignedOut("Please sign in again.");
  if (response.status === 403) throw new SignedOut("Only administrators can see these figures.");
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.body.pipeThrough(new TextDecoderStream()).getReader();
}

// Call `show` with each summary until the stream ends; throw if no message arrives in time.
async function read(session, show) {
  const abort = new AbortController();
  let timeout;
  const restart = () => {
    clearTimeout(timeout);
    timeout = setTimeout(() => abort.abort(), SILENCE_MS);
  };
  try {
    restart();
    const reader = await open(session, abort.signal);
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      restart();
      const messages = (rest + value).split("\n\n");
      rest = messages.pop();
      for (const message of messages) show(JSON.parse(message.slice("data: ".length)));
    }
  } finally {
    clearTimeout(timeout);
  }
}

// Reconnect until the user is signed out.
export async function follow(session, show, say) {
  let pause = 0;
  for (;;) {
    try {
      await read(session, (summary) => {
        pause = 0;
        show(summary);
      });
    } catch (error) {
      if (error instanceof SignedOut) throw error;
    }
    // Random, growing pauses: not all pages may reconnect at once when a server returns.
    pause = Math.min(MAX_PAUSE_MS, pause * 2 || 500);
    say("Reconnecting");
    await sleep(pause * (0.5 + Math.random() / 2));
  }
}
