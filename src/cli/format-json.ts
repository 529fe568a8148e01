import { escapeUnprintable } from '../printable.ts'

/**
 * JSON that can be shown on a terminal. It reads back as the same value.
 *
 * @param indent spaces a level. Default: 0, all on one line
 */
export const formatJson = (value: unknown, indent = 0): string =>
  JSON.stringify(value, null, indent).split('\n').map(escapeUnprintable).join('\n')
