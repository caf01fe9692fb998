// Fields of the properties panel. Each has a key, so that the panel can be drawn anew without losing the cursor.
import { h } from './dom.js';

let count = 0;

export function field(label, control, { hint, note, isWrong } = {}) {
  const id = `field-${(count += 1)}`;
  control.id = id;
  return h('div', { class: `editor-field${isWrong ? ' is-wrong' : ''}` },
    h('label', { for: id }, label), control,
    note && h('p', { class: 'editor-note' }, note), hint && h('p', { class: 'editor-hint' }, hint));
}

export function textInput(key, value, onChange, attributes = {}) {
  return h('input', { type: 'text', 'data-key': key, value, onchange: (event) => onChange(event.target.value.trim()), ...attributes });
}

export function textArea(key, value, onChange, attributes = {}) {
  const area = h('textarea', { 'data-key': key, rows: 4, onchange: (event) => onChange(event.target.value.trim()), ...attributes });
  area.value = value;
  return area;
}

export function select(key, value, options, onChange, none) {
  const known = options.some((option) => option.value === value);
  const all = [{ value: '', title: none }, ...(value && !known ? [{ value, title: `${value} (?)` }] : []), ...options];
  const control = h('select', { 'data-key': key, onchange: (event) => onChange(event.target.value) },
    all.map((option) => h('option', { value: option.value, selected: option.value === value }, option.title || option.value)));
  return control;
}

// A text with suggestions; what the chosen one means is told below it.
export function suggestion(key, label, value, options, onChange, { labels, hint, listFor = key } = {}) {
  const found = options.find((option) => option.value === value);
  const list = `list-${listFor}`;
  const control = textInput(key, value, onChange, { list, autocomplete: 'off', spellcheck: 'false' });
  const note = value && (found ? [found.title, found.note].filter(Boolean).join(' · ') : labels.unknown);
  return h('div', {},
    field(label, control, { hint, note, isWrong: Boolean(value) && !found }),
    value && !found && near(value, options, onChange, labels),
    h('datalist', { id: list }, options.map((option) => h('option', { value: option.value }, option.title || ''))));
}

const MOST_NEAR = 3;
const NEAR = 0.3; // the share of pairs of letters that two names must have in common

// The names that are most like one that nobody knows, each a click away.
function near(value, options, onChange, labels) {
  const likest = options.map((option) => ({ ...option, share: alike(value, option.value) }))
    .filter((option) => option.share >= NEAR).sort((one, other) => other.share - one.share).slice(0, MOST_NEAR);
  if (!likest.length) return null;
  return h('p', { class: 'editor-near' }, `${labels.nearest} `, likest.map((option) => h('button', {
    type: 'button', class: 'plain', title: option.title || '', onclick: () => onChange(option.value),
  }, option.value)));
}

// The share of pairs of letters that two names have in common, from 0 to 1.
function alike(one, other) {
  const pairs = (text) => Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2).toLowerCase());
  const ours = pairs(one);
  const left = pairs(other);
  const all = ours.length + left.length;
  const common = ours.filter((pair) => {
    const at = left.indexOf(pair);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  }).length;
  return all ? (2 * common) / all : 0;
}

const MOST_MATCHES = 8;

// Several values out of many: chips that can be removed, and a search that adds.
export function chips(key, label, values, options, onChange, labels) {
  const title = (value) => (options.find((option) => option.value === value) || {}).title;
  const chip = (value) => h('li', { class: title(value) === undefined ? 'is-wrong' : '' },
    h('span', { class: 'editor-chip-name' }, value),
    h('span', { class: 'editor-chip-title' }, title(value) ?? labels.unknown),
    h('button', {
      type: 'button', class: 'plain', 'aria-label': `${labels.remove} ${value}`,
      onclick: () => onChange(values.filter((one) => one !== value)),
    }, '×'));
  const matches = h('ul', { class: 'editor-matches', hidden: true });
  const search = h('input', {
    type: 'search', 'data-key': key, autocomplete: 'off', placeholder: labels.search,
    oninput: () => find(search.value),
    onkeydown: (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      const first = matches.querySelector('button');
      if (first) first.click();
    },
  });
  const add = (value) => {
    search.value = '';
    onChange([...values, value]);
  };
  const find = (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (option) => words.every((word) => `${option.value} ${option.title}`.toLowerCase().includes(word));
    const found = words.length ? options.filter((option) => !values.includes(option.value) && fits(option)) : [];
    matches.hidden = !found.length;
    matches.replaceChildren(...found.slice(0, MOST_MATCHES).map((option) => h('li', {},
      h('button', { type: 'button', class: 'plain', onclick: () => add(option.value) },
        h('strong', {}, option.value), ` ${option.title || ''}`))));
  };
  return h('div', { class: 'editor-chips' },
    field(label, search, {}), matches, values.length > 0 && h('ul', { class: 'editor-chosen' }, values.map(chip)));
}

export function checkbox(key, label, value, onChange) {
  return h('label', { class: 'editor-check' },
    h('input', { type: 'checkbox', 'data-key': key, checked: value, onchange: (event) => onChange(event.target.checked) }), ` ${label}`);
}
