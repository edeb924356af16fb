/** Ids of extensions' commands and parts in our registries: a stranger's `settings.json` is not ours. */
export const ownId = (id: string): string => `extension/${id}`;
