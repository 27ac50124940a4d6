import { cleanup, fireEvent, render, screen, within, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useDrafts } from '../stores/drafts';
import { createModels, modelsOf, readModels } from './models';
import { ModelsPage } from './ModelsPage';
import { answers, asked, menu, provider, refusal, siteModel, startAdmin } from './testing';

const ofTheFile = siteModel({ id: 'configured', providerId: 'configured', label: 'Of the file', locked: true, isDefault: true });
const withoutFile = (change = {}) => () => Response.json({ models: [siteModel(change)] });

beforeEach(() => {
  startAdmin();
  answers['GET admin/providers'] = () => Response.json({ providers: [provider({ id: 'configured', name: 'from.the.file', locked: true }), provider()] });
  answers['GET admin/providers/10/offers'] = () => Response.json({ models: [] });
  answers['GET admin/models'] = () => Response.json({ models: [siteModel(), ofTheFile] });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const written = () => asked.filter(({ method }) => method !== 'GET');
const field = (name: string): HTMLInputElement => screen.getByLabelText(name);
const enter = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
async function open(): Promise<void> {
  render(<ModelsPage />);
  await screen.findByText('Lamp One');
}

test('what comes from the file is shown, with the reason why it cannot be changed', async () => {
  await open();
  const locked = screen.getByRole('region', { name: 'from.the.file' });
  expect(within(locked).getByText(/can only be changed there/)).toBeDefined();
  expect(within(locked).getByText('Of the file')).toBeDefined();
  expect(within(locked).queryByRole('button')).toBeNull();
});

test('a provider is added; its key is sent once and is nowhere on the page', async () => {
  await open();
  press('Add provider');
  fireEvent.change(field('Kind'), { target: { value: 'anthropic' } });
  enter('Name', ' Claude ');
  enter('API key', 'sk-secret\n');
  press('Add');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(written()).toEqual([{ method: 'POST', path: 'admin/providers', body: { name: 'Claude', kind: 'anthropic', key: 'sk-secret', enabled: true } }]);
  expect(document.body.innerHTML).not.toContain('sk-secret');
});

test('no password of the browser’s or of a password manager is put where the key goes', async () => {
  await open();
  press('Add provider');
  expect(['autocomplete', 'data-1p-ignore', 'data-bwignore', 'data-lpignore'].map((name) => field('API key').getAttribute(name))).toEqual(['new-password', '', '', 'true']);
});

test('a provider is changed by the version that was seen; two at once are told, and may replace the other’s', async () => {
  await open();
  await menu('More for Lamps', 'Change');
  enter('Name', 'Lights');
  answers['PATCH admin/providers/10'] = () => refusal(409, 'changed_elsewhere');
  answers['GET admin/providers'] = () => Response.json({ providers: [provider({ name: 'Of another', version: 4 })] });
  press('Save');
  expect(await screen.findByText('Someone else changed this in the meantime. Try again to replace their changes with yours.')).toBeDefined();
  expect(written().at(-1)?.body).toEqual({ version: 3, name: 'Lights', kind: 'openai', enabled: true });
  await screen.findByRole('heading', { name: 'Change Of another' });
  expect(field('Name').value).toBe('Lights');
  answers['PATCH admin/providers/10'] = () => Response.json({});
  press('Save');
  await waitFor(() => expect(written().at(-1)?.body).toEqual({ version: 4, name: 'Lights', kind: 'openai', enabled: true }));
});

test('what was emptied of a provider is taken away, and what was not touched is not said', async () => {
  answers['GET admin/providers'] = () => Response.json({ providers: [provider({ headers: { 'X-Secret': '...', 'X-Other': '...' }, proxy: '' })] });
  await open();
  await menu('More for Lamps', 'Change');
  enter('Address', '');
  enter('Additional headers', 'X-Secret: ...\nX-New: 1');
  press('Save');
  await waitFor(() => expect(written()).toHaveLength(1));
  expect(written()[0]?.body).toEqual({ version: 3, name: 'Lamps', kind: 'openai', enabled: true, baseUrl: '', headers: { 'X-Secret': '...', 'X-New': '1' } });
});

test('keys that another secret file has sealed: the page says what helps, as lamplight check does', async () => {
  answers['GET admin/providers'] = () => Response.json({ providers: [provider({ problem: 'sealed' })] });
  answers['PATCH admin/providers/10'] = () => refusal(409, 'sealed');
  await open();
  const sentence = /Put the right file back\. If it’s lost, run “lamplight secret accept” on the server, then enter the keys again\.$/;
  expect(screen.getByText(sentence)).toBeDefined();
  await menu('More for Lamps', 'Change');
  enter('API key', 'sk-new');
  press('Save');
  await waitFor(() => expect(within(screen.getByRole('dialog')).getAllByText(sentence)).toHaveLength(2)); // those of the row, and that of the refusal
});

test('a name that is wrong is told at its field, by the label that stands there', async () => {
  answers['POST admin/providers'] = () => refusal(400, 'invalid', { field: 'name', detail: '"name" is a text of 1 to 64 visible characters.' });
  await open();
  press('Add provider');
  enter('Name', 'x');
  press('Add');
  await waitFor(() => expect(field('Name').getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByText('“Name” takes 1 to 64 characters.')).toBeDefined();
});

test('who changes a provider that is removed meanwhile is told so, and adds it as a new one with all that was entered', async () => {
  await open();
  await menu('More for Lamps', 'Change');
  enter('Name', 'Lights');
  answers['PATCH admin/providers/10'] = () => refusal(404, 'not_found');
  answers['GET admin/providers'] = () => Response.json({ providers: [] });
  press('Save');
  expect(await screen.findByText('This provider was removed in the meantime. What you entered is still here. You can add it as new.')).toBeDefined();
  await screen.findByRole('heading', { name: 'Add provider' });
  expect([field('Name').value, field('Address').value]).toEqual(['Lights', 'https://lamps.test/v1']);
  answers['POST admin/providers'] = () => refusal(409, 'name_taken');
  press('Add as new');
  expect(await screen.findByText('There is already a provider with this name.')).toBeDefined();
  expect(written().at(-1)).toEqual({ method: 'POST', path: 'admin/providers', body: { name: 'Lights', kind: 'openai', enabled: true, baseUrl: 'https://lamps.test/v1' } });
  answers['POST admin/providers'] = () => Response.json({});
  press('Add as new');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a model that was removed meanwhile can be added as new', async () => {
  await open();
  await menu('More for Lamp One', 'Change');
  enter('Temperature', '0.5');
  answers['PATCH admin/models/20'] = () => refusal(404, 'not_found');
  answers['GET admin/models'] = () => Response.json({ models: [] });
  press('Save');
  expect(await screen.findByText(/^This model was removed in the meantime\./)).toBeDefined();
  press('Add as new');
  await waitFor(() => expect(written().at(-1)).toMatchObject({ method: 'POST', path: 'admin/models', body: { providerId: '10', upstreamName: 'lamp-1', label: 'Lamp One', temperature: 0.5 } }));
});

test('what is removed already needs no removing, and what a menu would change is named', async () => {
  answers['DELETE admin/providers/10'] = answers['PATCH admin/models/20'] = answers['POST admin/models/20/test'] = () => refusal(404, 'not_found');
  await open();
  await menu('More for Lamps', 'Remove');
  press('Remove');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await menu('More for Lamp One', 'Test');
  expect(await screen.findByText('This model was removed in the meantime.')).toBeDefined();
});

test('text that is not a list of headers is not sent', async () => {
  await open();
  press('Add provider');
  enter('Name', 'x');
  enter('Additional headers', 'nonsense');
  press('Add');
  expect(await screen.findByText('Write each header on a line of its own, as “Name: value”.')).toBeDefined();
  expect(written()).toEqual([]);
});

test('what is wrong further down is not left folded up', async () => {
  await open();
  press('Add provider');
  const opened = (): boolean | undefined => screen.getByText('More settings').closest('details')?.open;
  enter('Name', 'x');
  enter('Additional headers', 'nonsense');
  expect(opened()).toBe(false);
  press('Add');
  expect(await screen.findByText(/^Write each header/)).toBeDefined();
  expect(opened()).toBe(true);
  press('Cancel');

  press('Add model');
  await screen.findByText(/lists no models/);
  enter('Model name at the provider', 'lamp-2');
  enter('Context size (tokens)', '1');
  expect(opened()).toBe(false);
  press('Add'); // the browser shows the error, at a field that is visible
  expect(opened()).toBe(true);
  expect(written()).toEqual([]);
});

test('a model is added from what its provider lists, and only what was said is sent', async () => {
  answers['GET admin/providers/10/offers'] = () => Response.json({ models: Array.from({ length: 10_000 }, (_, n) => `lamp-${n}`) });
  await open();
  press('Add model');
  expect(await screen.findByText('The provider lists 10,000 models. Type to choose one.')).toBeDefined();
  enter('Model name at the provider', 'lamp-77');
  expect(document.querySelectorAll('datalist option').length).toBeLessThanOrEqual(50);
  expect(document.querySelector('datalist option')?.getAttribute('value')).toBe('lamp-77');
  enter('Input', '2.5');
  enter('Output', '10');
  press('Add');
  await waitFor(() => expect(written()).toHaveLength(1));
  expect(written()[0]).toEqual({
    method: 'POST',
    path: 'admin/models',
    body: { providerId: '10', upstreamName: 'lamp-77', label: 'lamp-77', prices: { input: 2_500_000, cached: null, output: 10_000_000 }, enabled: true },
  });
});

test('a provider that is away leaves the name to be typed', async () => {
  answers['GET admin/providers/10/offers'] = () => refusal(502, 'provider_away');
  await open();
  press('Add model');
  expect(await screen.findByText(/couldn’t be reached.*You can still type the name\./)).toBeDefined();
});

test('what a model had and is emptied is taken back', async () => {
  answers['GET admin/models'] = () => Response.json({ models: [siteModel({ temperature: 0.5, effort: 'high', prices: { input: 1, cached: null, output: 2 } })] });
  await open();
  await menu('More for Lamp One', 'Change');
  enter('Temperature', '');
  enter('Input', '');
  press('Save');
  await waitFor(() => expect(written()).toHaveLength(1));
  expect(written()[0]?.body).toMatchObject({ version: 5, temperature: null, effort: 'high', prices: { input: null, cached: null, output: 2 } });
});

test('it falls back to what can be asked, and to what it has fallen back to so far', async () => {
  const others = [
    siteModel({ id: '21', label: 'Used', enabled: false }),
    siteModel({ id: '22', label: 'Off', enabled: false }),
    siteModel({ id: '23', label: 'On' }),
    siteModel({ id: 'configured', providerId: 'configured', label: 'Of the file', locked: true }),
  ];
  answers['GET admin/models'] = () => Response.json({ models: [siteModel({ fallbackId: '21' }), ...others] });
  await open();
  await menu('More for Lamp One', 'Change');
  expect([...screen.getByLabelText<HTMLSelectElement>('Fallback model').options].map(({ text }) => text)).toEqual(['No fallback', 'Used', 'On']);
  press('Save');
  await waitFor(() => expect(written()).toHaveLength(1));
  expect(written()[0]?.body).toMatchObject({ fallbackId: '21' });
});

test('a model is made the default and turned off by its menu', async () => {
  answers['GET admin/models'] = withoutFile();
  await open();
  await menu('More for Lamp One', 'Make default');
  await waitFor(() => expect(written().at(-1)).toEqual({ method: 'PATCH', path: 'admin/models/20', body: { version: 5, isDefault: true } }));
  await menu('More for Lamp One', 'Turn off');
  await waitFor(() => expect(written().at(-1)?.body).toEqual({ version: 5, enabled: false }));
});

test('what a menu was to do and is refused stands where it was asked, until something else is done', async () => {
  answers['PATCH admin/providers/10'] = () => refusal(409, 'key_lost');
  answers['PATCH admin/models/20'] = () => refusal(409, 'changed_elsewhere');
  answers['GET admin/providers'] = () => Response.json({ providers: [provider({ problem: 'lost' })] });
  await open();
  const lost = 'The key of this provider can’t be opened any more. Enter it again (and its additional headers).';
  const card = within(screen.getByRole('region', { name: 'Lamps' }));
  expect(card.getAllByText(lost)).toHaveLength(1);
  expect(card.queryByRole('alert')).toBeNull();
  await menu('More for Lamps', 'Turn off');
  expect((await card.findByRole('alert')).textContent).toBe(lost);
  expect(card.getAllByText(lost)).toHaveLength(1);
  await menu('More for Lamp One', 'Turn off');
  expect(await card.findByText(/^Someone else changed this/)).toBeDefined();
  await menu('More for Lamps', 'Change');
  expect(within(screen.getByRole('dialog')).getByRole('alert').textContent).toBe(lost);
  enter('API key', 'sk-new');
  press('Save');
  await waitFor(() => expect(written().at(-1)?.body).toMatchObject({ key: 'sk-new', headers: null }));
});

test('where the configuration names a model that is the default, and the only one', async () => {
  answers['GET admin/models'] = () => Response.json({ models: [siteModel({ isDefault: true }), ofTheFile] });
  await open();
  expect(screen.getAllByText('default').map((badge) => badge.closest('li')?.textContent)).toEqual([expect.stringContaining('Of the file')]);
  await menu('More for Lamp One', 'Change');
  expect([field('Default model for new chats').disabled, field('Default model for new chats').checked]).toEqual([true, false]);
  expect(screen.getByText('The server’s configuration sets the default.').id).toBe(field('Default model for new chats').getAttribute('aria-describedby'));
  press('Save');
  await waitFor(() => expect(written()).toHaveLength(1));
  expect(written()[0]?.body).not.toHaveProperty('isDefault');
});

test('a name at the provider that is longer than a display name is cut for it', async () => {
  answers['GET admin/models'] = withoutFile({ label: 'Lamp One' });
  await open();
  press('Add model');
  await screen.findByText(/lists no models/);
  enter('Model name at the provider', `${'x'.repeat(127)}💡${'y'.repeat(72)}`);
  expect(field('Display name').placeholder).toBe(`${'x'.repeat(127)}💡`);
  press('Add');
  await waitFor(() => expect(written()).toHaveLength(1));
  expect(written()[0]?.body).toMatchObject({ upstreamName: `${'x'.repeat(127)}💡${'y'.repeat(72)}`, label: `${'x'.repeat(127)}💡`, isDefault: false });
});

test('a form that was opened meanwhile stays when a change is stored, and what is there now is read', async () => {
  let say: (response: Response) => void = () => {};
  const answer = new Promise<Response>((resolve) => (say = resolve));
  answers['PATCH admin/models/20'] = () => answer;
  await open();
  await menu('More for Lamp One', 'Turn off');
  press('Add provider');
  enter('Name', 'Lights');
  answers['GET admin/models'] = () => Response.json({ models: [siteModel({ enabled: false })] });
  say(Response.json({}));
  expect(await screen.findByText('turned off')).toBeDefined();
  expect(field('Name').value).toBe('Lights');
});

test('a provider that is in use stays, with the reason', async () => {
  answers['DELETE admin/providers/10'] = () => refusal(409, 'in_use');
  await open();
  await menu('More for Lamps', 'Remove');
  expect(document.activeElement?.textContent).toBe('Cancel'); // Enter does not confirm
  press('Remove');
  expect(await screen.findByText('This provider still has models. Remove them first.')).toBeDefined();
});

test('a test of a model shows that it runs, and then what was found', async () => {
  let say: (response: Response) => void = () => {};
  const answer = new Promise<Response>((resolve) => (say = resolve));
  answers['POST admin/models/20/test'] = () => answer;
  await open();
  await menu('More for Lamp One', 'Test');
  expect(await screen.findByText('Testing the model. This can take a minute.')).toBeDefined();
  expect(within(screen.getByRole('dialog')).getAllByRole('listitem')).toHaveLength(5);
  say(Response.json({ checks: [{ name: 'answer', ok: true, detail: 'It said OK.' }, { name: 'tools', ok: false, detail: 'Refused.' }, { name: 'of_tomorrow', ok: true, detail: '' }], takes: 'tools=off' }));
  expect(await screen.findByText('The model works. Its abilities were saved.')).toBeDefined();
  expect(within(screen.getByRole('dialog')).getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['Yes:It answersIt said OK.', 'No:It uses toolsRefused.', 'Yes:of_tomorrow']);
});

test('of two readings the one that was begun last counts', async () => {
  const store = createModels();
  let say: (response: Response) => void = () => {};
  const late = new Promise<Response>((resolve) => (say = resolve));
  answers['GET admin/providers'] = () => late;
  const first = readModels(store);
  answers['GET admin/providers'] = () => Response.json({ providers: [provider({ name: 'new' })] });
  await readModels(store);
  say(Response.json({ providers: [provider({ name: 'old' })] }));
  await first;
  expect(store.getState().providers.map(({ name }) => name)).toEqual(['new']);
});

test('models are in the order in which they are offered', () => {
  const models = [siteModel({ id: '1', position: 2 }), siteModel({ id: '2', position: 1, label: 'b' }), siteModel({ id: '3', position: 1, label: 'a' }), siteModel({ id: '4', providerId: '11' })];
  expect(modelsOf(provider(), models).map(({ id }) => id)).toEqual(['3', '2', '1']);
});

test('a second model of one name is legal, and each is called so that it can be told apart', async () => {
  answers['GET admin/models'] = () => Response.json({ models: [siteModel(), siteModel({ id: '21', version: 1 }), siteModel({ id: '22', label: 'Lamp Two' })] });
  render(<ModelsPage />);
  await screen.findByText('Lamp Two');
  expect(screen.getAllByRole('button', { name: /^More for Lamp/ }).map((button) => button.getAttribute('aria-label'))).toEqual(['More for Lamps', 'More for Lamp One (Lamps, 1)', 'More for Lamp One (Lamps, 2)', 'More for Lamp Two']);
  await menu('More for Lamp One (Lamps, 2)', 'Remove');
  expect(screen.getByRole('heading', { name: 'Remove Lamp One (Lamps, 2)?' })).toBeDefined();
  press('Cancel');
  await menu('More for Lamp Two', 'Change');
  expect([...screen.getByLabelText<HTMLSelectElement>('Fallback model').options].map(({ text }) => text)).toEqual(['No fallback', 'Lamp One (Lamps, 1)', 'Lamp One (Lamps, 2)']);
  expect(screen.queryByText(/^Another model has this name/)).toBeNull();
  enter('Display name', 'Lamp One');
  expect(screen.getByText('Another model has this name. This one is shown as “Lamp One (Lamps, 3)”.')).toBeDefined();
});

test('names that are written the other way stand by themselves in sentences', async () => {
  answers['GET admin/providers'] = () => Response.json({ providers: [provider({ name: 'מנורות' })] });
  answers['GET admin/models'] = withoutFile();
  await open();
  await menu('More for מנורות', 'Remove');
  expect(screen.getByRole('heading', { name: 'Remove \u2068מנורות\u2069?' })).toBeDefined();
  press('Cancel');
  press('Add model');
  expect(screen.getByRole('heading', { name: 'Add a model from \u2068מנורות\u2069' })).toBeDefined();
});

test('what closes a form takes nothing with it but the key, which is nowhere; nor is anything in storage', async () => {
  await open();
  press('Add provider');
  for (const [name, value] of [['Name', 'Claude'], ['API key', 'sk-secret'], ['Additional headers', 'X-Secret: 1']] as const) enter(name, value);
  fireEvent.change(field('Kind'), { target: { value: 'anthropic' } });
  screen.getByRole<HTMLDialogElement>('dialog').close();
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(JSON.stringify({ ...localStorage })).not.toMatch(/Claude|secret/i);
  expect(useDrafts.getState().drafts).toEqual({});
  press('Add provider');
  expect(['Name', 'API key', 'Additional headers', 'Kind'].map((name) => field(name).value)).toEqual(['Claude', '', 'X-Secret: 1', 'anthropic']);
  press('Discard changes');
  expect(['Name', 'Additional headers', 'Kind'].map((name) => field(name).value)).toEqual(['', '', 'openai']);
});
