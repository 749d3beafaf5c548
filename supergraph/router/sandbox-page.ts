// Owns the page that embeds Apollo Sandbox, pointed at the router that served it; the browser loads it from Apollo's CDN.
import type { Sources } from './edge/page-policy.ts';
import { schemaNote } from './schema-note.ts';
import { scriptText } from './script-text.ts';
import type { Page } from './serve-pages.ts';

const script =
  'https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js';

/** What the page needs beside itself: Apollo's script, and what that embeds. */
export const sandboxSources: Sources = {
  'script-src': [new URL(script).origin],
  'frame-src': ['https://sandbox.embed.apollographql.com'],
  'img-src': ['https://*.apollographql.com'],
};

/** HTML. The endpoint is worked out in the browser, so it is right behind a proxy and under any host name too. */
export function sandboxPage({ path, title, samples, tellsSchema }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>html, body { height: 100%; margin: 0 } body { display: flex; flex-direction: column } #sandbox { flex: 1; min-height: 0 } #offline { font: 1rem system-ui; padding: 2rem }</style>
</head>
<body>
${schemaNote(tellsSchema)}<div id="sandbox"><p id="offline">Apollo Sandbox comes from the internet. Without it, use <a href="${path}/explorer">the bundled explorer</a>.</p></div>
<script src="${script}"></script>
<script>
  if (window.EmbeddedSandbox) {
    document.getElementById('offline').remove();
    new window.EmbeddedSandbox({
      target: '#sandbox',
      initialEndpoint: new URL('${path}/graphql', window.location.href).href,
      initialState: { document: ${scriptText(samples)}, pollForSchemaUpdates: false },
    });
  }
</script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
