import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, type ReactNode } from 'react';
import { useRowFocus } from './use-row-focus.ts';

/** Pixels. */
const headerHeight = 22;

/**
 * A table of many rows of which only those in sight are in the document; assistive technology hears how many there are.
 * The scrolling element takes the focus, so that the keyboard scrolls it; in a grid the rows do, and their buttons.
 */
export function VirtualRows<T>(props: {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Pixels. */
  readonly rowHeight: number;
  /** Column headings, as cells of role `columnheader`; absent: the columns need none. */
  readonly header?: ReactNode;
  /** Cells of role `cell`; of a grid `gridcell` and `rowheader`, with buttons that are no tab stops. */
  readonly row: (item: T) => ReactNode;
  /**
   * Nothing in a row can be focused or remembers anything: as rows scroll only their texts change, and no element comes into the document
   * or leaves it.
   */
  readonly isText?: boolean;
  /** What a row of a grid is called. Absent: it is a table, nothing in it can be focused. */
  readonly rowName?: (item: T) => string;
  /** Of the whole, in pixels; absent: all the room there is. */
  readonly height?: number;
  readonly className?: string;
  /** Stays at the end as rows come, unless a person has scrolled away from it. */
  readonly follow?: boolean;
  /** Which rows are in the document, the last one not included: for who fetches them as they are looked at. */
  readonly onRange?: (first: number, end: number) => void;
}) {
  const { items, keyOf, rowHeight, rowName, follow = false, onRange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const isGrid = rowName !== undefined;
  const keys = useMemo(() => (isGrid ? items.map(keyOf) : []), [isGrid, items]);
  const focus = useRowFocus(keys, body, (index) => rows.scrollToIndex(index));
  const atEnd = useRef(true);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    // Rows beyond the edge, for the frame in which the browser scrolls before the page knows.
    overscan: isGrid ? 1 : 4,
    ...(isGrid && {
      // The header lies over the last row.
      scrollPaddingEnd: headerHeight,
      rangeExtractor: (range) => withIndex(defaultRangeExtractor(range), focus.current),
    }),
  });
  useLayoutEffect(() => {
    if (follow && atEnd.current && items.length > 0) rows.scrollToIndex(items.length - 1, { align: 'end' });
  }, [follow, items, rows]);
  const inDocument = rows.getVirtualItems();
  const [first, last] = [inDocument[0]?.index, inDocument.at(-1)?.index];
  useEffect(() => {
    if (first !== undefined && last !== undefined) onRange?.(first, last + 1);
  }, [first, last, onRange]);
  return (
    <div
      ref={scroller}
      className={`virtual ${props.className ?? ''}`}
      role={isGrid ? 'grid' : 'table'}
      aria-label={props.label}
      aria-rowcount={items.length + (props.header === undefined ? 0 : 1)}
      {...(!isGrid && { tabIndex: 0 })}
      {...(props.height !== undefined && { style: { height: props.height } })}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - 2 * rowHeight;
      }}
    >
      {props.header !== undefined && (
        <div role="rowgroup" className="virtual-header">
          <div role="row" aria-rowindex={1} className="virtual-row">
            {props.header}
          </div>
        </div>
      )}
      <div
        role="rowgroup"
        ref={body}
        className="virtual-body"
        style={{ height: rows.getTotalSize() }}
        {...(isGrid && { onKeyDownCapture: focus.onKeyDownCapture, onFocus: focus.onFocus })}
      >
        {inDocument.map(({ key, index, start }, place) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <div
              key={props.isText === true ? place : key}
              role="row"
              aria-rowindex={index + (props.header === undefined ? 1 : 2)}
              className="virtual-row"
              {...(isGrid && {
                'aria-label': rowName(item),
                'data-index': index,
                tabIndex: index === focus.current ? 0 : -1,
              })}
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
            >
              {props.row(item)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const withIndex = (indexes: readonly number[], index: number): number[] =>
  index < 0 || indexes.includes(index) ? [...indexes] : [...indexes, index].sort((a, b) => a - b);
