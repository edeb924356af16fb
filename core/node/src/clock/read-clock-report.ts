import type { ClockReport } from '@tutti/common';
import { checkWith } from '../state/schema.ts';

const most = { candidates: 64, interfaces: 16, names: 64 };
const text = { type: 'string', maxLength: 300 };
const number = { type: 'number' };
const flag = { type: 'boolean' };
const identity = { type: 'string', pattern: '^[0-9A-F]{2}(-[0-9A-F]{2}){7}$' };
const byName = { type: 'object', maxProperties: most.names, additionalProperties: number };
const quality = {
  priority1: number,
  clockClass: number,
  accuracy: number,
  variance: number,
  priority2: number,
  stepsRemoved: number,
};
const place = { port: number, address: text, interface: text };

/** Each member of a report on its own: one that is wrong is left out, the rest is good. */
const members: Readonly<Record<keyof ClockReport, object>> = {
  role: { enum: ['follower', 'grandmaster', 'observer'] },
  identity,
  interfaces: {
    type: 'array',
    maxItems: most.interfaces,
    items: {
      type: 'object',
      required: ['name'],
      properties: {
        ...{ name: text, address: text, reason: text },
        timestamping: { enum: ['hardware', 'kernel', 'user'] },
      },
    },
  },
  domain: { type: 'integer', minimum: 0, maximum: 255 },
  master: { type: 'object', required: ['identity'], properties: { identity, ...place } },
  dataset: {
    type: 'object',
    properties: {
      ...quality,
      identity,
      timeSource: number,
      utcOffset: number,
      utcOffsetValid: flag,
      ptpTimescale: flag,
      timeTraceable: flag,
      frequencyTraceable: flag,
      leap: { enum: [-1, 0, 1] },
    },
  },
  offsetNs: number,
  pathDelayNs: number,
  ratePpm: number,
  rates: byName,
  counters: byName,
  candidates: {
    type: 'array',
    maxItems: most.candidates,
    items: {
      type: 'object',
      required: ['identity', 'standing'],
      properties: {
        ...quality,
        ...place,
        identity,
        grandmaster: identity,
        protocol: text,
        domain: number,
        announces: number,
        ageMs: number,
        standing: {
          enum: ['followed', 'outvoted', 'otherDomain', 'unqualified', 'silent', 'invalid', 'ourselves'],
        },
        reason: text,
      },
    },
  },
  lastStepNs: number,
};

const checks = Object.entries(members).map(([name, schema]) => [name, checkWith(schema)] as const);

/** Reads what a clock source reported: outside data, since anybody may write a source. Never throws. */
export function readClockReport(json: string): ClockReport {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null) return {};
  const given = parsed as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    checks.flatMap(([name, check]) => {
      const value = given[name];
      return value !== undefined && check(value) === undefined ? [[name, value]] : [];
    }),
  );
}
