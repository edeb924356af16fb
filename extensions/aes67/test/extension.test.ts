import { activateExtension } from '@tutti/test';
import { expect, it } from 'vitest';
import * as extension from '../src/extension.ts';
import { sapApi } from './sap-api.ts';

it('registers SAP both ways and leaves nothing behind when it is deactivated', async () => {
  const fake = sapApi();
  const active = await activateExtension(extension, fake);
  expect(fake.registered).toEqual([
    'status aes67.sap',
    'discovery sap',
    'publishing sap',
    'command aes67.announceNow',
  ]);
  await active.deactivate();
  expect(fake.leaked).toBe(0);
});
