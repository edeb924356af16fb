import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { TableColumn, TableRow } from '@tutti/api';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { Icon } from '../../widgets/Icon.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { VirtualRows } from '../../widgets/VirtualRows.tsx';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import type { ShownView, ViewProps } from './shown-view.ts';
import { TableModel, type TableState } from './table-model.ts';
import { useViewChanges } from './use-view-changes.ts';
import { targetOf } from './view-target.ts';

export function TableView({ view, ready }: ViewProps) {
  const host = useHost();
  const [model] = useState(() => new TableModel((range) => host.api.viewRows(view.id, range)));
  const { total, rows, sort, problem } = useSyncExternalStore(model.subscribe, model.get);
  useEffect(() => model.look(0, 1), [model]);
  useViewChanges(view.id, ready, () => model.changed());
  const columns = view.columns ?? [];
  const numbers = useMemo(() => Array.from({ length: total ?? 0 }, (_, index) => index), [total]);
  const decimals = useMemo(() => decimalsOf(view.columns ?? [], [...rows.values()]), [view.columns, rows]);
  if (problem) return <ProblemNotice problem={problem} alert />;
  if (total === undefined)
    return <p className="quiet padded">{localize('waiting', 'Waiting for the host…')}</p>;
  if (total === 0)
    return <p className="quiet padded">{localize('extensionPoints.empty', 'There is nothing here now.')}</p>;
  return (
    <VirtualRows
      label={view.name}
      className="contributed-table"
      items={numbers}
      keyOf={String}
      rowHeight={26}
      onRange={model.look}
      header={
        <>
          {columns.map((column) => (
            <Heading key={column.id} column={column} sort={sort} onSort={() => model.sortBy(column.id)} />
          ))}
          <span role="columnheader" className="menu-cell">
            <span className="visually-hidden">{localize('column.actions', 'Actions')}</span>
          </span>
        </>
      }
      row={(index) => <Cells row={rows.get(index)} columns={columns} decimals={decimals} view={view} />}
    />
  );
}

function Heading(props: {
  readonly column: TableColumn;
  readonly sort: TableState['sort'];
  readonly onSort: () => void;
}) {
  const { id, label, type } = props.column;
  const isSorted = props.sort?.column === id;
  const descending = props.sort?.descending === true;
  return (
    <span
      role="columnheader"
      className={type === 'number' ? 'number' : ''}
      aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="sort-button" onClick={props.onSort}>
        <bdi>{label}</bdi>
        {isSorted && <Icon name={descending ? 'arrow-down' : 'arrow-up'} />}
      </button>
    </span>
  );
}

function Cells(props: {
  readonly row: TableRow | undefined;
  readonly columns: readonly TableColumn[];
  readonly decimals: ReadonlyMap<string, number>;
  readonly view: ShownView;
}) {
  const { row, columns, decimals, view } = props;
  return (
    <>
      {columns.map(({ id, type }) => (
        <span key={id} role="cell" className={type === 'number' ? 'number' : ''}>
          {row && <Value value={row.cells[id]} decimals={decimals.get(id)} />}
        </span>
      ))}
      <span role="cell" className="menu-cell">
        {row && <ThingMenu place="view/item" target={targetOf(view, row)} name={nameOf(row, columns)} />}
      </span>
    </>
  );
}

function Value(props: {
  readonly value: TableRow['cells'][string] | undefined;
  readonly decimals: number | undefined;
}) {
  const { value, decimals } = props;
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') {
    const text = value ? localize('extensionPoints.yes', 'yes') : localize('extensionPoints.no', 'no');
    return (
      <span className="badge">
        <Icon name={value ? 'check' : 'dash'} /> {text}
      </span>
    );
  }
  return <bdi title={String(value)}>{typeof value === 'number' ? numberText(value, decimals) : value}</bdi>;
}

/** As many decimals as the numbers of a column need, three at most, so that their points stand below each other. */
function decimalsOf(columns: readonly TableColumn[], rows: readonly TableRow[]): ReadonlyMap<string, number> {
  const needed = (value: unknown): number =>
    typeof value === 'number' ? (/\.(\d+)$/.exec(String(Number(value.toFixed(3))))?.[1]?.length ?? 0) : 0;
  return new Map(
    columns.map(({ id }) => [id, rows.reduce((most, { cells }) => Math.max(most, needed(cells[id])), 0)]),
  );
}

/** The sign is a minus, not a hyphen. */
const numberText = (value: number, decimals: number | undefined): string =>
  value
    .toLocaleString('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .replace('-', '−');

/** What a person calls a row: its first cell. */
const nameOf = ({ id, cells }: TableRow, [first]: readonly TableColumn[]): string =>
  String((first && cells[first.id]) ?? id);
