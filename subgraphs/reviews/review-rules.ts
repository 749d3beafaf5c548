// Owns what a review must be like, and the user errors that say so.

export interface ReviewError {
  code: 'INVALID_RATING' | 'INVALID_TEXT' | 'ALREADY_REVIEWED' | 'INVALID_PRODUCT' | 'NOT_FOUND';
  message: string;
  field: string[];
}

export interface ReviewText {
  title: string;
  body: string;
}

/** A page has no room for control characters, and PostgreSQL none for U+0000. A body may have paragraphs. */
const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_BREAKS = /[^\P{Cc}\n\r\t]/u;

/** Everything that is wrong with the parts given; parts left out are not looked at. Texts are expected trimmed. */
export function reviewProblems(review: {
  rating?: number | undefined;
  title?: string | undefined;
  body?: string | undefined;
}): ReviewError[] {
  const { rating, title, body } = review;
  const problems: ReviewError[] = [];
  if (rating !== undefined && (rating < 1 || rating > 5)) {
    problems.push({
      code: 'INVALID_RATING',
      message: `A rating is 1 to 5 stars, not ${rating}.`,
      field: ['input', 'rating'],
    });
  }
  if (title !== undefined && (!hasLength(title, 3, 120) || CONTROL.test(title))) {
    problems.push({
      code: 'INVALID_TEXT',
      message: 'A title is one line of 3 to 120 characters.',
      field: ['input', 'title'],
    });
  }
  if (body !== undefined && (!hasLength(body, 10, 5000) || CONTROL_BUT_BREAKS.test(body))) {
    problems.push({
      code: 'INVALID_TEXT',
      message: 'A review has 10 to 5000 characters of plain text.',
      field: ['input', 'body'],
    });
  }
  return problems;
}

/** What the catalog calls its products, seeded or made later; whether there is such a one, only the catalog knows. */
export function productIdProblems(productId: string): ReviewError[] {
  if (/^product-[a-z0-9-]{1,64}$/.test(productId)) return [];
  return [
    {
      code: 'INVALID_PRODUCT',
      message: 'This is not the id of a product.',
      field: ['input', 'productId'],
    },
  ];
}

/** The same for a review that is not there and for one of somebody else. */
export function reviewNotFound(field: string[]): ReviewError {
  return { code: 'NOT_FOUND', message: 'There is no such review of yours.', field };
}

/** Counted as PostgreSQL counts: an emoji is one character. */
function hasLength(text: string, least: number, most: number): boolean {
  const length = [...text].length;
  return length >= least && length <= most;
}
