import { fail } from '@tutti/base';
import { checkWith } from '../state/schema.ts';

const text = (maxLength: number): object => ({ type: 'string', maxLength });
const object = (required: Record<string, object>, optional: Record<string, object> = {}): object => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
});
const label = text(1024);
const id = text(256);
const icon = { type: 'string', pattern: '^[a-z0-9-]{1,64}$' };
const context = { type: 'object', maxProperties: 64 };
const command = object({ id }, { arguments: context });
const most = 1000;
/** What an answer may take as JSON. */
const maxAnswerLength = 1024 * 1024;

const tree = {
  type: 'array',
  maxItems: most,
  items: object(
    { id, label },
    {
      description: label,
      tooltip: label,
      icon,
      children: { enum: ['collapsed', 'expanded'] },
      context,
      command,
    },
  ),
};
const cell = { type: ['string', 'number', 'boolean', 'null'], maxLength: 1024 };
const table = object({
  total: { type: 'integer', minimum: 0 },
  rows: {
    type: 'array',
    maxItems: most,
    items: object(
      { id, cells: { type: 'object', maxProperties: 64, additionalProperties: cell } },
      { context },
    ),
  },
});
const statusItem = object(
  { text: text(64) },
  { tooltip: label, severity: { enum: ['info', 'warning', 'error'] }, command },
);
const diagnosis = object(
  { result: { enum: ['ok', 'warning', 'failed', 'skipped'] }, message: label },
  { fix: label },
);
const receiverStart = object(
  {},
  {
    timing: { enum: ['auto', 'shared', 'resample', 'arrival'] },
    linkOffsetMs: { type: 'number', exclusiveMinimum: 0, maximum: 10_000 },
  },
);
const senderStart = object(
  {},
  {
    packetTime: { type: 'number', exclusiveMinimum: 0, maximum: 100 },
    payloadType: { type: 'integer', minimum: 96, maximum: 127 },
    dscp: { type: 'integer', minimum: 0, maximum: 63 },
    ttl: { type: 'integer', minimum: 1, maximum: 255 },
  },
);

const list = (items: object, maxItems: number): object => ({ type: 'array', maxItems, items });
const integer = (minimum: number, maximum: number): object => ({ type: 'integer', minimum, maximum });
const referenceClocks = [
  object(
    { kind: { const: 'ptp' }, version: label, traceable: { type: 'boolean' } },
    { grandmaster: label, domain: integer(0, 255) },
  ),
  object({ kind: { const: 'localmac' }, mac: label }),
  object({ kind: { enum: ['ntp', 'gps', 'gal', 'glonass', 'local', 'private', 'other'] }, text: label }),
];
const mediaClocks = [
  object({ kind: { const: 'direct' }, offset: { type: 'number' } }),
  object({ kind: { const: 'sender' } }),
  object({ kind: { const: 'ieee1722' }, stream: label }),
];
/** `SessionDescription` of core/model, as much of it as the rest relies on; bounds are those of what can be announced. */
const session = object(
  {
    origin: object({
      username: label,
      sessionId: label,
      sessionVersion: label,
      addressType: { enum: ['IP4', 'IP6'] },
      address: label,
    }),
    name: label,
    streams: list(
      object(
        {
          encoding: text(64),
          rate: { type: 'number', exclusiveMinimum: 0 },
          channels: integer(1, 65_535),
          payloadType: integer(0, 127),
          legs: list(
            object(
              { address: label, port: integer(0, 65_535), sources: list(label, 64) },
              { ttl: integer(0, 255), mid: label },
            ),
            8,
          ),
          referenceClocks: list({ anyOf: referenceClocks }, 64),
          channelLabels: list(label, 1024),
        },
        {
          packetTime: { type: 'number', exclusiveMinimum: 0 },
          framesPerPacket: integer(1, 65_535),
          control: label,
          mediaClock: { anyOf: mediaClocks },
        },
      ),
      64,
    ),
  },
  { information: label, clockDomain: integer(0, 255), keywords: label },
);

/** Reads an answer by its schema. @throws TuttiError `invalid`, `limit`. */
function reading(what: string, schema: object): <T>(answer: unknown) => T {
  const check = checkWith(schema);
  return <T>(answer: unknown) => {
    const wrong = check(answer);
    if (wrong !== undefined) throw fail('invalid', `the extension's ${what} is not usable: ${wrong}`);
    return checkPlain(answer) as T;
  };
}

/** Only these properties of an answer are taken over. */
function picking(what: string, schema: { readonly properties?: object }): (answer: unknown) => object {
  const read = reading(what, schema);
  const keys = Object.keys(schema.properties ?? {});
  return (answer) => {
    const whole = read<Readonly<Record<string, unknown>>>(answer ?? {});
    return Object.fromEntries(keys.filter((key) => key in whole).map((key) => [key, whole[key]]));
  };
}

/** What extensions answer, by what they were asked. */
export const replies = {
  tree: reading('tree', tree),
  table: reading('table', table),
  statusItem: reading('status item', statusItem),
  diagnosis: reading('result', diagnosis),
  receiverStart: picking('receiver', receiverStart),
  senderStart: picking('sender', senderStart),
  session: reading('session', session),
};

/** Passes on what is not too much. It came as JSON, so that it is plain. @throws TuttiError `limit`. */
export function checkPlain(answer: unknown): unknown {
  const length = JSON.stringify(answer ?? null).length;
  if (length > maxAnswerLength)
    throw fail('limit', `the extension's answer is longer than ${maxAnswerLength} bytes`);
  return answer;
}
