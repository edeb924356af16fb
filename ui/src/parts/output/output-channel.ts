import { Store } from '../../workbench/store.ts';

/** Which log the output panel shows: `host`, `engine`, or an extension's id. Kept while the page is open. */
export const outputChannel = new Store('host');
