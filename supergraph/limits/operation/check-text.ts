// Owns refusing documents that are too long or too deep to be read, before anybody reads them.
import type { GraphQLError } from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import type { OperationLimits } from './operation-limits.ts';

/** Brackets within each other. A parser goes as deep as they do, and some five times as many use up the stack. */
const deepestBrackets = 1_000;

/** To tell where an error is, the lines before it are counted, for each error anew. So many take no time. */
const fewestLines = 10_000;

/**
 * Why this GraphQL text is not read; undefined where it may be. What is no GraphQL is let through as far as a parser would
 * come with it.
 */
export function checkText(
  text: string,
  limits: Pick<OperationLimits, 'tokens' | 'directives'>,
): GraphQLError | undefined {
  const lines = Math.max(limits.tokens, fewestLines);
  if (hasMoreLines(text, lines)) {
    return clientError('TOKEN_LIMIT_EXCEEDED', { reason: `The document has more than ${lines} lines.` });
  }
  let tokens = 0;
  let directives = 0;
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isIgnored(code)) {
      at += 1;
      continue;
    }
    if (code === hash) {
      at = endOfLine(text, at);
      continue;
    }
    tokens += 1;
    if (tokens > limits.tokens) {
      return clientError('TOKEN_LIMIT_EXCEEDED', {
        reason: `The document has more than ${limits.tokens} tokens.`,
      });
    }
    if (code === atSign) directives += 1;
    else if (isOpening(code)) depth += 1;
    else if (isClosing(code)) depth -= 1;
    if (directives > limits.directives) {
      return clientError('DIRECTIVE_LIMIT_EXCEEDED', {
        reason: `The document has more than ${limits.directives} directives.`,
      });
    }
    if (depth > deepestBrackets) {
      return clientError('DEPTH_LIMIT_EXCEEDED', {
        reason: `The document has more than ${deepestBrackets} brackets within each other.`,
      });
    }
    at = endOfToken(text, at, code);
  }
  return undefined;
}

const hash = 0x23;
const quote = 0x22;
const backslash = 0x5c;
const dot = 0x2e;
const minus = 0x2d;
const plus = 0x2b;
const atSign = 0x40;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

function hasMoreLines(text: string, most: number): boolean {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (lines > most) return true;
  }
  for (let at = text.indexOf('\r'); at !== -1; at = text.indexOf('\r', at + 1)) {
    if (text.charCodeAt(at + 1) === lineFeed) continue;
    lines += 1;
    if (lines > most) return true;
  }
  return false;
}

/** Blanks, tabs, ends of lines, commas and the byte order mark. */
function isIgnored(code: number): boolean {
  return (
    code === 0x20 ||
    code === lineFeed ||
    code === 0x2c ||
    code === carriageReturn ||
    code === 0x09 ||
    code === 0xfeff
  );
}

function isOpening(code: number): boolean {
  return code === 0x7b || code === 0x28 || code === 0x5b;
}

function isClosing(code: number): boolean {
  return code === 0x7d || code === 0x29 || code === 0x5d;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

function isExponent(code: number): boolean {
  return code === 0x65 || code === 0x45;
}

function endOfToken(text: string, start: number, code: number): number {
  if (isNameStart(code)) return endOfName(text, start);
  if (code === quote)
    return text.startsWith('"""', start) ? endOfBlock(text, start) : endOfString(text, start);
  if (isDigit(code) || code === minus) return endOfNumber(text, start);
  return start + (code === dot && text.startsWith('...', start) ? 3 : 1);
}

function endOfName(text: string, start: number): number {
  let at = start + 1;
  while (isNameStart(text.charCodeAt(at)) || isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

/** A sign stands only at the beginning, or begins an exponent: `1-1` is two numbers. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isExponent(code)) {
      const sign = text.charCodeAt(at + 1);
      at += sign === minus || sign === plus ? 2 : 1;
    } else if (isDigit(code) || code === dot) at += 1;
    else return at;
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    // It is not closed, and the parser will say so.
    if (code === lineFeed || code === carriageReturn) return at;
    at += code === backslash ? 2 : 1;
  }
  return at;
}

function endOfBlock(text: string, start: number): number {
  for (let at = start + 3; ; at += 3) {
    at = text.indexOf('"""', at);
    if (at === -1) return text.length;
    if (text.charCodeAt(at - 1) !== backslash) return at + 3;
  }
}

function endOfLine(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === lineFeed || code === carriageReturn) return at;
    at += 1;
  }
  return at;
}
