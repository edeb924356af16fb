import type { ExtensionContext, TuttiApi } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { registerCommands } from './commands.ts';
import { fallbackPrefix, refreshMs } from './configuration.ts';
import { DeviceDirectory, serviceType } from './devices/device-directory.ts';
import { RememberedDevices } from './devices/remembered-devices.ts';
import { devicesCheck, sendersCheck } from './diagnosis.ts';
import { receivingSide } from './senders/receiving-side.ts';
import { SenderWatch } from './senders/sender-watch.ts';
import { ChannelNames } from './sessions/channel-names.ts';
import { Signal } from './signal.ts';
import { treeChildren } from './view/device-tree.ts';

let remembered: RememberedDevices | undefined;

/** The PTPv1 observer is native and stands in the manifest; this is everything that Dante devices say of themselves. */
export async function activate({ api, subscriptions }: ExtensionContext): Promise<void> {
  const devices = new DeviceDirectory({
    log: api.log,
    interfaces: () => api.network.interfaces(),
    refreshMs: () => refreshMs(api),
  });
  subscriptions.add(devices);
  remembered = new RememberedDevices(devices, api.storage, api.log);
  subscriptions.add(remembered);
  subscriptions.add(api.network.onDidChangeInterfaces((interfaces) => devices.setInterfaces(interfaces)));
  subscriptions.add(new ChannelNames(api, devices));

  const changed = new Signal<undefined>((error) => api.log.error('dante.listener', String(error)));
  subscriptions.add(changed);
  const side = (): ReturnType<typeof receivingSide> => receivingSide(devices.list(), fallbackPrefix(api));
  const senders = new SenderWatch(side, () => changed.fire(undefined));
  subscriptions.add(api.publishing.registerPublisher(senders));
  for (const command of registerCommands({ api, devices, senders })) subscriptions.add(command);
  subscriptions.add(api.diagnosis.registerCheck(devicesCheck(() => devices.list())));
  subscriptions.add(api.diagnosis.registerCheck(sendersCheck(() => devices.list(), senders)));

  subscriptions.add(
    api.views.registerTree('dante-compat.devices', {
      children: async (parent) => treeChildren(devices.list(), parent),
      onDidChange: (listener) => devices.onDidChange(() => listener(undefined)),
    }),
  );
  subscriptions.add(showCount(api, devices));
  await remembered.start();
  // Last, so that nothing of what is found is missed.
  for (const type of Object.values(serviceType)) {
    const browser = api.mdns.browse(type);
    subscriptions.add(browser);
    subscriptions.add(browser.onDidFind((service) => devices.found(service)));
    subscriptions.add(browser.onDidLose((key) => devices.lost(key)));
    for (const service of browser.services) devices.found(service);
  }
}

export async function deactivate(): Promise<void> {
  await remembered?.flush();
  remembered = undefined;
}

/** In the status bar: how many devices are there. Not shown on networks without. */
function showCount(api: TuttiApi, devices: DeviceDirectory): Disposable {
  const item = api.statusItems.createItem('dante-compat.devices');
  let shown = '';
  const following = devices.onDidChange(() => {
    const present = devices.list().filter(({ state }) => state === 'present');
    const text = `Dante: ${present.length}`;
    if (text === shown) return;
    shown = text;
    item.update({
      text,
      tooltip:
        present
          .map(({ name }) => name)
          .join(', ')
          .slice(0, 1000) || 'No device is there any more',
    });
  });
  return {
    dispose: () => {
      following.dispose();
      item.dispose();
    },
  };
}
