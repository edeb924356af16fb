/** How each of several things that ran at once went, kept until the test that asks about it. */
export class Outcomes<K, V> {
  private readonly all = new Map<K, { readonly value: V } | { readonly error: unknown }>();

  /** Runs `act`; whatever becomes of it is told to the one who asks, not to the others. */
  async keep(key: K, act: () => Promise<V>): Promise<void> {
    try {
      this.all.set(key, { value: await act() });
    } catch (error) {
      this.all.set(key, { error });
    }
  }

  of(key: K): V {
    const outcome = this.all.get(key);
    if (!outcome) throw new Error('never ran');
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }
}
