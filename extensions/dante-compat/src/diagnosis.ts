import type { DiagnosisCheck, DiagnosisResult } from '@tutti/api';
import { prefixOf, type DanteDevice } from './devices/device.ts';
import type { SenderWatch } from './senders/sender-watch.ts';

/** Whether the Dante devices that are there can exchange AES67 streams with us. */
export function devicesCheck(devices: () => readonly DanteDevice[]): DiagnosisCheck {
  return { id: 'dante-compat.devices', check: async () => judgeDevices(devices()) };
}

/** Whether Dante devices can receive what we send. */
export function sendersCheck(devices: () => readonly DanteDevice[], senders: SenderWatch): DiagnosisCheck {
  return { id: 'dante-compat.senders', check: async () => judgeSenders(devices(), senders) };
}

function judgeDevices(devices: readonly DanteDevice[]): DiagnosisResult {
  const present = devices.filter(({ state }) => state === 'present');
  if (present.length === 0) return { result: 'skipped', message: 'No Dante device is there.' };
  const silent = present.find(({ problem }) => problem !== undefined);
  if (silent) {
    return {
      result: 'warning',
      message: `Dante device ${silent.name} is announced but cannot be read: ${silent.problem ?? ''}`,
      fix: 'Look for a firewall, and for devices of the same address.',
    };
  }
  const off = present.filter(
    (device) => device.settings.aes67?.active === false && prefixOf(device) !== undefined,
  );
  const [first] = off;
  if (first) {
    const waits = first.settings.aes67?.configured === true;
    return {
      result: 'warning',
      message: `AES67 mode of Dante device ${first.name} is off${off.length > 1 ? `, and of ${off.length - 1} more` : ''}: it neither sends streams that we receive nor receives ours.`,
      fix: waits
        ? 'It is switched on from the next start of the device: restart it.'
        : 'In Dante Controller, open the device, switch AES67 mode on and restart the device.',
    };
  }
  return { result: 'ok', message: `${present.length} Dante devices are there and can be read.` };
}

function judgeSenders(devices: readonly DanteDevice[], senders: SenderWatch): DiagnosisResult {
  if (!devices.some(({ state }) => state === 'present')) {
    return { result: 'skipped', message: 'No Dante device is there that could receive our senders.' };
  }
  const ids = senders.senders();
  if (ids.length === 0) return { result: 'skipped', message: 'No sender of ours is announced.' };
  for (const id of ids) {
    const [finding] = senders.findings(id) ?? [];
    if (!finding) continue;
    const fix = `${finding.fix} The command dante-compat.fixSender does what can be done.`;
    return { result: 'warning', message: `Sender ${id} for Dante devices: ${finding.message}`, fix };
  }
  return { result: 'ok', message: `Dante devices can receive all ${ids.length} senders.` };
}
