// Owns what the explorers say where the schema cannot be read: without a word they would look broken.

/** HTML of one line; empty where the schema can be read. */
export function schemaNote(tellsSchema: boolean): string {
  if (tellsSchema) return '';
  const style = 'margin: 0; padding: 0.5rem 1rem; font: 1rem system-ui; background: #fff4ce; color: #201f1e';
  return `<p id="schema-note" style="${style}">The schema cannot be read here: there is no documentation and no completion. Operations can be sent all the same.</p>`;
}
