import { useState, type ReactNode } from 'react';
import { deviceRates } from '@tutti/model';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { useHost, useHostState, useHostValue } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { ConfirmDialog } from '../../widgets/ConfirmDialog.tsx';
import { entered } from '../../widgets/form-values.ts';
import { FaultCount } from '../../widgets/FaultCount.tsx';
import { FormDialog } from '../../widgets/FormDialog.tsx';
import { Part } from '../../widgets/Part.tsx';
import { SelectInput } from '../../widgets/SelectInput.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { TextInput } from '../../widgets/TextInput.tsx';
import { rateText } from '../../widgets/words.ts';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import './device.css';

/** The virtual sound card: what it is, whether applications can find it, who has it open. */
export function DevicePart() {
  const workbench = useWorkbench();
  const device = useHostValue(({ state }) => state?.status.device);
  const engine = useHostValue(({ state }) => state?.status.engine);
  if (!device || !engine)
    return <p className="quiet padded">{localize('waiting', 'Waiting for the host…')}</p>;
  const { driver } = device;
  return (
    <div className="parts">
      <Part
        title={localize('device.title', 'Device')}
        icon="unmute"
        actions={
          <>
            <ActionButton
              kind="quiet"
              icon="edit"
              onPress={() => workbench.openDialog((close) => <ChangeDevice onClose={close} />)}
            >
              {localize('device.change', 'Change…')}
            </ActionButton>
            <ThingMenu place="device/item" target={{ device }} name={device.name} />
          </>
        }
      >
        <dl className="facts">
          <Fact title={localize('device.name', 'Name')}>
            <bdi>{device.name}</bdi>
          </Fact>
          <Fact title={localize('device.rate', 'Sample rate')}>{rateText(device.rate)}</Fact>
          <Fact title={localize('device.size', 'Channels')}>
            {localize('device.inOut', '{0} inputs, {1} outputs', device.inputs, device.outputs)}
          </Fact>
          <Fact title={localize('device.engine', 'Engine')}>
            {engine.state === 'running' ? (
              <StateBadge tone="ok" icon="pass-filled" text={localize('device.running', 'Running')} />
            ) : (
              <StateBadge tone="bad" icon="error" text={localize('device.notRunning', 'Not running')} />
            )}
          </Fact>
          <Fact title={localize('device.driver', 'Driver')}>
            {driver.isInstalled ? (
              <StateBadge
                tone="ok"
                icon="pass-filled"
                text={localize('device.driverReady', '{0} driver is in place', driver.kind)}
              />
            ) : (
              <StateBadge
                tone="warn"
                icon="warning"
                text={
                  driver.kind === 'ALSA'
                    ? localize('device.driverMissing', 'ALSA driver is missing: build it with npm run build')
                    : localize(
                        'device.driverNotInstalled',
                        'Core Audio driver is missing: install the package for macOS',
                      )
                }
              />
            )}
          </Fact>
          <Fact title={localize('device.library', 'Library')}>
            <bdi className="mono">{driver.library}</bdi>
          </Fact>
          <Fact title={localize('device.region', 'Shared memory')}>
            <bdi className="mono">{driver.region}</bdi>
          </Fact>
        </dl>
      </Part>
      <Clients />
    </div>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Applications that have the device open. */
function Clients() {
  const clients = useHostValue(({ state }) => state?.status.device.clients) ?? [];
  return (
    <Part
      title={localize('device.clients', 'Applications')}
      icon="vm"
      summary={localize('device.clientCount', '{0} connections', clients.length)}
    >
      <div className="table-scroll">
        <Table aria-label={localize('device.clients', 'Applications')} className="table">
          <TableHeader>
            <Column>{localize('device.direction', 'Direction')}</Column>
            <Column isRowHeader>{localize('device.application', 'Application')}</Column>
            <Column>{localize('device.channels', 'Channels')}</Column>
            <Column className="number">{localize('device.pid', 'Process')}</Column>
            <Column className="number">{localize('device.xruns', 'Xruns')}</Column>
          </TableHeader>
          <TableBody
            items={clients.map((client, index) => ({
              ...client,
              id: `${client.pid} ${client.direction} ${index}`,
            }))}
            renderEmptyState={() => (
              <p className="empty">
                {localize(
                  'device.noClients',
                  'No application has the device open. “tutti alsa-config” prints what ALSA programs need.',
                )}
              </p>
            )}
          >
            {({ direction, name, first, channels, pid, xruns }) => (
              <Row textValue={name}>
                <Cell>
                  {direction === 'capture' ? (
                    <StateBadge tone="quiet" icon="record" text={localize('device.records', 'Records')} />
                  ) : (
                    <StateBadge tone="quiet" icon="play" text={localize('device.plays', 'Plays')} />
                  )}
                </Cell>
                <Cell className="cell-name">
                  <bdi>{name}</bdi>
                </Cell>
                <Cell>
                  {first + 1}–{first + channels}
                </Cell>
                <Cell className="number">{pid}</Cell>
                <Cell className="number">
                  <FaultCount count={xruns} />
                </Cell>
              </Row>
            )}
          </TableBody>
        </Table>
      </div>
    </Part>
  );
}

/** Name and rate; a new rate restarts every stream, so it is asked about first. */
function ChangeDevice({ onClose }: { readonly onClose: () => void }) {
  const host = useHost();
  const workbench = useWorkbench();
  const device = useHostState('status')?.device;
  const [rate, setRate] = useState(String(device?.rate ?? 48_000));
  return (
    <FormDialog
      title={localize('device.changeTitle', 'Change the device')}
      submitLabel={localize('device.apply', 'Apply')}
      fields={['name', 'rate']}
      submit={async (form) => {
        const name = entered(form, 'name') ?? '';
        if (Number(rate) === device?.rate) return await host.api.changeDevice({ name });
        workbench.openDialog((close) => (
          <ConfirmDialog
            title={localize('device.rateAsk', 'Run the device at {0}?', rateText(Number(rate)))}
            confirmLabel={localize('device.rateConfirm', 'Change the rate')}
            confirm={() => host.api.changeDevice({ name, rate: Number(rate) })}
            onClose={close}
          >
            <p>
              {localize(
                'device.rateWarning',
                'Every stream starts anew, and applications must open the device again.',
              )}
            </p>
          </ConfirmDialog>
        ));
        return { ok: true, value: undefined };
      }}
      onClose={onClose}
    >
      <TextInput
        name="name"
        label={localize('device.name', 'Name')}
        hint={localize('device.nameHint', 'As applications show it.')}
        defaultValue={device?.name ?? ''}
        isRequired
        autoFocus
      />
      <SelectInput
        name="rate"
        label={localize('device.rate', 'Sample rate')}
        choices={deviceRates.map((each) => ({ id: String(each), text: rateText(each) }))}
        value={rate}
        onChange={setRate}
      />
    </FormDialog>
  );
}
