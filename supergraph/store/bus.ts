// Owns the shape of a bus: short messages to every router that listens, and knowing when some may have been lost.

export interface Bus {
  /** To all who listen, oneself included. Whether it is certain that it went out; those who are deaf do not get it later. */
  publish(message: string): Promise<boolean>;
  /** Calls back with each message, until what it gives is called. */
  listen(listener: (message: string) => void): () => void;
  /**
   * The last moment of which it is certain that every message before it has been heard, in milliseconds on the clock of
   * `performance.now()`.
   */
  heardUntil(): number;
  close(): Promise<void>;
}
