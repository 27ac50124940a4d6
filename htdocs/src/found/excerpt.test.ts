import { expect, test } from 'vitest';
import { excerptOf } from './excerpt';

test.each([
  ['# A heading\n\nSome **bold** and *slanted* lamp', 'lamp', 'A heading Some bold and slanted lamp'],
  ['…d** of it is a lamp, and **the', 'lamp', '…d of it is a lamp, and the'],
  ['- one\n- [x] two lamps\n  * three', 'lamps', 'one two lamps three'],
  ['> a quoted lamp', 'lamp', 'a quoted lamp'],
  ['Write:\n\n```c\nint *lamp = a * b;\n```\n', 'lamp', 'Write: int lamp = a * b;'],
  ['…in `**lamp`, [a link](https://example.org "x") and [half](https://exa…', 'lamp', '…in **lamp, a link and half'],
  ['| lamp | watts |\n|---|---:|\n| small | 4 |', 'lamp', 'lamp · watts small · 4'],
  ['So \\(lamp^2\\) and $$x$$', 'lamp', 'So lamp^2 and x'],
  ['[hidden](https://lamp.example/)', 'lamp', '[hidden](https://lamp.example/)'],
  ['snake_case_lamp, __init__, 2 * 3 * 4, a \\* b, C* and 5*3', 'lamp', 'snake_case_lamp, init, 2 * 3 * 4, a * b, C and 5*3'],
  ['**灯**很亮，***很***好', '灯', '灯很亮，很好'],
  ['', 'lamp', ''],
])('of %j, found by %j, %j is shown', (snippet, query, shown) => {
  expect(excerptOf(snippet, query)).toBe(shown);
});
