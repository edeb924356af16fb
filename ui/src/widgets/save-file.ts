/** Lets the browser save a file. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = safeName(name);
  link.click();
  // The download has begun; the address is only needed to start it.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** Names from the network become file names: nothing in them may mean a folder or be unprintable. */
export function safeName(name: string): string {
  const clean = name
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.replace(/^[. ]+/, '').slice(0, 100) || 'tutti';
}
