import { spawn } from 'node:child_process';

/** Opens an address in the user's browser, if there is a screen to show it on. */
export function openBrowser(url: string): boolean {
  const isMac = process.platform === 'darwin';
  if (!isMac && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return false;
  const child = spawn(isMac ? 'open' : 'xdg-open', [url], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
  return true;
}
