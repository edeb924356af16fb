import 'reflect-metadata';
import type { ServiceToken } from '@tutti/base';
import { Container, type ServiceIdentifier } from 'inversify';

/** Tokens of a service's dependencies, in the order its factory takes them. */
type Tokens<D extends readonly unknown[]> = { readonly [I in keyof D]: ServiceToken<D[I]> };

const identifier = <T>(token: ServiceToken<T>): ServiceIdentifier<T> =>
  token as unknown as ServiceIdentifier<T>;

/**
 * The host's static services: inversify with tokens that keep their type. Dependencies are named explicitly, since the
 * bundler emits no decorator metadata. Everything is a singleton, made when first asked for.
 */
export class ServiceContainer {
  readonly #container = new Container({ defaultScope: 'Singleton' });

  /** Binds a token to a factory; `dependencies` are resolved first and handed over in order. */
  bind<T, D extends readonly unknown[]>(
    token: ServiceToken<T>,
    dependencies: Tokens<D>,
    create: (...dependencies: D) => T,
  ): void {
    this.#container
      .bind<T>(identifier(token))
      .toDynamicValue((context) =>
        create(...(dependencies.map((each) => context.get(identifier(each))) as unknown as D)),
      );
  }

  bindValue<T>(token: ServiceToken<T>, value: T): void {
    this.#container.bind<T>(identifier(token)).toConstantValue(value);
  }

  get<T>(token: ServiceToken<T>): T {
    return this.#container.get<T>(identifier(token));
  }
}
