// Owns where a BFF keeps its manifests: what its documents are now, and what released versions of its clients were built with.
import { join } from 'node:path';

export interface ManifestPlaces {
  /** A file, which `npm run documents` makes. */
  manifest: string;
  /** A folder of manifests, one for each version that people still have; there need be none. */
  released: string;
}

/** `home` is the folder of the declaration. */
export function manifestPlaces(home: string): ManifestPlaces {
  return {
    manifest: join(home, 'generated', 'persisted-query-manifest.json'),
    released: join(home, 'released'),
  };
}
