// Owns what is said about the stock of a product, where there is something to say.
import { type InLanguages, speechFor } from './languages.ts';

export type Availability = 'IN_STOCK' | 'LOW_STOCK' | 'BACKORDER' | 'OUT_OF_STOCK';

type Labels = Readonly<Record<Exclude<Availability, 'IN_STOCK'>, string>>;

const labels: InLanguages<Labels> = {
  en: { LOW_STOCK: 'Only a few left', BACKORDER: 'Back soon', OUT_OF_STOCK: 'Sold out' },
  de: { LOW_STOCK: 'Nur noch wenige', BACKORDER: 'Bald wieder da', OUT_OF_STOCK: 'Ausverkauft' },
  fr: { LOW_STOCK: 'Plus que quelques-uns', BACKORDER: 'Bientôt de retour', OUT_OF_STOCK: 'Épuisé' },
  it: { LOW_STOCK: 'Ultimi pezzi', BACKORDER: 'Presto di nuovo', OUT_OF_STOCK: 'Esaurito' },
  es: { LOW_STOCK: 'Quedan pocos', BACKORDER: 'Vuelve pronto', OUT_OF_STOCK: 'Agotado' },
  pt: { LOW_STOCK: 'Restam poucos', BACKORDER: 'De volta em breve', OUT_OF_STOCK: 'Esgotado' },
  da: { LOW_STOCK: 'Kun få tilbage', BACKORDER: 'Snart tilbage', OUT_OF_STOCK: 'Udsolgt' },
  cs: { LOW_STOCK: 'Posledních pár kusů', BACKORDER: 'Brzy opět', OUT_OF_STOCK: 'Vyprodáno' },
};

/** null where there is plenty, or nobody knows. */
export function stockLabel(availability: Availability | null, locale: string): string | null {
  if (availability === null || availability === 'IN_STOCK') return null;
  return speechFor(labels, locale).texts[availability];
}
