// Owns the address of a product's picture at the size and in the format that the app draws it.
import { badArgument } from './bad-argument.ts';

export type ImageFormat = 'AVIF' | 'WEBP' | 'JPEG';

export interface ThumbnailArguments {
  /** In pixels. */
  width: number;
  format: ImageFormat;
}

const narrowest = 16;
const widest = 2048;
/** As the shop's image server calls them. */
const formats: Readonly<Record<ImageFormat, string>> = { AVIF: 'avif', WEBP: 'webp', JPEG: 'jpg' };

/**
 * The first picture, scaled by the image server: `w` is the width, `fm` the format; what else its address says stays. null
 * without a picture.
 */
export function thumbnail(
  images: readonly { url: string }[],
  { width, format }: ThumbnailArguments,
): string | null {
  if (width < narrowest || width > widest) throw badArgument('width', `be ${narrowest} to ${widest}`);
  const [first] = images;
  if (first === undefined) return null;
  const url = new URL(first.url);
  url.searchParams.set('w', String(width));
  url.searchParams.set('fm', formats[format]);
  return url.href;
}
