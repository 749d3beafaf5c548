// Owns the words of seeded reviews: pieces that fit a number of stars and any product, in the singular or not.
import type { Chance } from '../kit/demo/random.ts';
import type { ReviewText } from './review-rules.ts';

interface Opinions {
  titles: string[];
  openings: string[];
  details: string[];
  endings: string[];
}

/** `{thing}` is the product's noun in small letters, always an object: it may be a plural. */
const delighted: Opinions = {
  titles: [
    'Exactly what I hoped for',
    'Five stars, no hesitation',
    'Worth every cent',
    'Better than in the pictures',
    'Could not be happier',
    'A joy every day',
    'Finally found the right one',
    'Built to last',
    'Would buy again tomorrow',
    'Best {thing} I have owned',
  ],
  openings: [
    'I had wanted the {thing} for months and was not disappointed.',
    'Bought this as a gift and ended up ordering a second time for myself.',
    'A friend told me about the {thing}, and now I tell everybody.',
    'After two cheap ones that broke, I decided to spend a little more.',
    'My whole family fights over who gets to use the {thing}.',
    'I read a lot of reviews before choosing, and the good ones are right.',
  ],
  details: [
    'The finish is flawless, with not a single rough edge.',
    'You can tell that somebody thought about the small things.',
    'The materials feel solid without being heavy.',
    'The colour is warmer than on the screen, which I like.',
    'Setting everything up took two minutes and no tools.',
    'Cleaning is easy, which matters more than one thinks.',
    'Comes in a box without plastic, just as promised.',
    'Holds up very well in daily use.',
    'Looks far more expensive than the price suggests.',
  ],
  endings: [
    'Recommended without any reservation.',
    'I would order from this brand again.',
    'Nothing to complain about, and I am hard to please.',
    'Thank you for a product that keeps its promises.',
    'If you are in doubt: go for it.',
  ],
};

const content: Opinions = {
  titles: [
    'Very good, with one small flaw',
    'Solid choice',
    'Good value for money',
    'Nearly perfect',
    'Does what it should',
    'Happy with my purchase',
    'Good quality, plain packaging',
    'A reliable {thing}',
    'Four stars from me',
  ],
  openings: [
    'Overall I am happy with the {thing}.',
    'Not my first {thing}, and certainly one of the better buys.',
    'I hesitated because of the price, but it was the right decision.',
    'Everything arrived as described.',
    'I needed the {thing} for every day, and that is what I got.',
  ],
  details: [
    'The build quality is good.',
    'The size is right, though I would have liked one step more to choose from.',
    'The instructions could be clearer, but you hardly need them.',
    'There was a faint smell on the first day, gone on the second.',
    'The colour differs a little from the picture.',
    'A little heavier than I expected.',
    'One seam is not quite straight; nobody but me will ever notice.',
    'In use there is nothing to complain about.',
    'I wish there were a spare part in the box.',
  ],
  endings: [
    'Would buy again.',
    'One star less for the details, otherwise great.',
    'For this price I would recommend it.',
    'Good, not spectacular, and that is fine.',
    'My second choice would not have been better.',
  ],
};

const torn: Opinions = {
  titles: [
    'Okay, but no more than that',
    'Mixed feelings',
    'Average',
    'You get what you pay for',
    'Not bad, not great',
    'Expected a bit more',
    'Fine for now and then',
  ],
  openings: [
    'I am of two minds about the {thing}.',
    'After all the praise here I expected more.',
    'For now and then the {thing} will do.',
    'The idea is good, the execution is average.',
  ],
  details: [
    'The material feels thinner than the photos suggest.',
    'It works, but never feels quite right.',
    'The colour is not the one I ordered, though close.',
    'The first one had a scratch; the replacement came quickly.',
    'Some corners were cut where you do not see it at once.',
    'The instructions are of no help at all.',
    'At half the price I would be happy.',
  ],
  endings: [
    'I keep it, but I would look around next time.',
    'Good enough, nothing to write home about.',
    'Three stars because support was friendly.',
    'Wait for a sale.',
  ],
};

const disappointed: Opinions = {
  titles: [
    'Disappointed',
    'Save your money',
    'Broke within a month',
    'Not as described',
    'Looks good, works badly',
    'Would not buy again',
    'Sending it back',
    'Poor quality for this price',
  ],
  openings: [
    'I really wanted to like the {thing}.',
    'I do not understand the good reviews.',
    'The pictures promise far more than what was in the box.',
    'I had the {thing} for three weeks before the trouble began.',
  ],
  details: [
    'The first part came loose on the second day.',
    'The finish came off after one cleaning.',
    'Measurements do not match the description at all.',
    'It smells of chemicals even after a week of airing.',
    'The edges are sharp and badly finished.',
    'It arrived with dents although the box was intact.',
    'Every detail feels cheap.',
  ],
  endings: [
    'I asked for my money back.',
    'Support answered quickly, which is the only reason for the star.',
    'I would rather have paid more for something that lasts.',
    'Not recommended.',
    'Back to my old one, sadly.',
  ],
};

const byRating: Record<number, Opinions> = {
  1: disappointed,
  2: disappointed,
  3: torn,
  4: content,
  5: delighted,
};

/** A title and a body that go with this many stars for a thing such as `Frying Pan`. */
export function opinionOf({
  rating,
  noun,
  chance,
}: {
  rating: number;
  noun: string;
  chance: Chance;
}): ReviewText {
  const { titles, openings, details, endings } = byRating[rating] ?? torn;
  const first = chance.pick(details);
  const others = details.filter((detail) => detail !== first);
  const sentences = [
    ...(chance.happens(0.8) ? [chance.pick(openings)] : []),
    first,
    ...(chance.happens(0.6) ? [chance.pick(others)] : []),
    ...(chance.happens(0.7) ? [chance.pick(endings)] : []),
  ];
  const spoken = (text: string) => text.replaceAll('{thing}', noun.toLowerCase());
  return { title: spoken(chance.pick(titles)), body: spoken(sentences.join(' ')) };
}
