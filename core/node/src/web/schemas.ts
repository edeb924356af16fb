/** JSON Schemas of what the host API takes; what they let through is the type of the same name in core/common. */
const object = (properties: Record<string, object>, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const text = (maxLength = 256): object => ({ type: 'string', maxLength });
const number = { type: 'number' };
const integer = { type: 'integer' };
const position = { type: 'integer', minimum: 1, maximum: 128 };

export const addReceiverSchema = object({
  sessionId: text(),
  sdp: text(65536),
  url: text(1024),
  stream: { type: 'integer', minimum: 0 },
  map: text(2048),
  linkOffsetMs: number,
  timing: { enum: ['auto', 'shared', 'resample', 'arrival'] },
  codec: text(32),
  interface: text(),
  name: text(),
});

export const changeReceiverSchema = object({
  name: text(),
  linkOffsetMs: { type: ['number', 'null'] },
  timing: { enum: ['auto', 'shared', 'resample', 'arrival'] },
  codec: text(32),
});

export const changeSenderSchema = object({
  name: text(),
  format: text(),
  ptime: { type: 'number' },
  dest: text(),
});

export const addSenderSchema = object(
  {
    name: text(),
    channels: text(2048),
    format: text(32),
    ptime: number,
    dest: text(),
    interface: text(),
    payloadType: integer,
    dscp: integer,
    ttl: integer,
    share: { type: 'boolean' },
  },
  ['name', 'channels'],
);

export const routesSchema = {
  type: 'array',
  maxItems: 16384,
  items: object(
    { receiverId: text(), senderId: text(), channel: position, input: position, output: position },
    ['channel'],
  ),
};

export const patchSchema = object({
  clear: routesSchema,
  remove: { type: 'array', maxItems: 128, items: text() },
  receive: { type: 'array', maxItems: 128, items: addReceiverSchema },
  set: routesSchema,
  dryRun: { type: 'boolean' },
});

/** A time as `toISOString` writes it, so that texts compare as times do. */
export const sinceSchema = object({
  since: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
});

export const useClockSchema = object({ source: text(64), options: { type: 'object', maxProperties: 64 } }, [
  'source',
]);
export const deviceSchema = object({ rate: integer, name: text() });
export const installSchema = object({ path: text(4096), trustNative: { type: 'boolean' } }, ['path']);
/** A body may be missing. */
export const forceSchema = { ...object({ force: { type: 'boolean' } }), type: ['object', 'null'] };

/** A body may be missing. */
export const runCommandSchema = {
  ...object({
    arguments: { type: 'object', maxProperties: 64 },
    timeoutMs: { type: 'integer', minimum: 1, maximum: 600_000 },
  }),
  type: ['object', 'null'],
};
export const viewMessageSchema = object({ message: {} }, ['message']);
/** Of a query, whose values are texts. */
export const tableRangeSchema = object({
  offset: { type: 'string', pattern: '^\\d{1,9}$' },
  limit: { type: 'string', pattern: '^([1-9]\\d{0,2}|1000)$' },
  sort: text(64),
  descending: { enum: ['true', 'false'] },
});
