// Owns how the app says how far an order has come: a label, and its colour.
import { type InLanguages, speechFor } from './languages.ts';

export type OrderStatus = 'PLACED' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | 'RETURNED';

const labels: InLanguages<Readonly<Record<OrderStatus, string>>> = {
  en: {
    PLACED: 'Waiting for payment',
    PAID: 'Being packed',
    SHIPPED: 'On its way',
    DELIVERED: 'Delivered',
    CANCELLED: 'Cancelled',
    RETURNED: 'Returned',
  },
  de: {
    PLACED: 'Wartet auf Zahlung',
    PAID: 'Wird gepackt',
    SHIPPED: 'Unterwegs',
    DELIVERED: 'Zugestellt',
    CANCELLED: 'Storniert',
    RETURNED: 'Zurückgeschickt',
  },
  fr: {
    PLACED: 'En attente de paiement',
    PAID: 'En préparation',
    SHIPPED: 'En route',
    DELIVERED: 'Livrée',
    CANCELLED: 'Annulée',
    RETURNED: 'Retournée',
  },
  it: {
    PLACED: 'In attesa di pagamento',
    PAID: 'In preparazione',
    SHIPPED: 'In viaggio',
    DELIVERED: 'Consegnato',
    CANCELLED: 'Annullato',
    RETURNED: 'Restituito',
  },
  es: {
    PLACED: 'Pendiente de pago',
    PAID: 'En preparación',
    SHIPPED: 'En camino',
    DELIVERED: 'Entregado',
    CANCELLED: 'Cancelado',
    RETURNED: 'Devuelto',
  },
  pt: {
    PLACED: 'A aguardar pagamento',
    PAID: 'Em preparação',
    SHIPPED: 'A caminho',
    DELIVERED: 'Entregue',
    CANCELLED: 'Cancelado',
    RETURNED: 'Devolvido',
  },
  da: {
    PLACED: 'Afventer betaling',
    PAID: 'Pakkes',
    SHIPPED: 'På vej',
    DELIVERED: 'Leveret',
    CANCELLED: 'Annulleret',
    RETURNED: 'Returneret',
  },
  cs: {
    PLACED: 'Čeká na platbu',
    PAID: 'Balíme',
    SHIPPED: 'Na cestě',
    DELIVERED: 'Doručeno',
    CANCELLED: 'Zrušeno',
    RETURNED: 'Vráceno',
  },
};

/** White letters on each have a contrast of 4.5 and more. */
const colours: Readonly<Record<OrderStatus, string>> = {
  PLACED: '#8a5a00',
  PAID: '#0b5cad',
  SHIPPED: '#0b5cad',
  DELIVERED: '#1f7a3d',
  CANCELLED: '#5f6368',
  RETURNED: '#a3302a',
};

export function statusLabel(status: OrderStatus, locale: string): string {
  return speechFor(labels, locale).texts[status];
}

/** `#rrggbb` */
export function statusColour(status: OrderStatus): string {
  return colours[status];
}
