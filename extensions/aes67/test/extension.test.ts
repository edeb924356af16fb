import { activateExtension } from '@tutti/test';
import { expect, it } from 'vitest';
import * as extension from '../src/extension.ts';
import { sapApi } from './sap-api.ts';

it('registers SAP both ways and leaves nothing behind when it is deactivated', async () => {
  const fake = sapApi();
  const active = await activateExtension(extension, fake);
  expect(fake.registered).toEqual(['discovery sap', 'publishing sap']);
  await active.deactivate();
  expect(fake.leaked).toBe(0);
});
