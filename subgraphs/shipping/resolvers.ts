// Owns how shipping's schema is answered from its rows; permissions.ts says to whom a parcel is shown.
import { GraphQLError } from 'graphql';
import { badInput, type PageArguments } from '../kit/cursor.ts';
import type { Resolvers, SubgraphContext } from '../kit/define-subgraph.ts';
import { myDataResolvers } from '../kit/personal-data/my-data.ts';
import type { DeliveryOptionRow, ShipmentRow, ShippingTables } from './database.ts';
import type { Loaders } from './loaders.ts';
import { personalData } from './personal-data.ts';

type Context = SubgraphContext<ShippingTables, Loaders>;

/** What the router sends; the weight only along with `deliveryOptions`. */
interface ProductRepresentation {
  id: string;
  weightGrams?: number | null;
}

export const resolvers: Resolvers<Context> = {
  Query: {
    shipment: (_, { trackingNumber }: { trackingNumber: string }, { loaders }) =>
      loaders.shipments.load({ tracking_number: trackingNumber }),
    deliveryOptions: (_, { country, weightGrams }: { country: string; weightGrams: number }, { loaders }) => {
      if (weightGrams < 1) throw badInput('weightGrams', `must be at least 1, but is ${weightGrams}`);
      return optionsFor(loaders, country, weightGrams);
    },
  },

  Order: {
    // Orders knows whether it exists; an order without parcels is an empty list for everybody.
    __resolveReference: (order: { id: string }) => order,
    shipments: ({ id }: { id: string }, _, { loaders }) => loaders.shipmentsOfOrder.load(id),
  },

  Product: {
    __resolveReference: (product: ProductRepresentation) => product,
    deliveryOptions: (
      { weightGrams }: ProductRepresentation,
      { country }: { country: string },
      { loaders },
    ) => {
      if (weightGrams == null) throw requirementMissing();
      return optionsFor(loaders, country, weightGrams);
    },
  },

  Shipment: {
    __resolveReference: ({ id, trackingNumber }: { id?: string; trackingNumber?: string }, { loaders }) =>
      loaders.shipments.load(id === undefined ? { tracking_number: trackingNumber ?? '' } : { id }),
    order: ({ order_id }: ShipmentRow) => ({ id: order_id }),
    carrier: ({ carrier_code }: ShipmentRow, _, { loaders }) => loaders.carriers.load({ code: carrier_code }),
    trackingNumber: (shipment: ShipmentRow) => shipment.tracking_number,
    shippedAt: (shipment: ShipmentRow) => shipment.shipped_at,
    estimatedDelivery: (shipment: ShipmentRow) => shipment.estimated_delivery,
    deliveredAt: (shipment: ShipmentRow) => shipment.delivered_at,
    events: ({ id }: ShipmentRow, { first, after }: PageArguments, { loaders }) =>
      loaders.events.load(id, { first, after }),
    carrierCost: ({ carrier_cost, currency }: ShipmentRow) =>
      carrier_cost === null ? null : { amount: carrier_cost, currency },
  },

  DeliveryOption: {
    carrier: ({ carrier_code }: DeliveryOptionRow, _, { loaders }) =>
      loaders.carriers.load({ code: carrier_code }),
    price: ({ price, currency }: DeliveryOptionRow) => ({ amount: price, currency }),
    minDays: (option: DeliveryOptionRow) => option.min_days,
    maxDays: (option: DeliveryOptionRow) => option.max_days,
  },

  ...myDataResolvers<ShippingTables, Loaders>('shipping', personalData),
};

/** The cheapest first; none where the shop does not deliver, or nothing so heavy. */
async function optionsFor(loaders: Loaders, country: string, grams: number): Promise<DeliveryOptionRow[]> {
  const options = await loaders.options.load(country.toUpperCase());
  return options.filter(({ over_grams, up_to_grams }) => over_grams < grams && grams <= up_to_grams);
}

/** An empty list would say "not delivered there", which nobody knows without the weight. */
function requirementMissing(): GraphQLError {
  return new GraphQLError('deliveryOptions needs weightGrams, which the router sends along.', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
