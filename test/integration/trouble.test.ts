import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReceiverInfo, SenderInfo, StatusInfo } from '@tutti/common';
import { ip, processesIn } from '../harness/namespaces.ts';
import { foreignSdp, type Stream } from '../harness/stream.ts';
import { problemOf, Tutti, type Answer } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { until } from '../harness/wait.ts';

const stream: Stream = {
  ...{ encoding: 'L24', rate: 48_000, channels: 8, frames: 48 },
  ...{ address: '239.10.4.1', port: 5004, payloadType: 98 },
};

describe('what cannot be done is refused with the field and the reason, and changes nothing', () => {
  const lab = useLab();
  let tutti: Tutti;
  let receiver: ReceiverInfo;
  let sender: SenderInfo;
  let unchanged: unknown;

  beforeAll(async () => {
    tutti = await Tutti.start(lab());
    receiver = await tutti.receive(foreignSdp(stream, lab().peer.address, 'First'), '--map', '1-8:1-8');
    sender = await tutti.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'First', '--channels', '1-8', '--dest', '239.10.4.2:5004'],
    );
    unchanged = await streams();
  });
  afterAll(() => tutti.stop());

  /** What the refusal says; fails if anything but counters changed. */
  async function refusal(...args: string[]): Promise<{ code: string; field: string; exit: Answer['code'] }> {
    const answer = await tutti.cli(...args);
    expect(answer.code, answer.report).not.toBe(0);
    expect(await streams()).toEqual(unchanged);
    const { code, field, message } = problemOf(answer);
    expect(message).toMatch(/\w+ \w+/);
    return { code, field: field ?? '', exit: answer.code };
  }

  async function streams() {
    const plain = <T extends ReceiverInfo | SenderInfo>(list: T[]) =>
      list.map(({ id, name, map, legs }) => ({ id, name, map, legs }));
    return { receivers: plain(await tutti.receivers()), senders: plain(await tutti.senders()) };
  }

  function receive(change: (sdp: string) => string, ...options: string[]): string[] {
    const file = lab().file('trouble.sdp');
    const other = { ...stream, address: '239.10.4.7' };
    writeFileSync(file, change(foreignSdp(other, lab().peer.address, 'Second', 2)));
    return ['receiver', 'add', '--sdp', file, ...options];
  }

  const same = (sdp: string) => sdp;

  test('an unknown codec', async () => {
    const refused = await refusal(...receive((sdp) => sdp.replace('L24/', 'OPUS/'), '--map', '1-8:9-16'));
    expect(refused).toMatchObject({ code: 'unsupported', field: 'session' });
  });

  test('a rate other than the device has, where the bits are wanted as they are', async () => {
    const refused = await refusal(
      ...receive((sdp) => sdp.replace('/48000/', '/96000/'), '--map', '1-8:9-16', '--timing', 'arrival'),
    );
    expect(refused).toMatchObject({ code: 'unsupported', field: 'session' });
  });

  test.each([
    ['of more channels than the stream has', '1-9:9-17'],
    ['beyond the last input', '1-8:125-132'],
    ['of unequal lengths', '1-8:9-10'],
    ['that is no map', 'left:right'],
  ])('a map %s', async (_, map) => {
    const refused = await refusal(...receive(same, '--map', map));
    expect(refused).toMatchObject({ code: 'invalid', field: expect.stringContaining('map') });
  });

  test('an input that another receiver fills', async () => {
    const refused = await refusal(...receive(same, '--map', '1-8:8-15'));
    expect(refused).toMatchObject({ code: 'conflict', exit: 5, field: expect.stringContaining('map') });
  });

  test('a route to an input that is taken', async () => {
    await tutti.ok('route', 'clear', receiver.id, '8:8');
    const other = await tutti.receive(
      foreignSdp({ ...stream, address: '239.10.4.5' }, '10.77.0.2', 'Other', 5),
    );
    unchanged = await streams();
    const refused = await refusal('route', 'set', other.id, '1:1');
    expect(refused).toMatchObject({ code: 'conflict', exit: 5, field: expect.any(String) });
    await tutti.ok('receiver', 'remove', other.id);
    await tutti.ok('route', 'set', receiver.id, '8:8');
    unchanged = await streams();
  });

  test('an SDP that is none', async () => {
    const refused = await refusal(...receive(() => 'hello\r\n'));
    expect(refused).toMatchObject({ code: 'invalid', field: expect.stringContaining('sdp') });
  });

  test.each([
    ['is not multicast', '10.77.0.2:5004'],
    ['is link-local multicast', '224.0.0.5:5004'],
    ['is no address', 'somewhere'],
    ['has no such port', '239.10.4.8:70000'],
  ])('a destination that %s', async (_, dest) => {
    const refused = await refusal('sender', 'add', '--name', 'Second', '--channels', '9-16', '--dest', dest);
    expect(refused).toMatchObject({ code: 'invalid', field: expect.stringMatching(/dest/) });
  });

  test('a destination that another sender of ours has', async () => {
    const refused = await refusal(
      ...['sender', 'add', '--name', 'Second', '--channels', '9-16', '--dest', '239.10.4.2:5004'],
    );
    expect(refused).toMatchObject({ code: 'conflict', exit: 5, field: expect.stringMatching(/dest/) });
  });

  test('outputs that another sender sends already', async () => {
    const refused = await refusal(
      ...['sender', 'add', '--name', 'Second', '--channels', '8-15', '--dest', '239.10.4.8:5004'],
    );
    expect(refused).toMatchObject({ code: 'conflict', exit: 5, field: expect.stringContaining('channels') });
  });

  test.each([
    ['outputs that do not exist', '121-136'],
    ['an output twice', '1,1'],
    ['no outputs', ''],
  ])('a sender of %s', async (_, channels) => {
    const refused = await refusal(
      ...['sender', 'add', '--name', 'Second', '--channels', channels, '--dest', '239.10.4.8:5004'],
    );
    expect(refused).toMatchObject({ code: 'invalid', field: expect.stringContaining('channels') });
  });

  test('packets larger than AES67 allows', async () => {
    const refused = await refusal(
      ...['sender', 'add', '--name', 'Second', '--channels', '9-72', '--ptime', '1', '--dest', '239.10.4.8'],
    );
    expect(refused).toMatchObject({ code: 'limit', field: 'ptime' });
  });

  test('a format that no extension has', async () => {
    const refused = await refusal(
      ...[
        'sender',
        'add',
        '--name',
        'Second',
        '--channels',
        '9-16',
        '--format',
        'MP3',
        '--dest',
        '239.10.4.8',
      ],
    );
    expect(refused).toMatchObject({ code: 'unsupported', field: expect.stringContaining('format') });
  });

  test('removing what is not there', async () => {
    expect(await refusal('receiver', 'remove', 'nobody')).toMatchObject({ code: 'notFound', exit: 4 });
    expect(await refusal('sender', 'remove', 'nobody')).toMatchObject({ code: 'notFound', exit: 4 });
    expect(await refusal('session', 'show', 'nobody')).toMatchObject({ code: 'notFound', exit: 4 });
  });

  test('an interface that is not there', async () => {
    const refused = await refusal(...receive(same, '--map', '1-8:9-16', '--interface', 'net9'));
    expect(refused).toMatchObject({ code: 'interfaceGone', field: expect.stringContaining('interface') });
  });

  test('a second host on the same data directory is refused and says who has it', async () => {
    const second = lab().start(tutti.at, process.execPath, [
      ...['dist/cli.js', 'serve', '--data', tutti.data, '--http', '127.0.0.1:0', '--no-open'],
    ]);
    const { code } = await second.exited;
    expect(code).toBe(5);
    expect(second.stderr).toContain(tutti.data);
    expect((await tutti.status()).pid).toBe(tutti.hostPid);
  });

  test('a port for the page that is taken', async () => {
    const { host: taken, port } = new URL(tutti.url);
    const before = processesIn(tutti.at.namespace);
    const second = lab().start(tutti.at, process.execPath, [
      ...['dist/cli.js', 'serve', '--data', lab().file('second'), '--http', taken, '--no-open'],
    ]);
    const { code } = await second.exited;
    expect(code).not.toBe(0);
    expect(second.stderr).toContain(`http: port ${port} is in use`);
    await until('its engine to end too', () => processesIn(tutti.at.namespace).length === before.length);
  });

  test('a data directory that it may not write, said before anything starts', async () => {
    const data = lab().file('others');
    mkdirSync(data, { mode: 0o700 });
    chownSync(data, 65_534, 65_534);
    const refused = lab().start(tutti.at, 'setpriv', [
      ...['--bounding-set', '-all', process.execPath],
      ...['dist/cli.js', 'serve', '--data', data, '--http', '127.0.0.1:0', '--no-open', '--json'],
    ]);
    expect((await refused.exited).code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({
      code: 'permission',
      field: 'data',
      message: expect.stringContaining(data),
    });
    expect(refused.stdout).toBe('');
  });

  test('no permission for real-time priority: it runs, and says what it lacks and what helps', async () => {
    const data = lab().file('modest');
    const modest = lab().start(tutti.at, 'setpriv', [
      ...['--bounding-set', '-sys_nice', process.execPath],
      ...['dist/cli.js', 'serve', '--data', data, '--http', '127.0.0.1:0', '--no-open'],
    ]);
    await modest.waitFor(/^ready/m, 30_000);
    const status = lab().start(tutti.at, process.execPath, [
      'dist/cli.js',
      'status',
      '--data',
      data,
      '--json',
    ]);
    const { notices } = JSON.parse((await status.succeed()).stdout) as StatusInfo;
    const denied = notices.find(({ code }) => code === 'realtime.denied');
    expect(denied).toMatchObject({ message: expect.any(String), fix: expect.stringMatching(/\w+ \w+/) });
    await lab().run(tutti.at, process.execPath, ['dist/cli.js', 'stop', '--data', data]);
  });

  test('a pulled cable fails the streams with a reason, and its return mends them', async () => {
    ip('-n', tutti.at.namespace, 'link', 'set', tutti.at.interface, 'down');
    await until('failed streams', async () =>
      (await tutti.senders()).every(({ state }) => state === 'failed'),
    );
    const [down] = await tutti.senders();
    expect(down?.id).toBe(sender.id);
    expect(down?.problem).toMatchObject({ code: 'interfaceGone' });
    ip('-n', tutti.at.namespace, 'link', 'set', tutti.at.interface, 'up');
    ip('-n', tutti.at.namespace, 'route', 'replace', '224.0.0.0/4', 'dev', tutti.at.interface);
    await until('running again', async () =>
      (await tutti.senders()).every(({ state }) => state === 'running'),
    );
  });
});
