/** How other machines reach the host (`web/remote-server.ts`). */
export const remoteSettings = {
  'remote.listen': {
    type: 'string',
    maxLength: 256,
    default: '',
    description:
      'Where other machines reach the host, with TLS, as 0.0.0.0:8443; empty: nowhere. Needs a password (tutti access)',
  },
  'remote.certificate': {
    type: 'string',
    default: '',
    description: 'PEM file of the certificate; empty: one that is made and signed by itself',
  },
  'remote.key': { type: 'string', default: '', description: 'PEM file of the key of the certificate' },
  'remote.names': {
    type: 'array',
    items: { type: 'string', maxLength: 253 },
    maxItems: 16,
    default: [],
    description: 'Further names under which browsers address this machine',
  },
} as const;
