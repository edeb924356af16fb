import type { ChangeSettings } from '@tutti/common';
import { fail } from '@tutti/base';
import type { FastifyInstance } from 'fastify';
import type { Configuration } from '../state/configuration.ts';
import type { Views } from './views.ts';

export interface SettingsParts {
  readonly configuration: Configuration;
  readonly views: Views;
}

/** Settings: as a list with schemas and values, and as the file that a person edits. */
export function registerSettings(app: FastifyInstance, { configuration, views }: SettingsParts): void {
  const info = () => views.settings();
  app.get('/settings', { schema: { summary: 'Settings, their schemas and values' } }, info);
  app.patch<{ Body: ChangeSettings }>(
    '/settings',
    { schema: { summary: 'Change settings; null is the default', body: changeSettingsSchema } },
    async ({ body }) => {
      const unknown = Object.keys(body).find((key) => !configuration.list().some((each) => each.key === key));
      if (unknown !== undefined) {
        const fix = 'see "tutti setting list"';
        throw fail('notFound', `no part of Tutti has a setting ${unknown}`, { field: unknown, fix });
      }
      const values = Object.entries(body).map(([key, value]) => [key, value ?? undefined] as const);
      await configuration.setAll(Object.fromEntries(values));
      return info();
    },
  );
  app.get('/settings/file', { schema: { summary: 'The file of settings' } }, (_request, reply) => {
    const { text, tag } = configuration.file();
    return reply.header('etag', `"${tag}"`).type('text/plain; charset=utf-8').send(text);
  });
  app.put<{ Body: unknown; Headers: { 'if-match'?: string } }>(
    '/settings/file',
    { schema: { summary: 'Replace the file of settings', consumes: ['text/plain'] } },
    async ({ body, headers }, reply) => {
      if (typeof body !== 'string')
        throw fail('invalid', 'the settings are sent as text/plain', { field: 'file' });
      await configuration.replaceFile(body, headers['if-match']?.replace(/^"|"$/g, ''));
      return reply.header('etag', `"${configuration.file().tag}"`).send(info());
    },
  );
}

const changeSettingsSchema = {
  type: 'object',
  minProperties: 1,
  maxProperties: 256,
  propertyNames: { maxLength: 200 },
};
