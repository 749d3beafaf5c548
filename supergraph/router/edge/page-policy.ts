// Owns what the pages of a router may load and do in a browser; what all answers say besides is in safe-headers.ts.
import { createHash } from 'node:crypto';
import type { FastifyHelmetOptions } from '@fastify/helmet';

/** Sources beside the page itself, by directive of Content-Security-Policy. */
export type Sources = Readonly<Record<string, readonly string[]>>;

/** For a page of ours: only the scripts that are written in it run, and those of `sources`. */
export function pagePolicy(page: string, sources: Sources = {}): FastifyHelmetOptions {
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
    'connect-src': ["'self'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'", 'data:'],
    // What editors put into a page while it runs.
    'style-src': ["'self'", "'unsafe-inline'"],
    'script-src': scriptHashes(page),
  };
  for (const [name, more] of Object.entries(sources)) {
    directives[name] = [...(directives[name] ?? []), ...more];
  }
  return {
    contentSecurityPolicy: { useDefaults: false, directives },
    frameguard: { action: 'deny' },
    // Signing in at an explorer opens a window, and hears from it.
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    // Said where this server speaks TLS itself, with all answers.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  };
}

function scriptHashes(page: string): string[] {
  const scripts = [...page.matchAll(/<script(?:\s+type="?module"?)?\s*>([\s\S]*?)<\/script>/g)];
  return scripts.map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
}
