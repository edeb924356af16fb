import type { LevelMessage } from './level-messages.ts';
import { LevelPainter } from './level-painter.ts';
import { LevelReports } from './level-reports.ts';
import { LevelSocket } from './level-socket.ts';

const painter = new LevelPainter();
const reports = new LevelReports(
  (side) => painter.levels(side),
  (report) => postMessage(report),
);
const socket = new LevelSocket((frame) => {
  painter.feed(frame);
  reports.feed(frame);
});

addEventListener('message', ({ data }: MessageEvent<LevelMessage>) => {
  if (data.kind === 'listen') {
    socket.address = data.wish.address;
    reports.interval = data.wish.reportMs;
  } else painter.take(data);
  if (data.kind === 'resetHolds') reports.report();
});
