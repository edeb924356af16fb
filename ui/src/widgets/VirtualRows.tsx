import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';

/**
 * A table of many rows of which only those in sight are in the document; assistive technology hears how many there are.
 * The scrolling element takes the focus, so that the keyboard scrolls it.
 */
export function VirtualRows<T>(props: {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Pixels. */
  readonly rowHeight: number;
  /** Column headings, as cells of role `columnheader`; absent: the columns need none. */
  readonly header?: ReactNode;
  /** Cells of role `cell`. */
  readonly row: (item: T) => ReactNode;
  /**
   * Nothing in a row can be focused or remembers anything: as rows scroll only their texts change, and no element comes into the document
   * or leaves it.
   */
  readonly isText?: boolean;
  readonly className?: string;
  /** Stays at the end as rows come, unless a person has scrolled away from it. */
  readonly follow?: boolean;
  /** Which rows are in the document, the last one not included: for who fetches them as they are looked at. */
  readonly onRange?: (first: number, end: number) => void;
}) {
  const { items, keyOf, rowHeight, follow = false, onRange } = props;
  const scroller = useRef<HTMLDivElement>(null);
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
    overscan: 4,
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
      role="table"
      aria-label={props.label}
      aria-rowcount={items.length + (props.header === undefined ? 0 : 1)}
      tabIndex={0}
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
      <div role="rowgroup" className="virtual-body" style={{ height: rows.getTotalSize() }}>
        {inDocument.map(({ key, index, start }, place) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <div
              key={props.isText === true ? place : key}
              role="row"
              aria-rowindex={index + (props.header === undefined ? 1 : 2)}
              className="virtual-row"
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
