// Owns which function answers which field of the views; each function has a file of its own.
import { defineViews, type ViewResolvers } from '../../supergraph/index.ts';
import { type Order, orderText, type Parcel, parcelText } from './delivery-text.ts';
import { createFormats } from './formats.ts';
import { home } from './home.ts';
import { type OrderStatus, statusColour, statusLabel } from './order-status.ts';
import { type Line, orderSummary } from './order-summary.ts';
import { type Money, priceText } from './price-text.ts';
import { type Rating, ratingText } from './rating-text.ts';
import { type Sending, sendingText } from './sending-text.ts';
import { type Availability, stockLabel } from './stock-label.ts';
import { type ThumbnailArguments, thumbnail } from './thumbnail.ts';

interface Pictured {
  product: { images: { url: string }[] } | null;
}

interface Zoned {
  timeZone: string;
}

export const views = defineViews({ resolvers: appResolvers });

function appResolvers(): ViewResolvers {
  const formats = createFormats();
  return {
    Query: {
      home: (_, args: { first: number }, context) => home(args, context),
    },
    Product: {
      thumbnail: ({ images }: { images: { url: string }[] }, args: ThumbnailArguments) =>
        thumbnail(images, args),
      priceText: ({ price }: { price: Money }, _, { locale }) => priceText(price, { locale, formats }),
      ratingText: ({ rating }: { rating: Rating | null }, _, { locale }) =>
        ratingText(rating, { locale, formats }),
      stockLabel: ({ availability }: { availability: Availability | null }, _, { locale }) =>
        stockLabel(availability, locale),
      deliveryText: (sending: Sending, _, { locale }) => sendingText(sending, { locale, formats }),
    },
    Order: {
      summary: ({ lines }: { lines: Line[] }) => orderSummary(lines),
      thumbnail: ({ lines }: { lines: Pictured[] }, args: ThumbnailArguments) =>
        thumbnail(
          lines.flatMap(({ product }) => product?.images ?? []),
          args,
        ),
      statusLabel: ({ status }: { status: OrderStatus }, _, { locale }) => statusLabel(status, locale),
      statusColour: ({ status }: { status: OrderStatus }) => statusColour(status),
      deliveryText: (order: Order, { timeZone }: Zoned, { locale, now }) =>
        orderText(order, { locale, formats, timeZone, now }),
    },
    Shipment: {
      deliveryText: (parcel: Parcel, { timeZone }: Zoned, { locale, now }) =>
        parcelText(parcel, { locale, formats, timeZone, now }),
    },
  };
}
