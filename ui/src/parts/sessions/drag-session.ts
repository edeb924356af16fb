/** Type of what a dragged session carries: its id. Whatever takes streams takes this. */
export const sessionDragType = 'application/x-tutti-session';
