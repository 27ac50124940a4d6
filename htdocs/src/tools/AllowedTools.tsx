import { t } from '@lingui/core/macro';
import { ShieldQuestion } from 'lucide-react';
import { MenuItem, MenuLine, MenuNote } from '../controls/Menu';
import { focusComposer } from '../fields/focusComposer';

/** The tools that run without asking, and a way to change that. */
export default function AllowedTools({ tools, onAskAgain }: { tools: string[]; onAskAgain: () => void }) {
  return (
    <>
      <MenuNote>{t`Tools allowed in this chat`}</MenuNote>
      {tools.map((tool) => (
        <MenuNote key={tool}>
          <span dir="auto" className="block max-w-72 truncate text-sm text-ink" title={tool}>{tool}</span>
        </MenuNote>
      ))}
      <MenuLine />
      <MenuItem
        icon={ShieldQuestion}
        onSelect={() => {
          onAskAgain();
          focusComposer(); // the button that opened this disappears
        }}
      >
        {t`Ask before using tools again`}
      </MenuItem>
    </>
  );
}
