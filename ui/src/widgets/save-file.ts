/** Lets the browser save a file. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = safeName(name, 100);
  link.click();
  // The download has begun; the address is only needed to start it.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/**
 * Names from the network become file names: nothing in them may mean a folder or be unprintable.
 * @param most characters; leaves room for what a file is and its ending
 */
export function safeName(name: string, most = 60): string {
  const clean = name
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return (
    clean
      .replace(/^[. ]+/, '')
      .slice(0, most)
      .trim() || 'tutti'
  );
}
