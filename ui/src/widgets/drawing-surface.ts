/** What is drawn upon for a canvas of the document. */
export type DrawingSurface = HTMLCanvasElement | OffscreenCanvas;
export type DrawingContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** A canvas hands out its surface once; parts that are hidden and shown again ask again. */
const surfaces = new WeakMap<HTMLCanvasElement, DrawingSurface>();

/**
 * The surface of a canvas, apart from the document where the browser can. Every ordinary canvas is copied, and drawn whole, in every frame
 * in which anything on the page moves; one with a surface of its own only when it was drawn upon.
 */
export function surfaceOf(canvas: HTMLCanvasElement): DrawingSurface {
  const known = surfaces.get(canvas);
  if (known) return known;
  const surface = 'transferControlToOffscreen' in canvas ? canvas.transferControlToOffscreen() : canvas;
  surfaces.set(canvas, surface);
  return surface;
}

/** @throws Error where there is no canvas at all. */
export function contextOf(surface: DrawingSurface, alpha: boolean): DrawingContext {
  // Each has a getContext of its own type.
  const context =
    surface instanceof HTMLCanvasElement
      ? surface.getContext('2d', { alpha })
      : surface.getContext('2d', { alpha });
  if (!context) throw new Error('this browser has no canvas');
  return context;
}
