import { FakeApi } from '@tutti/test';

export const sapGroup = '239.255.77.1';

/** The API with this extension's settings, on a group that nobody else uses. */
export function sapApi(configuration: Readonly<Record<string, unknown>> = {}): FakeApi {
  return new FakeApi({
    'aes67.sap.listen': [sapGroup],
    'aes67.sap.group': sapGroup,
    'aes67.sap.intervalSeconds': 30,
    ...configuration,
  });
}
