import { LevelPainter } from './level-painter.ts';
import type { PainterMessage } from './level-messages.ts';

const painter = new LevelPainter();
addEventListener('message', ({ data }: MessageEvent<PainterMessage>) => painter.take(data));
