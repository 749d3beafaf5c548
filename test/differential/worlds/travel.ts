// Travel: keys of several fields and nested ones, keys that cannot be resolved, entities reached only over another key.
import { type Data, find, type Row, type World } from '../graph/world.ts';

const subgraphs = {
  flights: `
    type Query { flight(number: Int!): Flight flights(from: String): [Flight!]! routes: [Route] }
    type Flight @key(fields: "airline { code } number") {
      airline: Airline!
      number: Int!
      from: Airport!
      to: Airport
      aircraft: Aircraft
      legs: [[Airport!]!]
    }
    type Route @key(fields: "from { iata } to { iata }") { from: Airport! to: Airport! flights: [Flight] }
    type Airline @key(fields: "code") { code: String! slogan: String }
    type Airport @key(fields: "iata", resolvable: false) { iata: String! }
    type Aircraft @key(fields: "id", resolvable: false) @key(fields: "tail") {
      id: ID! tail: String! seats: Int grounded: Boolean! @external label: String @requires(fields: "grounded")
    }
  `,
  airports: `
    type Query { airports: [Airport!] airport(iata: String!): Airport }
    type Airport @key(fields: "iata") @key(fields: "icao") { iata: String! icao: String! name: String! city: City }
    type City @key(fields: "id") @key(fields: "name country") { id: ID! name: String! country: Country! }
    enum Country { SE FR }
    type Route @key(fields: "from { iata } to { iata }") { from: Airport! to: Airport! distance(unit: Unit! = KM): Float! }
    enum Unit { KM MILES }
  `,
  weather: `
    type Airport @key(fields: "icao") { icao: String! weather: Weather runways: [Runway!]! }
    type Weather { celsius: Float station: Airport! }
    type Runway { length: Int! busy: [Flight] }
    type Flight @key(fields: "number airline { code }") { number: Int! airline: Airline! delay: Int }
    type Airline @key(fields: "code") { code: String! safety: Int! }
    type City @key(fields: "name country") { name: String! country: Country! forecast: [Weather]! }
    enum Country { SE FR }
  `,
  maintenance: `
    type Query { hangar: [Aircraft] }
    type Aircraft @key(fields: "id") @key(fields: "tail") { id: ID! tail: String! checks: [Check!] owner: Airline }
    type Check @key(fields: "aircraft { id } no") { no: Int! aircraft: Aircraft! passed: Boolean }
    type Airline @key(fields: "code") { code: String! fleet: [Aircraft!]! }
  `,
  inspection: `
    type Check @key(fields: "aircraft { id } no") { no: Int! aircraft: Aircraft! inspector: String remarks: [String!] }
    type Aircraft @key(fields: "id") { id: ID! grounded: Boolean! }
  `,
};

function createData(): Data {
  const airlines: Row[] = ['AA', 'BB'].map((code, index) => ({
    __typename: 'Airline',
    code,
    slogan: index === 0 ? 'Up' : null,
    safety: 7 - index,
  }));
  const cities: Row[] = [
    { __typename: 'City', id: 'c1', name: 'Umeå', country: 'SE' },
    { __typename: 'City', id: 'c2', name: 'Nice', country: 'FR' },
  ];
  const airports: Row[] = ['UME', 'NCE', 'LYS'].map((iata, index) => ({
    __typename: 'Airport',
    iata,
    icao: `E${iata}`,
    name: `Airport ${iata}`,
    city: [cities[0], cities[1], null][index],
  }));
  const aircraft: Row[] = ['a1', 'a2', 'a3'].map((id, index) => ({
    __typename: 'Aircraft',
    id,
    tail: `T-${index}`,
    seats: index === 1 ? null : 100 + index,
    owner: [airlines[0], null, airlines[1]][index],
    grounded: index === 2,
  }));
  const at = (rows: Row[], index: number): Row | null => rows[index] ?? null;
  const checks: Row[] = [0, 0, 2].map((plane, no) => ({
    __typename: 'Check',
    no,
    aircraft: at(aircraft, plane),
    passed: no === 1 ? null : true,
    inspector: no === 0 ? null : `I${no}`,
    remarks: [null, [], ['ok', 'fine']][no],
  }));
  for (const [index, plane] of aircraft.entries()) {
    plane['checks'] = index === 1 ? null : checks.filter((check) => check['aircraft'] === plane);
  }
  for (const [index, airline] of airlines.entries())
    airline['fleet'] = [at(aircraft, index), at(aircraft, 2)];
  const flights: Row[] = [1, 2, 3].map((number, index) => ({
    __typename: 'Flight',
    airline: at(airlines, index % 2),
    number,
    from: at(airports, index),
    to: index === 2 ? null : at(airports, index + 1),
    aircraft: [at(aircraft, 0), null, at(aircraft, 2)][index],
    legs: [[[at(airports, 0)], []], null, [[at(airports, 2), at(airports, 1)]]][index],
    delay: index === 0 ? null : index * 5,
  }));
  for (const [index, airport] of airports.entries()) {
    airport['weather'] = index === 1 ? null : { celsius: index - 3.5, station: airport };
    airport['runways'] = index === 2 ? [] : [{ length: 2000 + index, busy: [at(flights, index), null] }];
  }
  for (const [index, city] of cities.entries()) {
    city['forecast'] = [null, { celsius: null, station: at(airports, index) }];
  }
  const routes: Row[] = [0, 1].map((index) => ({
    __typename: 'Route',
    from: at(airports, index),
    to: at(airports, index + 1),
    flights: index === 0 ? [at(flights, 0), null] : null,
    kilometres: 100 * (index + 1),
  }));
  return {
    Airline: airlines,
    City: cities,
    Airport: airports,
    Aircraft: aircraft,
    Check: checks,
    Flight: flights,
    Route: routes,
  };
}

const label = ({ grounded }: Row): string => (grounded ? 'stays' : 'flies');

export const travel: World = {
  name: 'travel',
  subgraphs,
  createData,
  resolvers: {
    Query: {
      flight: (_, { number }, data) => find(data, 'Flight', { number }),
      flights: (_, { from }, { Flight: rows = [] }) =>
        rows.filter((row) => (from ?? null) === null || (row['from'] as Row)['iata'] === from),
      routes: (_, __, { Route: rows = [] }) => [...rows, null],
      airports: (_, __, data) => data['Airport'],
      airport: (_, { iata }, data) => find(data, 'Airport', { iata }),
      hangar: (_, __, { Aircraft: rows = [] }) => [rows[1], null, rows[0], rows[2]],
    },
    Aircraft: { label: (row) => label(row) },
    Route: { distance: (row, { unit }) => Number(row['kilometres']) * (unit === 'MILES' ? 0.5 : 1) },
  },
  required: { flights: { Aircraft: { label: (sent) => label(sent) } } },
  literals: {
    'Query.flight.number': ['1', '2', '3', '9'],
    'Query.flights.from': ['"UME"', '"LYS"', 'null'],
    'Query.airport.iata': ['"UME"', '"NCE"', '"LYS"', '"none"'],
  },
};
