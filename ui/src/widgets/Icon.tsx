/** A codicon. It only repeats what text beside it (or a label) says, so it is hidden from screen readers. */
export function Icon({ name, spin = false }: { readonly name: string; readonly spin?: boolean }) {
  return (
    <span aria-hidden="true" className={`codicon codicon-${name}${spin ? ' codicon-modifier-spin' : ''}`} />
  );
}
