// Owns the explorer that works without the internet: GraphiQL, whole in one page, pointed at the router that served it.
import { schemaNote } from './schema-note.ts';
import { scriptText } from './script-text.ts';
import type { Page } from './serve-pages.ts';

// GraphiQL writes options into its script unescaped; this stands for the samples until they are put in safely.
const placeholder = '@@samples@@';

/** HTML, some 9 MB. The page's parts are loaded by the first call and not before: most routers are never explored. */
export async function explorerPage({ path, title, samples, tellsSchema }: Page): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({ title, endpoint: `${path}/graphql`, defaultQuery: placeholder });
  // Without this the page is as long as the samples, and the answer beyond the end of the window.
  const style = '<style>html, body { height: 100%; margin: 0; overflow: hidden }</style></head>';
  const note = schemaNote(tellsSchema);
  const room =
    note && '<style>body { display: flex; flex-direction: column } #root { flex: 1; min-height: 0 }</style>';
  return page
    .replace(JSON.stringify(placeholder), () => scriptText(samples))
    .replace('</head>', style)
    .replace('<div id="root">', () => `${room}${note}<div id="root">`);
}
