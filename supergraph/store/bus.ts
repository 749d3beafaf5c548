// Owns the shape of a bus: short messages to every router that listens, and knowing when some may have been lost.

/** Milliseconds: who has not heard of changes for longer does not know any more what is true. */
export const longestSilence = 900;

export interface Bus {
  /** To all who listen, oneself included. Whether it is certain that it went out; those who are deaf do not get it later. */
  publish(message: string): Promise<boolean>;
  /** Calls back with each message, until what it gives is called. Listeners throw nothing. */
  listen(listener: (message: string) => void): () => void;
  /**
   * Calls back when messages may have been lost, until what it gives is called: each time the bus begins to hear, the first
   * time too, and before the first message that it hears from then on; and when it hears again after a silence of more than
   * `longestSilence`, for those who could not speak meanwhile may come with it later. All that was learned earlier may be out
   * of date.
   */
  onGap(listener: () => void): () => void;
  /**
   * The last moment of which it is certain that every message before it has been heard, or is one of those of which `onGap`
   * has told, in milliseconds on the clock of `performance.now()`. It stands still while nothing can be heard, and is less
   * than any moment as long as nothing ever was.
   */
  heardUntil(): number;
  close(): Promise<void>;
}
