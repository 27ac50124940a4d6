import { t } from '@lingui/core/macro';
import { ShieldCheck } from 'lucide-react';
import { lazy } from 'react';
import { MenuButton } from '../controls/MenuButton';
import { withTexts } from '../i18n/language';
import { askHereAgain, placeOf, useAllowed } from '../stores/allowed';
import { useAuth } from '../stores/auth';

const AllowedTools = lazy(() => withTexts(import('./AllowedTools')));

/** Shown in the bar above a chat in which tools run without asking. */
export function AllowedSign({ sessionId }: { sessionId: string }) {
  const userId = useAuth((state) => state.user?.id);
  const tools = useAllowed((state) => (userId === undefined ? undefined : state.tools[placeOf(userId, sessionId)]));
  if (userId === undefined || tools === undefined) return null;
  return (
    <div className="relative shrink-0">
      <MenuButton
        label={t`Tools allowed in this chat`}
        align="start"
        face={<ShieldCheck className="size-4" aria-hidden="true" />}
        className="grid size-9 place-content-center rounded-lg text-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover pointer-coarse:size-11"
      >
        <AllowedTools tools={tools} onAskAgain={() => askHereAgain(userId, sessionId)} />
      </MenuButton>
    </div>
  );
}
