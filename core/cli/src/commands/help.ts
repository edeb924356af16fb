import type { CheckInfo } from '@tutti/common';
import { checkSdp } from '@tutti/model';
import type { Command } from 'commander';
import { CommandContext, common } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { readText } from '../option-readers.ts';
import { table } from '../table.ts';

/** sdp check, doctor. */
export function addHelpCommands(program: Command): void {
  const sdp = program.command('sdp').description('session descriptions');
  common(sdp.command('check <file>'))
    .description('read and lint one SDP, - for standard input: the model as JSON, problems with line:column')
    .action(async (file: string) => {
      const result = checkSdp(await readText(file));
      process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
      for (const { line, column, severity, message, code } of result.problems) {
        process.stderr.write(`${file}:${line}:${column}: ${severity}: ${message} [${code}]\n`);
      }
      if (result.session === undefined) process.exitCode = exitCodes.failed;
    });
  common(program.command('doctor [receiver]'))
    .description('the ordered chain of checks, first broken link first')
    .action(async (receiver: string | undefined, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const path = receiver === undefined ? '/doctor' : `/doctor/${encodeURIComponent(receiver)}`;
      const checks = await context.api.get<readonly CheckInfo[]>(path);
      const broken = checks.find((each) => each.result === 'failed');
      context.print(checks, () => {
        const rows = checks.map((each) => [each.result, each.check, each.message, each.fix ?? '']);
        return table(['RESULT', 'CHECK', 'WHAT', 'FIX'], rows);
      });
      if (broken === undefined) return;
      context.say(
        `first broken link: ${broken.check}: ${broken.message}${broken.fix ? ` (${broken.fix})` : ''}`,
      );
      process.exitCode = exitCodes.degraded;
    });
}
