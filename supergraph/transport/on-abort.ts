// Owns listening to a signal that lives longer than the listener: as many as like may, and each can be taken back.
import { setMaxListeners } from 'node:events';

const nothing = (): void => {};

/** Calls `listener` once when the signal aborts, which must not have happened yet. What it returns ends that. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return nothing;
  // One signal is listened to by every fetch of a request, and more than ten would be warned of as a leak.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
