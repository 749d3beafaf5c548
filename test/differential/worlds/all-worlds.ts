// Lists the worlds; each puts the weight on another part of federation.
import type { World } from '../graph/world.ts';
import { hub } from './hub.ts';
import { media } from './media.ts';
import { office } from './office.ts';
import { people } from './people.ts';
import { shop } from './shop.ts';
import { travel } from './travel.ts';
import { zoo } from './zoo.ts';

export const worlds: readonly World[] = [shop, media, people, travel, zoo, office, hub];
