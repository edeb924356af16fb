import { createHmac, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { TableRange, TableRow, TreeItem } from '@tutti/api';
import { createToken, fail } from '@tutti/base';
import type { ContributionsInfo, StatusItemInfo, ViewInfo } from '@tutti/common';
import type { HalDrivers } from '../contributions/hal-drivers.ts';
import type { Registries, ViewContent } from '../registries/registries.ts';

type ContentOf<T extends ViewContent['type']> = Extract<ViewContent, { readonly type: T }>;

/** The host API's picture of what extensions contribute: what manifests say put together with the code that is there. */
export class ContributionViews {
  readonly #registries: Registries;
  readonly #hal: HalDrivers;
  /** Addresses of web views cannot be guessed: their pages have no token, and ask without a cookie. */
  readonly #secret = randomBytes(32);

  constructor(registries: Registries, hal: HalDrivers) {
    this.#registries = registries;
    this.#hal = hal;
  }

  /** @param languages wanted ones, best first. */
  list(languages: readonly string[]): ContributionsInfo {
    const { contributions, commands } = this.#registries;
    const said = contributions.list(languages);
    return {
      menus: said.menus,
      keybindings: said.keybindings,
      diagnosis: said.diagnosis,
      discovery: said.discovery,
      commands: said.commands.map((each) => ({
        ...each,
        ready: commands.get(each.command) !== undefined || contributions.isWaiting(each.extension),
      })),
      views: said.views.map((each) => this.#view(each)),
      statusItems: this.statusItems(languages),
      hal: said.hal.map((each) => ({ ...each, ...this.#hal.stateOf(each.id) })),
    };
  }

  statusItems(languages: readonly string[] = []): readonly StatusItemInfo[] {
    const { contributions, statusItems } = this.#registries;
    return contributions
      .list(languages)
      .statusItems.map((each) => ({ ...each, ...statusItems.get(each.id)?.state }));
  }

  /** @throws TuttiError `notFound`. */
  view(id: string, languages: readonly string[]): ViewInfo {
    const found = this.#registries.contributions.list(languages).views.find((each) => each.id === id);
    if (found === undefined) throw fail('notFound', `no extension in use has a view ${id}`, { field: 'id' });
    return this.#view(found);
  }

  /** @throws TuttiError `notFound`, `unavailable`, `unsupported`, and what the extension threw. */
  async children(id: string, parent: string | undefined): Promise<readonly TreeItem[]> {
    return await (await this.#content(id, 'tree')).children(parent);
  }

  /** @throws TuttiError, as {@link children}. */
  async rows(
    id: string,
    range: TableRange,
  ): Promise<{ readonly total: number; readonly rows: readonly TableRow[] }> {
    return await (await this.#content(id, 'table')).rows(range);
  }

  /** @throws TuttiError, as {@link children}. */
  async message(id: string, message: unknown): Promise<unknown> {
    return await (await this.#content(id, 'web')).message(message);
  }

  /** The folder that a web view's page may load from, if the key is the view's. */
  webViewFolder(id: string, key: string): string | undefined {
    const { contributions } = this.#registries;
    const view = contributions.find('views', id);
    const folder = view && contributions.folderOf(view.extension);
    if (view?.entry === undefined || folder === undefined || key !== this.#keyOf(id)) return undefined;
    // What it posts before its page asks anything is wanted too.
    void contributions.wake(view.extension);
    return join(folder, dirname(view.entry));
  }

  #view({ entry, ...view }: ReturnType<Registries['contributions']['list']>['views'][number]): ViewInfo {
    const { contributions, views } = this.#registries;
    const file = entry?.split('/').at(-1);
    return {
      ...view,
      ready: views.get(view.id) !== undefined || contributions.isWaiting(view.extension),
      ...(file !== undefined && {
        url: `/webviews/${this.#keyOf(view.id)}/${encodeURIComponent(view.id)}/${encodeURIComponent(file)}`,
      }),
    };
  }

  #keyOf(id: string): string {
    return createHmac('sha256', this.#secret).update(id).digest('hex').slice(0, 32);
  }

  async #content<T extends ViewContent['type']>(id: string, type: T): Promise<ContentOf<T>> {
    const { extension } = this.view(id, []);
    await this.#registries.contributions.wake(extension);
    const content = this.#registries.views.get(id);
    if (content === undefined)
      throw fail('unavailable', `${extension} is not active, or has not registered ${id}`, {
        field: 'id',
        fix: 'see "tutti extension list"',
      });
    if (content.type !== type) throw fail('unsupported', `view ${id} is a ${content.type}`, { field: 'id' });
    return content as ContentOf<T>;
  }
}

export const ContributionViewsToken = createToken<ContributionViews>('ContributionViews');
