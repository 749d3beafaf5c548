// Owns to whom a parcel is shown: its row says who bought what is inside.
import { isOwner, isSupport } from '../kit/rules/ownership.ts';
import { or, type Permissions } from '../kit/rules/shield.ts';

export const permissions: Permissions = {
  shownTo: { Shipment: or(isOwner, isSupport) },
};
