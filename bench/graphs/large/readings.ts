// Owns the graph of one long list: what weather stations have read, and another subgraph that nobody asks.
import type { SubgraphSource } from '../subgraph-source.ts';

/** So many that the answer to large.graphql is 8 MB. */
const readingCount = 42_000;

interface Reading {
  id: string;
  station: string;
  takenAt: string;
  celsius: number;
  humidity: number;
  remark: string;
}

/** Stations and forecasts as subgraphs; the second makes readings entities, as they would be in a real graph. */
export function weather(): SubgraphSource[] {
  const readings = Array.from({ length: readingCount }, (_, index) => readingAt(index));
  return [
    {
      name: 'stations',
      sdl: `
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
        type Query {
          readings: [Reading!]!
        }
        type Reading @key(fields: "id") {
          id: ID!
          station: String!
          takenAt: String!
          celsius: Float!
          humidity: Int!
          remark: String
        }`,
      resolvers: { Query: { readings: () => readings } },
    },
    {
      name: 'forecasts',
      sdl: `
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
        type Reading @key(fields: "id") {
          id: ID!
          forecast: String
        }`,
      resolvers: { Reading: { forecast: ({ id }) => `After ${id}, more of the same.` } },
    },
  ];
}

const stations = [
  'Ålesund',
  'Bergen',
  'Graz',
  'Kraków',
  'Lisboa',
  'Oulu',
  'Porto',
  'Turku',
  'Wien',
  'Zürich',
];
const skies = ['clear', 'half clouded', 'overcast', 'fog in the valley', 'a "mackerel" sky'];

/** Follows from the index alone; now and then with what JSON must escape and what is more than one byte. */
function readingAt(index: number): Reading {
  const station = stations[index % stations.length] ?? '';
  const sky = skies[(index * 7) % skies.length];
  const celsius = (((index * 37) % 500) - 150) / 10;
  return {
    id: `reading-${String(index).padStart(6, '0')}`,
    station,
    takenAt: new Date(Date.UTC(2026, 0, 1) + index * 600_000).toISOString(),
    celsius,
    humidity: (index * 13) % 100,
    remark: `Observed at ${station} by hand: ${sky}, ${celsius} °C, the wind as the day before.`,
  };
}
