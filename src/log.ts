import { Writable } from 'node:stream';

/** Where each line of the log goes. Written synchronously: a line that was logged is there even if the process dies next. */
export type LogSink = (line: string) => void;

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export const logLevels: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];

export interface Log {
  error(says: string, more?: object): void;
  warn(says: string, more?: object): void;
  info(says: string, more?: object): void;
  debug(says: string, more?: object): void;
}

/** A log that keeps nothing: for verbs that only read, and for tests. */
export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * Made once, by `main.ts`. winston's own File transport loses whatever is not flushed when the process exits, so the sink
 * behind its Stream transport writes synchronously. winston is loaded only here, since it costs 15 ms.
 */
export async function createLog(level: LogLevel, sink: LogSink): Promise<Log> {
  const { default: winston } = await import('winston');
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      sink(chunk);
      done();
    },
  });
  const { combine, timestamp, printf } = winston.format;
  const line = printf(({ timestamp: at, level: severity, message, ...more }) => {
    const rest = Object.keys(more).length > 0 ? ` ${JSON.stringify(more)}` : '';
    return `${at} ${severity} ${message}${rest}`;
  });
  const logger = winston.createLogger({
    level,
    format: combine(timestamp(), line),
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  return {
    error: (says, more) => void logger.error(says, more),
    warn: (says, more) => void logger.warn(says, more),
    info: (says, more) => void logger.info(says, more),
    debug: (says, more) => void logger.debug(says, more),
  };
}
