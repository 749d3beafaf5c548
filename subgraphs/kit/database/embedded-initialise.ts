// Owns the short-lived process that creates an embedded database in the folder it is given, and ends.
import { PGlite } from '@electric-sql/pglite';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Give the folder to create the database in.');
// Nobody is left to rename the folder: the next start cleans up.
process.once('disconnect', () => process.exit(1));
const database = await PGlite.create(folder);
await database.close();
process.exit(0);
