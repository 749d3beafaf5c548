// Owns the explorer that works without the internet: GraphiQL, whole in one page, pointed at /graphql of the same host.
import { scriptText } from './script-text.ts';

// GraphiQL writes options into its script unescaped; this stands for the samples until they are put in safely.
const placeholder = '@@samples@@';

/** HTML, some 9 MB. The page's parts are loaded by the first call and not before: most routers are never explored. */
export async function explorerPage({ title, samples }: { title: string; samples: string }): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({ title, endpoint: '/graphql', defaultQuery: placeholder });
  // Without this the page is as long as the samples, and the answer beyond the end of the window.
  const style = '<style>html, body { height: 100%; margin: 0; overflow: hidden }</style></head>';
  return page.replace(JSON.stringify(placeholder), () => scriptText(samples)).replace('</head>', style);
}
