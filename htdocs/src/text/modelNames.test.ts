import { expect, test } from 'vitest';
import { nameOfMaker, namesOf, type Named } from './modelNames';

const model = (id: string, label: string, provider = 'Lamps'): Named => ({ id, label, provider });
const said = (...models: Named[]): string[] => models.map(({ id }) => namesOf(models).get(id) ?? '');

test('a model is called by its label', () => {
  expect(said(model('1', 'One'), model('2', 'Two'))).toEqual(['One', 'Two']);
});

test('where several have that, by its provider as well', () => {
  expect(said(model('1', 'One'), model('2', 'One', 'Lanterns'), model('3', 'Two'))).toEqual(['One (Lamps)', 'One (Lanterns)', 'Two']);
});

test('where they have both, by a number, which follows their age and not their order', () => {
  const [old, young] = [model('999', 'One'), model('1000', 'One')];
  expect(said(young, model('5', 'One', 'Lanterns'), old)).toEqual(['One (Lamps, 2)', 'One (Lanterns)', 'One (Lamps, 1)']);
});

test('no two have one name, whatever their labels are', () => {
  const models = [model('1', 'One'), model('2', 'One'), model('3', 'One', 'Lanterns'), model('4', 'One (Lanterns)'), model('5', '$&', '$1'), model('6', '$&', '$1')];
  const names = said(...models);
  expect(new Set(names).size).toBe(models.length);
  expect(names.slice(4)).toEqual(['$& ($1, 1)', '$& ($1, 2)']);
});

test('who made a reply: as the list calls it, or else as its provider does', () => {
  const models = [model('1', 'One'), model('2', 'One', 'Lanterns')];
  expect(nameOfMaker({ model: 'lamp-1', modelId: '2' }, models)).toBe('One (Lanterns)');
  expect(nameOfMaker({ model: 'lamp-1', modelId: '3' }, models)).toBe('lamp-1');
  expect(nameOfMaker({ model: 'lamp-1' }, [])).toBe('lamp-1');
  expect(nameOfMaker({}, models)).toBeUndefined();
});

test('a provider’s name does not mix with a label that is written the other way', () => {
  expect(said(model('1', 'מנורה', '("&<Hundred <b)'), model('2', 'מנורה', 'Lamps'))).toEqual(['מנורה (\u2068("&<Hundred <b)\u2069)', 'מנורה (\u2068Lamps\u2069)']);
  expect(said(model('1', 'מנורה', 'Lamps'), model('2', 'מנורה', 'Lamps'))).toEqual(['מנורה (\u2068Lamps\u2069, 1)', 'מנורה (\u2068Lamps\u2069, 2)']);
  expect(said(model('1', 'One', 'מנורות'), model('2', 'One', 'Lamps'))).toEqual(['One (\u2068מנורות\u2069)', 'One (Lamps)']);
});
