// Owns saying in the log that something is amiss and that it is well again, once each, however often it comes and goes.

export interface StoreLog {
  warn: (message: string) => void;
}

export interface Notice {
  /** Said once for each sentence, until it was well again. */
  amiss: (sentence: string, because: string) => void;
  well: () => void;
  close: () => void;
}

/** Milliseconds for which it must be well before that is said. */
const steady = 1000;

export function createNotice(log: StoreLog, wellAgain: string): Notice {
  const said = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    amiss(sentence, because) {
      stop();
      if (said.has(sentence)) return;
      said.add(sentence);
      log.warn(`${sentence}: ${because}`);
    },
    well() {
      if (said.size === 0 || timer !== undefined) return;
      timer = setTimeout(() => {
        stop();
        said.clear();
        // Whoever reads that it was lost, at their level, is to read this too.
        log.warn(wellAgain);
      }, steady).unref();
    },
    close: stop,
  };
}
