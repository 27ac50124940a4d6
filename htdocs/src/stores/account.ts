/** Everything that ends with an account. */
import * as api from '../api/account';
import { leave, useAuth } from './auth';
import { forgetAttachments } from './attachments';
import { forgetAllowed } from './allowed';
import { forgetDrafts } from './drafts';
import { forgetLastModel } from './models';
import { forgetOutbox } from './outbox';
import { t } from '@lingui/core/macro';

export async function deleteAccount(password: string, code?: string): Promise<void> {
  const { user } = useAuth.getState();
  await api.deleteAccount(password, code);
  if (user !== null) {
    forgetAllowed(user.id);
    forgetDrafts(user.id);
    forgetLastModel(user.id);
    await Promise.all([forgetAttachments(user.id), forgetOutbox(user.id)]);
  }
  leave(t`Your account was deleted.`);
}
