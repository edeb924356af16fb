import type {
  AddReceiver,
  AddSender,
  ChangeReceiver,
  ChangeSender,
  DeviceInfo,
  ExtensionInfo,
  PatchReply,
  PatchRequest,
  RouteInfo,
} from '@tutti/common';
import { fail } from '@tutti/base';
import { checkSdp } from '@tutti/model';
import type { FastifyInstance } from 'fastify';
import type { ClockSelection } from '../clock/clock-selection.ts';
import type { ExtensionStorages } from '../extensions/extension-storages.ts';
import type { ExtensionStore } from '../extensions/extension-store.ts';
import { packageLimits } from '../extensions/package-file.ts';
import type { Extensions } from '../extensions/extensions.ts';
import type { Catalogue } from '../sessions/catalogue.ts';
import type { Publishing } from '../sessions/publishing.ts';
import type { Streams } from '../streams/streams.ts';
import { registerContributions, type ContributionParts } from './contribution-routes.ts';
import type { Doctor } from './doctor.ts';
import { registerLogs, type LogParts } from './log-routes.ts';
import {
  addReceiverSchema,
  addSenderSchema,
  changeReceiverSchema,
  changeSenderSchema,
  deviceSchema,
  forceSchema,
  installSchema,
  patchSchema,
  routesSchema,
  sinceSchema,
  useClockSchema,
} from './schemas.ts';
import { registerSettings, type SettingsParts } from './settings-routes.ts';
import type { Views } from './views.ts';

/** What the routes call. */
export interface ApiParts extends ContributionParts, SettingsParts, LogParts {
  readonly views: Views;
  readonly streams: Streams;
  readonly catalogue: Catalogue;
  readonly publishing: Publishing;
  readonly extensions: Extensions;
  readonly extensionStore: ExtensionStore;
  readonly extensionStorages: ExtensionStorages;
  readonly doctor: Doctor;
  readonly clock: ClockSelection;
  /** Ends host and engine, after the answer is out. */
  readonly stop: () => void;
}

interface ById {
  readonly Params: { readonly id: string };
}

/** The routes of the host API, relative to /api/v1, as listed at the top of core/common/src/host-api.ts. */
export function registerApi(app: FastifyInstance, parts: ApiParts): void {
  registerState(app, parts);
  registerReceivers(app, parts);
  registerSenders(app, parts);
  registerDevice(app, parts);
  registerExtensions(app, parts);
  registerContributions(app, parts);
  registerHelp(app, parts);
  registerSettings(app, parts);
  registerLogs(app, parts);
}

function registerState(app: FastifyInstance, { views, catalogue, stop }: ApiParts): void {
  app.get('/status', { schema: { summary: 'State of host, engine, clock and device' } }, () =>
    views.status(),
  );
  app.post('/stop', { schema: { summary: 'End host and engine' } }, async (_request, reply) => {
    reply.raw.once('finish', stop);
    await reply.code(202).send({});
  });
  app.get('/sessions', { schema: { summary: 'Sessions on the network' } }, () => catalogue.list());
  app.get<ById>('/sessions/:id', { schema: { summary: 'One session, by id or name' } }, ({ params }) => {
    const session = catalogue.find(params.id);
    if (session === undefined)
      throw fail('notFound', `no session ${params.id}`, { field: 'id', fix: 'see "tutti session list"' });
    return session;
  });
}

function registerReceivers(app: FastifyInstance, { views, streams }: ApiParts): void {
  app.get('/receivers', { schema: { summary: 'Our receivers' } }, () => views.receivers());
  app.get<ById>('/receivers/:id', { schema: { summary: 'One receiver' } }, ({ params }) =>
    views.receiver(params.id),
  );
  app.get<ById>(
    '/receivers/:id/arrivals',
    { schema: { summary: 'When its packets came, as a histogram' } },
    ({ params }) => views.arrivals(params.id),
  );
  app.post<{ Body: AddReceiver }>(
    '/receivers',
    { schema: { summary: 'Receive a session', body: addReceiverSchema } },
    async ({ body }, reply) => {
      const { id } = await streams.addReceiver(body);
      return reply.code(201).send(views.receiver(id));
    },
  );
  app.patch<ById & { Body: ChangeReceiver }>(
    '/receivers/:id',
    { schema: { summary: 'Change a receiver', body: changeReceiverSchema } },
    async ({ params, body }) => {
      await streams.changeReceiver(params.id, body);
      return views.receiver(params.id);
    },
  );
  app.delete<ById>('/receivers/:id', { schema: { summary: 'Stop receiving' } }, async ({ params }, reply) => {
    await streams.removeReceiver(params.id);
    return reply.code(204).send();
  });
}

function registerSenders(app: FastifyInstance, { views, streams, publishing }: ApiParts): void {
  app.get('/senders', { schema: { summary: 'Our senders' } }, () => views.senders());
  app.get<ById>('/senders/:id', { schema: { summary: 'One sender' } }, ({ params }) =>
    views.sender(params.id),
  );
  app.get<ById>('/senders/:id/sdp', { schema: { summary: 'Description of a sender' } }, ({ params }, reply) =>
    reply.type('application/sdp').send(publishing.sdpOf(params.id)),
  );
  app.post<{ Body: AddSender }>(
    '/senders',
    { schema: { summary: 'Send device outputs', body: addSenderSchema } },
    async ({ body }, reply) => {
      const { id } = await streams.addSender(body);
      return reply.code(201).send(views.sender(id));
    },
  );
  app.patch<ById & { Body: ChangeSender }>(
    '/senders/:id',
    { schema: { summary: 'Change a sender', body: changeSenderSchema } },
    async ({ params, body }) => {
      await streams.changeSender(params.id, body);
      return views.sender(params.id);
    },
  );
  app.delete<ById>('/senders/:id', { schema: { summary: 'Stop sending' } }, async ({ params }, reply) => {
    await streams.removeSender(params.id);
    return reply.code(204).send();
  });
}

function registerDevice(app: FastifyInstance, { views, streams, clock }: ApiParts): void {
  const body = { body: routesSchema };
  app.get('/routes', { schema: { summary: 'Every crosspoint' } }, () => streams.routes());
  app.post<{ Body: RouteInfo[] }>(
    '/routes/set',
    { schema: { summary: 'Make crosspoints', ...body } },
    (request) => streams.setRoutes(request.body),
  );
  app.post<{ Body: RouteInfo[] }>(
    '/routes/clear',
    { schema: { summary: 'Clear crosspoints', ...body } },
    (request) => streams.clearRoutes(request.body),
  );
  app.post<{ Body: PatchRequest }>(
    '/routes/patch',
    {
      schema: {
        summary: 'Make and clear crosspoints and the receivers they need, in one step',
        body: patchSchema,
      },
    },
    async (request): Promise<PatchReply> => {
      const { added, undo } = await streams.patch(request.body);
      const isReal = request.body.dryRun !== true;
      return { receivers: isReal ? added.map(({ id }) => views.receiver(id)) : [], undo };
    },
  );
  app.get('/clock', { schema: { summary: 'The media clock' } }, () => views.clock());
  app.get<{ Querystring: { since?: string } }>(
    '/clock/report',
    { schema: { summary: 'What the clock sees, and its last hour', querystring: sinceSchema } },
    ({ query }) => views.clockDetails(query.since),
  );
  app.get('/clock/sources', { schema: { summary: 'Clocks there are' } }, () => views.clockSources());
  app.post<{ Body: { source: string; options?: Record<string, unknown> } }>(
    '/clock/use',
    { schema: { summary: 'Follow a clock', body: useClockSchema } },
    async (request) => {
      await clock.use(request.body.source, request.body.options);
      return views.clock();
    },
  );
  app.get('/device', { schema: { summary: 'The virtual sound card' } }, () => views.device());
  app.patch<{ Body: Partial<Pick<DeviceInfo, 'rate' | 'name'>> }>(
    '/device',
    { schema: { summary: 'Change its rate or name', body: deviceSchema } },
    async (request) => {
      await streams.setDevice(request.body);
      return views.device();
    },
  );
}

function registerExtensions(
  app: FastifyInstance,
  { extensions, extensionStore, extensionStorages }: ApiParts,
): void {
  const described = (summary: string): object => ({ schema: { summary } });
  app.get('/extensions', described('Extensions'), () => extensions.list());
  app.post<{ Body: InstallRequest }>(
    '/extensions/install',
    { schema: { summary: 'Install or update from a file or folder of this machine', body: installSchema } },
    async ({ body }, reply) => {
      const id = await extensionStore.install(body.path);
      return reply.code(201).send(await installed(extensions, id, body.trustNative === true));
    },
  );
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: packageLimits.packedBytes },
    (_request, body, done) => done(null, body),
  );
  app.post<{ Body: unknown; Querystring: { trustNative?: string } }>(
    '/extensions/upload',
    { schema: { summary: 'Install or update from a package', consumes: ['application/octet-stream'] } },
    async ({ body, query }, reply) => {
      if (!(body instanceof Uint8Array)) {
        const fix = 'send the bytes of a .tutti file as application/octet-stream';
        throw fail('invalid', 'this is no package', { field: 'package', fix });
      }
      const id = await extensionStore.installPackage(body);
      return reply.code(201).send(await installed(extensions, id, query.trustNative === 'true'));
    },
  );
  app.post<ById>('/extensions/:id/enable', described('Enable an extension'), ({ params }) =>
    extensions.enable(params.id),
  );
  app.post<ById & ForceBody>(
    '/extensions/:id/disable',
    { schema: { summary: 'Disable an extension', body: forceSchema } },
    ({ params, body }) => extensions.disable(params.id, body ?? {}),
  );
  app.post<ById>('/extensions/:id/trust', described('Let its native code be loaded'), ({ params }) =>
    extensions.trust(params.id),
  );
  app.post<ById>('/extensions/:id/reload', described('Start it anew from its files'), ({ params }) =>
    extensions.reload(params.id),
  );
  app.get<ById>('/extensions/:id/impact', described('What would stop with it'), ({ params }) =>
    extensions.impactOf(params.id),
  );
  app.delete<ById & { Querystring: { force?: string } }>(
    '/extensions/:id',
    described('Uninstall an extension'),
    async ({ params, query }, reply) => {
      extensions.refuseIfLive(params.id, { force: query.force === 'true' });
      await extensionStore.uninstall(params.id);
      await extensions.rescan();
      // Another one with that id may have been behind it.
      if (!extensions.list().some(({ id }) => id === params.id)) await extensionStorages.remove(params.id);
      return reply.code(204).send();
    },
  );
}

async function installed(extensions: Extensions, id: string, trust: boolean): Promise<ExtensionInfo> {
  await extensions.rescan();
  return trust ? await extensions.trust(id) : find(extensions, id);
}

function find(extensions: Extensions, id: string): ExtensionInfo {
  const found = extensions.list().find((each) => each.id === id);
  if (found === undefined) throw fail('internal', `${id} was installed and is not found`);
  return found;
}

interface InstallRequest {
  readonly path: string;
  readonly trustNative?: boolean;
}

interface ForceBody {
  readonly Body: { readonly force?: boolean } | null;
}

function registerHelp(app: FastifyInstance, { doctor }: ApiParts): void {
  app.get('/doctor', { schema: { summary: 'Checks of this machine and of all streams' } }, () =>
    doctor.examine(),
  );
  app.get<ById>('/doctor/:id', { schema: { summary: 'Checks of one receiver, in order' } }, ({ params }) =>
    doctor.examineReceiver(params.id),
  );
  app.post<{ Body: string }>(
    '/sdp/check',
    {
      config: { harmless: true },
      schema: { summary: 'Read one SDP', consumes: ['text/plain', 'application/sdp'] },
    },
    (request) => checkSdp(typeof request.body === 'string' ? request.body : ''),
  );
}
