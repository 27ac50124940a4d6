import { cleanup, render, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { piecesOf } from '../code/grammars';
import { knownNames } from '../code/languages';
import ColouredCode from './ColouredCode';
import MarkdownBody from './MarkdownBody';

vi.mock('../code/grammars', { spy: true });

beforeEach(() => vi.mocked(piecesOf).mockClear());
afterEach(() => {
  cleanup();
  vi.mocked(piecesOf).mockReset();
});

const tricky = [
  '<script>alert("1")</script><img src=x onerror=alert(1)> &amp; &lt; <!-- no end',
  'const lamp = `${"👩‍🚀"} \u{1F4A1} é e\u0301 \u202e`; // </script>\n',
  'one\r\ntwo\rthree\n\n\n  \tfour \0 \u2028',
  '',
  '\n',
  `"${'\\"'.repeat(500)}`,
  '{'.repeat(300),
];

test.each([...knownNames])('%s: the text stays as it is, and there is nothing in it but classes', (language) => {
  for (const code of tricky) {
    const { container, unmount } = render(<ColouredCode language={language} code={code} />);
    expect(container.textContent).toBe(code);
    for (const element of container.querySelectorAll('code *')) {
      expect(element.localName).toBe('span');
      expect(element.getAttributeNames()).toEqual(['class']);
    }
    unmount();
  }
});

test('a grammar that stumbles leaves the code plain', () => {
  vi.mocked(piecesOf).mockReturnValue(null);
  const { container } = render(<ColouredCode language="js" code="let x" />);
  expect(container.innerHTML).toBe('<code>let x</code>');
});

test('a language that there is not is no error', () => {
  expect(piecesOf('no-such', 'x')).toBeNull();
});

describe('in a reply', () => {
  const begun = 'Here:\n\n```js\nconst lamp = "</script>";\n';
  const code = (container: HTMLElement) => container.querySelector('pre code');
  const isColoured = (container: HTMLElement) => waitFor(() => expect(code(container)?.querySelector('.hljs-keyword')?.textContent).toBe('const'));

  test('code is plain while it comes in, and coloured once when all of it is there', async () => {
    const other = render(<MarkdownBody text={'```sh\nexport A=1\n```'} streaming={false} />);
    await waitFor(() => expect(other.container.querySelector('.hljs-built_in')).not.toBeNull()); // the grammars are loaded
    other.unmount();
    vi.mocked(piecesOf).mockClear();

    let text = '';
    const { container, rerender } = render(<MarkdownBody text={text} streaming />);
    const write = (more: string): void => {
      for (const word of more.split(/(?<= )/)) rerender(<MarkdownBody text={(text += word)} streaming />);
    };
    write(begun);
    expect(code(container)?.innerHTML).toBe('const lamp = "&lt;/script&gt;";\n');
    expect(piecesOf).not.toHaveBeenCalled();
    write('```\n\nAnd then some words and some more, to the end.');
    await isColoured(container);
    rerender(<MarkdownBody text={text} streaming={false} />);
    await isColoured(container);
    expect(code(container)?.textContent).toBe('const lamp = "</script>";\n');
    expect(piecesOf).toHaveBeenCalledExactlyOnceWith('js', 'const lamp = "</script>";\n');
  });

  test('a block that was cut gets its colours when nothing more comes', async () => {
    const { container } = render(<MarkdownBody text={begun} streaming={false} />);
    await isColoured(container);
  });

  test.each(['', 'text', 'no-such'])('code in "%s" stays plain', (language) => {
    const { container } = render(<MarkdownBody text={`\`\`\`${language}\nconst x = 1;\n\`\`\``} streaming={false} />);
    expect(code(container)?.innerHTML).toBe('const x = 1;\n');
    expect(piecesOf).not.toHaveBeenCalled();
  });
});
