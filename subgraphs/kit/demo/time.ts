// Owns the demo world's calendar: it ends on a fixed day, so that seeds never depend on when they run.

export const demoEnd = new Date('2026-11-15T12:00:00.000Z');

const day = 24 * 60 * 60 * 1000;

export function daysBefore(moment: Date, days: number): Date {
  return new Date(moment.getTime() - days * day);
}

export function daysAfter(moment: Date, days: number): Date {
  return new Date(moment.getTime() + days * day);
}
