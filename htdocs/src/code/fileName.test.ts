import { expect, test } from 'vitest';
import { codeFileName } from './fileName';

test.each([
  ['python', 'print(1)', 'code.py'],
  ['Rust', '', 'code.rs'],
  ['', 'x', 'code.txt'],
  ['c++', 'x', 'code.cpp'],
  ['zig', 'x', 'code.zig'],
  ['../../etc', 'x', 'code.txt'],
  ['dockerfile', 'FROM debian', 'Dockerfile'],
  ['python', '# src/app.py\nprint(1)', 'app.py'],
  ['python', '#!/usr/bin/env python3\n# tool.py\n', 'tool.py'],
  ['js', '// File: server.mjs\n', 'server.mjs'],
  ['html', '<!-- index.html -->\n<p>', 'index.html'],
  ['css', '/* site.css */', 'site.css'],
  ['sh', '# ../../.bashrc\n', 'code.sh'],
  ['sh', '# see README.md for more\n', 'code.sh'],
  ['py', `# ${'a'.repeat(90)}.py\n`, 'code.py'],
])('%s: %j is called %s', (language, code, name) => {
  expect(codeFileName(language, code)).toBe(name);
});
