// Serves the built page with made-up data: `npx tsx ui/test/stand-in/main.ts [PORT]`, after `npm run build -- --ts`.
import { StandInHost } from './stand-in-host.ts';

const host = new StandInHost();
const address = await host.start(Number(process.argv[2] ?? 8067));
console.log(`ready ${address}`);
