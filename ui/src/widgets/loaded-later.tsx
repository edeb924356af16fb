import { createElement, lazy, Suspense, useState, type ComponentType } from 'react';

/**
 * A component whose code is loaded when it is first shown. React keeps a failure to load for ever: here, who is shown after one asks again.
 *
 * @param waiting what to say meanwhile.
 */
export function loadedLater<P extends object>(
  load: () => Promise<ComponentType<P>>,
  waiting: () => string,
): ComponentType<P> {
  const make = () =>
    lazy(async () => {
      try {
        return { default: await load() };
      } catch (error) {
        next = make();
        throw error;
      }
    });
  let next = make();
  return function LoadedLater(props: P) {
    const [Content] = useState(() => next);
    return (
      <Suspense fallback={<p className="quiet padded">{waiting()}</p>}>
        {createElement(Content, props)}
      </Suspense>
    );
  };
}
