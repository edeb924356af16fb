import type { Problem } from '@tutti/base';

/** Name and network paths of a stream; what is wrong with it, and the fix, right below. */
export function StreamName(props: {
  readonly name: string;
  readonly legs: readonly { readonly address: string; readonly port: number; readonly interface: string }[];
  /** Where there is no room for a column of its own. */
  readonly format?: string | undefined;
  readonly problem?: Problem;
}) {
  return (
    <>
      <div className="stream-name">
        <bdi>{props.name}</bdi>
      </div>
      {props.legs.map((leg) => (
        <div key={`${leg.address}:${leg.port} ${leg.interface}`} className="cell-detail mono">
          {leg.address}:{leg.port} {leg.interface}
        </div>
      ))}
      {props.format !== undefined && <div className="cell-detail">{props.format}</div>}
      {props.problem && (
        <div className="cell-problem">
          {props.problem.message} {props.problem.fix}
        </div>
      )}
    </>
  );
}
