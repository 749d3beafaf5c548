// Owns what is put on top of an answer: headers about its client, and about how often it may ask.
import type { Admission } from '../clients/client-gate.ts';
import { type RateState, rateHeaders } from '../limits/rates/rate-headers.ts';
import type { HttpAnswer } from './handle-request.ts';

export function withHeaders(answer: HttpAnswer, headers: Admission['headers']): HttpAnswer {
  return headers.length === 0 ? answer : { ...answer, headers: [...answer.headers, ...headers] };
}

export function withRates(answer: HttpAnswer, rates: readonly RateState[] | undefined): HttpAnswer {
  if (rates === undefined || rates.length === 0) return answer;
  return { ...answer, headers: [...answer.headers, ...rateHeaders(rates)], rates };
}
