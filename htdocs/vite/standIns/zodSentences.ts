/**
 * Replaces zod's English sentences about invalid values: the page checks the data of a stream, but shows nobody why it
 * refuses any.
 */
export default (): { localeError: () => string } => ({ localeError: () => 'invalid' });
