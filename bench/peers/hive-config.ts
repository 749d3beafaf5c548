// Owns how Hive Gateway is set up, with either of its runtimes; it reads this file by itself.
export const gatewayConfig = {
  // Requests that are the same, identity and all, while the first of them is under way are run once. Sharing requests
  // to subgraphs is on by itself.
  inboundInflightRequestDeduplication: true,
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }: { request: Request }) => ({
      authorization: request.headers.get('authorization') ?? undefined,
    }),
  },
  // Access logs cost everybody something; the others write none.
  logging: 'error',
  // Pages for people, and a text to fetch for each: nobody opens them here.
  graphiql: false,
  landingPage: false,
};
