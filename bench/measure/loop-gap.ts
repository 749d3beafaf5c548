// Owns a look at a server's event loop from outside: a cheap question in a loop, and the longest it was without answer.
import { Agent, request } from 'node:http';

export interface LoopProbe {
  /** Milliseconds of the longest wait for an answer since the last look, the one under way included. */
  longest: () => number;
  stop: () => void;
}

/** Between an answer and the next question: without it the questions would take the core from what is planned there. */
const pause = 2;

/** Asks `{__typename}` over one connection, again and again. A gap may be longer by the pause than what it says. */
export function probeLoop(url: string): LoopProbe {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = '{"query":"{__typename}"}';
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    authorization: 'Bearer probe',
  };
  let stopped = false;
  let asked = performance.now();
  let waiting = false;
  let longest = 0;
  const next = () => {
    longest = Math.max(longest, performance.now() - asked);
    waiting = false;
    setTimeout(ask, pause).unref();
  };
  const ask = () => {
    if (stopped) return;
    waiting = true;
    asked = performance.now();
    const question = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', next);
    });
    question.on('error', next);
    question.end(body);
  };
  ask();
  return {
    longest() {
      const found = Math.max(longest, waiting ? performance.now() - asked : 0);
      longest = 0;
      return found;
    },
    stop() {
      stopped = true;
      agent.destroy();
    },
  };
}
