// Owns how a newcomer is listed wherever its neighbour is: what is said of the one is said of the other too.

export interface Listed {
  name: string;
  port: number;
}

/**
 * A text in which each line about `neighbour` (its name in lower or upper case, its port) stands once more below itself,
 * about `newcomer`. A paragraph headed by the neighbour's name, as a service of a compose file is, stands once more whole.
 */
export function repeatForNewcomer(text: string, neighbour: Listed, newcomer: Listed): string {
  const aboutNewcomer = (said: string): string =>
    said
      .replaceAll(wholeWord(neighbour.name), newcomer.name)
      .replaceAll(wholeWord(upperCase(neighbour.name)), upperCase(newcomer.name))
      .replaceAll(wholeWord(String(neighbour.port)), String(newcomer.port));
  const repeated = (paragraph: string): string => {
    const lines = paragraph.split('\n');
    if (lines[0]?.trim() === `${neighbour.name}:`) return `${paragraph}\n\n${aboutNewcomer(paragraph)}`;
    return lines.flatMap((line) => [...new Set([line, aboutNewcomer(line)])]).join('\n');
  };
  return text.split('\n\n').map(repeated).join('\n\n');
}

/** As variables of the environment have it. */
function upperCase(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

/** `_` and `-` join whole words, as in `tributary_catalog`; but a BFF is another than a subgraph of its name. */
function wholeWord(word: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9]|bff-)${word}(?![A-Za-z0-9-])`, 'g');
}
