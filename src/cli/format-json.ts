import { escapeUnprintable } from '../errors.ts'

/**
 * JSON that can be shown on a terminal. It reads back as the same value.
 *
 * @param indent spaces a level. Default: 0, all on one line
 */
export const formatJson = (value: unknown, indent = 0): string => escapeUnprintable(JSON.stringify(value, null, indent))
