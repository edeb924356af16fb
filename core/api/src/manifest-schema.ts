import { hookNames } from './hooks.ts';
import { menuPlaces, viewPlaces } from './manifest.ts';

/**
 * JSON Schema (draft 7) of the part of package.json that Tutti reads. What npm reads beside it is not looked at;
 * `contributes` is strict, so that a slip of the pen is found and not passed over.
 */
const name = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' };
const extensionId = {
  type: 'string',
  pattern: '^[a-z0-9][a-z0-9-]{0,63}\\.[a-z0-9][a-z0-9-]{0,63}$',
  description: 'publisher.name',
};
const contributionId = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' };
const nativeId = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$' };
/** A path that stays inside the extension's folder. */
const inside = { type: 'string', pattern: '^(?!/)(?!.*\\.\\.)(?!.*\\\\).+$', maxLength: 256 };
const text = { type: 'string', minLength: 1, maxLength: 256 };
const icon = { type: 'string', pattern: '^[a-z0-9-]{1,64}$', description: 'Name of a codicon, as broadcast' };
const when = { ...text, description: "When clause, as session.state == 'announced' && !readOnly" };
const key = {
  type: 'string',
  minLength: 1,
  maxLength: 64,
  description: 'As ctrl+shift+d; mod is Command or Control',
};

const object = (required: Record<string, object>, optional: Record<string, object> = {}): object => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(required),
  properties: { ...required, ...optional },
});
const list = (maxItems: number, description: string, items: object): object => ({
  type: 'array',
  maxItems,
  description,
  items,
});
/** Lists by place. */
const places = (names: readonly string[], description: string, items: object): object => ({
  type: 'object',
  additionalProperties: false,
  description,
  properties: Object.fromEntries(names.map((place) => [place, { type: 'array', maxItems: 64, items }])),
});
const labelled = { id: contributionId, label: text };

const contributes = {
  type: 'object',
  additionalProperties: false,
  properties: {
    native: list(
      64,
      'Codecs and clock sources in native libraries (native/include/tutti)',
      object(
        {
          kind: { enum: ['codec', 'clock'] },
          id: nativeId,
          abi: { type: 'integer', minimum: 1, description: 'Major version of the ABI it was built for' },
          library: {
            ...inside,
            description: 'Path below dist/ without ending, so that each platform has its own file',
          },
        },
        {
          inside: { ...nativeId, description: 'Of a codec: the encoding whose streams it reads, as in L24' },
          automaticFrom: {
            type: 'integer',
            minimum: 1,
            description: 'With inside: rate in Hz from which on it reads them by itself',
          },
        },
      ),
    ),
    discovery: list(16, 'What finds sessions: api.discovery.registerProvider', object(labelled)),
    publishing: list(16, 'What announces our senders: api.publishing.registerPublisher', object(labelled)),
    hooks: {
      ...list(hookNames.length, 'Pipelines it steps into: api.hooks', { enum: hookNames }),
      uniqueItems: true,
    },
    commands: list(
      128,
      'What people can have done: api.commands.registerCommand',
      object({ command: contributionId, title: text }, { category: text, icon, enablement: when }),
    ),
    menus: places(
      menuPlaces,
      'Where commands are offered',
      object({ command: contributionId }, { when, group: { ...text, maxLength: 64 } }),
    ),
    keybindings: list(
      64,
      'Keys that run commands',
      object(
        { command: contributionId, key },
        { mac: key, when, arguments: { type: 'object', maxProperties: 32 } },
      ),
    ),
    views: places(
      viewPlaces,
      'Trees, tables and web pages in the workbench: api.views',
      object(
        { id: contributionId, name: text, type: { enum: ['tree', 'table', 'web'] } },
        {
          icon,
          when,
          columns: {
            ...list(
              32,
              'Of a table',
              object({ id: contributionId, label: text }, { type: { enum: ['text', 'number', 'boolean'] } }),
            ),
            minItems: 1,
          },
          entry: {
            ...inside,
            pattern: '^(?!/)(?!.*\\.\\.)(?!.*\\\\).+/.+\\.html$',
            description: 'Of a web view: an HTML file in a folder of its own',
          },
        },
      ),
    ),
    statusItems: list(
      16,
      'Texts in the status bar: api.statusItems.createItem',
      object(labelled, {
        alignment: { enum: ['left', 'right'] },
        priority: { type: 'number' },
        when,
      }),
    ),
    diagnosis: list(
      32,
      'Checks of tutti doctor: api.diagnosis.registerCheck',
      object({ ...labelled, subject: { enum: ['machine', 'receiver'] } }),
    ),
    hal: list(
      8,
      'What makes the device visible to applications: api.hal.registerDriver',
      object(labelled, {
        platforms: { type: 'array', minItems: 1, uniqueItems: true, items: { enum: ['linux', 'darwin'] } },
      }),
    ),
    configuration: {
      type: 'object',
      description: 'Settings: JSON Schema of each key; keys begin with the name of the extension',
      maxProperties: 128,
      propertyNames: { pattern: '^[a-z0-9][A-Za-z0-9.-]{0,127}$' },
      additionalProperties: { type: 'object', required: ['default'] },
    },
  },
};

export const manifestSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://tutti.audio/schema/manifest.json',
  title: 'Manifest of a Tutti extension (package.json)',
  type: 'object',
  required: ['publisher', 'name', 'version', 'engines'],
  properties: {
    publisher: { ...name, description: 'Who makes it; publisher.name is its id' },
    name,
    displayName: text,
    description: { type: 'string', maxLength: 1024 },
    version: { type: 'string', maxLength: 64, description: 'Semantic version' },
    engines: {
      type: 'object',
      required: ['tutti'],
      properties: { tutti: { type: 'string', maxLength: 64, description: 'Range of versions, as ^1.0.0' } },
    },
    main: { ...inside, description: 'Module that exports activate(context)' },
    activationEvents: {
      type: 'array',
      uniqueItems: true,
      items: { enum: ['onStartup'] },
      description: 'When its code starts to run, beyond what its contributions imply',
    },
    extensionDependencies: {
      type: 'array',
      maxItems: 32,
      uniqueItems: true,
      items: extensionId,
      description: 'Extensions that must be active before this one',
    },
    permissions: {
      type: 'array',
      maxItems: 16,
      uniqueItems: true,
      items: { enum: ['net.multicast', 'net.unicast', 'native', 'fs.read', 'process'] },
    },
    contributes,
  },
} as const;
