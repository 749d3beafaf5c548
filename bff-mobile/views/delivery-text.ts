// Owns saying when parcels arrive, or arrived, as people say it: in days from today.
import { badArgument } from './bad-argument.ts';
import type { Formats, Wording } from './formats.ts';
import { type InLanguages, speechFor } from './languages.ts';
import type { OrderStatus } from './order-status.ts';

export interface Parcel {
  status: 'PREPARING' | 'IN_TRANSIT' | 'OUT_FOR_DELIVERY' | 'DELIVERED' | 'RETURNED';
  /** RFC 3339, both. */
  estimatedDelivery: string | null;
  deliveredAt: string | null;
}

export interface Order {
  status: OrderStatus;
  shipments: readonly Parcel[] | null;
}

export interface Here extends Wording {
  /** A name of the IANA database. */
  timeZone: string;
  now: Date;
}

interface Texts {
  /** `{when}` becomes e.g. `tomorrow`. */
  arrives: string;
  delivered: string;
  late: string;
}

const texts: InLanguages<Texts> = {
  en: { arrives: 'Arrives {when}', delivered: 'Delivered {when}', late: 'Delayed' },
  de: { arrives: 'Kommt {when}', delivered: 'Zugestellt {when}', late: 'Verspätet' },
  fr: { arrives: 'Arrive {when}', delivered: 'Livré {when}', late: 'En retard' },
  it: { arrives: 'Arriva {when}', delivered: 'Consegnato {when}', late: 'In ritardo' },
  es: { arrives: 'Llega {when}', delivered: 'Entregado {when}', late: 'Con retraso' },
  pt: { arrives: 'Chega {when}', delivered: 'Entregue {when}', late: 'Atrasado' },
  da: { arrives: 'Kommer {when}', delivered: 'Leveret {when}', late: 'Forsinket' },
  cs: { arrives: 'Dorazí {when}', delivered: 'Doručeno {when}', late: 'Opožděno' },
};

const day = 24 * 60 * 60 * 1000;

/** `Arrives tomorrow`, `Delivered 2 days ago`, `Delayed`; null while nobody can say, and when it went back. */
export function parcelText({ status, estimatedDelivery, deliveredAt }: Parcel, here: Here): string | null {
  if (status === 'RETURNED') return null;
  if (deliveredAt !== null) return said('delivered', daysUntil(deliveredAt, here), here);
  if (status === 'OUT_FOR_DELIVERY') return said('arrives', 0, here);
  if (status === 'DELIVERED' || estimatedDelivery === null) return null;
  const days = daysUntil(estimatedDelivery, here);
  return said(days < 0 ? 'late' : 'arrives', days, here);
}

/** Of its parcels the one that arrives last. */
export function orderText({ status, shipments }: Order, here: Here): string | null {
  if (status === 'CANCELLED' || status === 'RETURNED') return null;
  const under = (shipments ?? []).filter(({ status }) => status !== 'RETURNED');
  const waiting = under.filter(({ deliveredAt }) => deliveredAt === null);
  const last = latest(waiting.length > 0 ? waiting : under);
  return last === undefined ? null : parcelText(last, here);
}

function latest(parcels: readonly Parcel[]): Parcel | undefined {
  const when = ({ deliveredAt, estimatedDelivery }: Parcel) =>
    Date.parse(deliveredAt ?? estimatedDelivery ?? '') || 0;
  return [...parcels].sort((a, b) => when(b) - when(a))[0];
}

function said(what: keyof Texts, days: number, { locale: wanted, formats }: Here): string {
  const { texts: words, locale } = speechFor(texts, wanted);
  const format = formats.relativeTime(locale);
  const away = Math.abs(days);
  const when =
    away < 30
      ? format.format(days, 'day')
      : away < 365
        ? format.format(Math.trunc(days / 30), 'month')
        : format.format(Math.trunc(days / 365), 'year');
  return words[what].replace('{when}', when);
}

/** Midnights between now and then: what arrives at one in the morning arrives tomorrow. */
function daysUntil(moment: string, { now, timeZone, formats }: Here): number {
  const format = calendar(timeZone, formats);
  const dayOf = (date: Date): number => {
    const part = (wanted: string): number =>
      Number(format.formatToParts(date).find(({ type }) => type === wanted)?.value);
    return Date.UTC(part('year'), part('month') - 1, part('day')) / day;
  };
  return dayOf(new Date(moment)) - dayOf(now);
}

function calendar(timeZone: string, formats: Formats): Intl.DateTimeFormat {
  try {
    return formats.calendar(timeZone);
  } catch {
    throw badArgument('timeZone', 'name a zone of the IANA database, for example "Europe/Vienna"');
  }
}
