import type { Disposable } from '@tutti/base';
import { expect, it } from 'vitest';
import { activate } from '../src/extension.ts';
import { FakeApi } from './fake-api.ts';

it('registers SAP both ways and leaves nothing behind when it is deactivated', () => {
  const fake = new FakeApi();
  const items: Disposable[] = [];
  activate({
    api: fake.api,
    subscriptions: {
      add: (item) => {
        items.push(item);
        return item;
      },
    },
  });
  expect(fake.registered).toEqual([
    'status aes67.sap',
    'discovery sap',
    'publishing sap',
    'command aes67.announceNow',
  ]);
  for (const item of items.reverse()) item.dispose();
  expect(fake.leaked).toBe(0);
});
