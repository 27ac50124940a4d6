/** In place of zod's English sentences about what is wrong with a value: what a stream brings is checked, and nobody is shown why it is refused. */
export default (): { localeError: () => string } => ({ localeError: () => 'invalid' });
