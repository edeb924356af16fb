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
const contributionId = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$' };
/** A path that stays inside the extension's folder. */
const inside = { type: 'string', pattern: '^(?!/)(?!.*\\.\\.)(?!.*\\\\).+$', maxLength: 256 };
const text = { type: 'string', minLength: 1, maxLength: 256 };

const contributes = {
  type: 'object',
  additionalProperties: false,
  properties: {
    native: {
      type: 'array',
      maxItems: 64,
      description: 'Codecs and clock sources in native libraries (native/include/tutti)',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'id', 'abi', 'library'],
        properties: {
          kind: { enum: ['codec', 'clock'] },
          id: contributionId,
          abi: { type: 'integer', minimum: 1, description: 'Major version of the ABI it was built for' },
          library: {
            ...inside,
            description: 'Path below dist/ without ending, so that each platform has its own file',
          },
        },
      },
    },
    discovery: {
      type: 'array',
      maxItems: 16,
      description: 'Providers that find sessions, registered by api.discovery.registerProvider',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'label'],
        properties: { id: contributionId, label: text },
      },
    },
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
