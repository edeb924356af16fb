import { Store } from '../../workbench/store.ts';

/** Which sessions are listed: by state, and by words of their texts. Others lead here by setting it. */
export interface SessionFilter {
  readonly text: string;
  readonly state: 'all' | 'announced' | 'gone' | 'received' | 'ours';
}

export const sessionFilter = new Store<SessionFilter>({ text: '', state: 'all' });
