declare const serviceType: unique symbol;

/** Identifies a service in the container and keeps its type (a bare symbol would lose it). */
export type ServiceToken<T> = symbol & { readonly [serviceType]?: T };

export function createToken<T>(name: string): ServiceToken<T> {
  return Symbol(name) as ServiceToken<T>;
}
