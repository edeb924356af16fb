import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { instancePaths } from '@tutti/node';

/**
 * Removes a folder of instances, and what its instances keep in shared memory: the device region outlives its engine by
 * design, so that applications keep their mapping.
 */
export function removeInstances(repository: string, folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const { region, telemetry } = instancePaths(repository, join(folder, entry.name));
    rmSync(region, { force: true });
    rmSync(telemetry, { force: true });
  }
  rmSync(folder, { recursive: true, force: true });
}
