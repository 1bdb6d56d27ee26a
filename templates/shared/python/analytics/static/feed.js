// Follows the stream of summaries. EventSource cannot send a token in a header, and one in the address
// would end up in logs; so this reads the stream by fetch.

const SILENCE = 5000;
const LONGEST_PAUSE = 10000;

const sleep = (time) => new Promise((wake) => setTimeout(wake, time));

export class SignedOut extends Error {}

async function open(session, signal) {
  const ask = () => fetch("/v1/analytics/stream", { headers: session.headers, cache: "no-store", signal });
  let answer = await ask();
  if (answer.status === 401 && await session.renew()) answer = await ask();
  if (answer.status === 401) throw new SignedOut("Please sign in again");
  if (answer.status === 403) throw new SignedOut("Only administrators may see this");
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.body.pipeThrough(new TextDecoderStream()).getReader();
}

// Call `show` with each summary until the stream ends; throw if it falls silent.
async function read(session, show) {
  const silence = new AbortController();
  let alarm;
  const listen = () => {
    clearTimeout(alarm);
    alarm = setTimeout(() => silence.abort(), SILENCE);
  };
  try {
    listen();
    const reader = await open(session, silence.signal);
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      listen();
      const messages = (rest + value).split("\n\n");
      rest = messages.pop();
      for (const message of messages) show(JSON.parse(message.slice("data: ".length)));
    }
  } finally {
    clearTimeout(alarm);
  }
}

// Follow until signed out, whatever happens to connections and servers.
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
    // Not all pages at once, when a server comes back.
    pause = Math.min(LONGEST_PAUSE, pause * 2 || 500);
    say("Reconnecting");
    await sleep(pause * (0.5 + Math.random() / 2));
  }
}
