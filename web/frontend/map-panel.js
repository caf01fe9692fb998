// What the side panel of the map says about one element.
import { h } from './dom.js';

export function emptyPanel({ labels, open }, elements, go) {
  const standing = Object.keys(open).filter((id) => elements.has(id));
  return [
    h('p', { class: 'map-hint' }, labels.hint),
    standing.length > 0 && h('h3', {}, labels.standing),
    standing.length > 0 && h('ul', {}, standing.map((id) => h('li', {},
      h('button', { type: 'button', class: 'plain', onclick: () => go(id) }, elements.get(id).name),
      ` — ${open[id].map((place) => place.text).join('; ')}`))),
  ].filter(Boolean);
}

export function elementPanel(element, data, go) {
  const { labels } = data;
  const kind = [element.kind_name, element.event].filter(Boolean).join(' · ');
  return [
    h('p', { class: 'map-kind' }, kind),
    h('h2', { class: 'map-name' }, element.name),
    state(element, data),
    left(data.traces[element.id], labels),
    element.documentation && paragraphs(element.documentation),
    element.called_url && h('p', {}, h('a', { class: 'button small', href: element.called_url }, labels.open_called)),
    facts(element, labels),
    requirements(element, labels, data.requirements_url),
    onward(element, labels, go),
    h('p', { class: 'map-id' }, h('code', {}, element.id)),
  ].filter(Boolean);
}

function state(element, { labels, open, passed, broken, missed, case: ofCase }) {
  const lines = [];
  if (broken.includes(element.id)) lines.push(h('li', { class: 'map-state-late' }, labels.state_broken));
  for (const place of open[element.id] || []) {
    lines.push(h('li', { class: 'map-state-open' }, place.url ? h('a', { href: place.url }, place.text) : place.text));
  }
  if (missed.includes(element.id)) lines.push(h('li', { class: 'map-state-late' }, labels.state_missed));
  const count = passed[element.id] || 0;
  if (count) lines.push(h('li', {}, labels.state_passed.replace('{count}', count)));
  else if (ofCase && !lines.length) lines.push(h('li', {}, labels.state_not_yet));
  return lines.length ? h('ul', { class: 'map-state' }, lines) : null;
}

// The evidence: answers in forms and documents that this case left at the element.
function left(traces, labels) {
  if (!traces) return null;
  return h('section', { class: 'map-next' }, h('h3', {}, labels.traces),
    h('ul', {}, traces.map((trace) => h('li', {}, h('a', { href: trace.url }, trace.text)))));
}

function paragraphs(text) {
  return h('div', { class: 'map-help' }, text.split(/\n\s*\n/).map((part) => h('p', {}, part.trim())));
}

function facts(element, labels) {
  const rows = [];
  const add = (name, ...value) => value.some(Boolean) && rows.push(h('dt', {}, name), h('dd', {}, value.filter(Boolean)));
  add(labels.role, element.role, element.on_behalf && ` ${labels.on_behalf.replace('{role}', element.on_behalf)}`);
  if (element.form) add(labels.form, h('a', { href: element.form_url }, element.form.title));
  if (element.deadline) add(labels.deadline, deadline(element.deadline));
  for (const handler of element.handlers) {
    const title = handler.kind === 'guard' ? labels.guard : labels.handler;
    const line = (label, text) => text && h('span', { class: 'map-line' }, label, h('code', {}, text));
    add(title, h('code', {}, handler.name), handler.summary && h('span', { class: 'map-line' }, handler.summary),
      line(labels.writes, handler.writes), handler.refuses && h('span', { class: 'map-line' }, labels.refuses, handler.refuses));
  }
  add(labels.excludes, element.excludes.join(', '));
  add(labels.joins, element.joins.join(', '));
  if (element.signs.length) add(labels.signs, h('code', {}, element.signs.join(', ')));
  return rows.length ? h('dl', { class: 'map-facts' }, rows) : null;
}

function deadline(term) {
  const length = [term.length, term.start].filter(Boolean).join(' ');
  const origin = [term.kind, term.source].filter(Boolean).join(': ');
  return [
    h('strong', {}, term.title || term.term),
    [length, term.roll].filter(Boolean).join('; '),
    origin,
    term.confidence,
    term.note,
  ].filter(Boolean).map((line) => h('span', { class: 'map-line' }, line));
}

function requirements(element, labels, requirementsUrl) {
  if (!element.requirements.length) return null;
  return h('section', { class: 'map-requirements' },
    h('h3', {}, labels.requirements),
    h('ul', {}, element.requirements.map((row) => h('li', {}, h('a', { href: `${requirementsUrl}#${row.id}` }, row.id), row.text && ` ${row.text}`))));
}

function onward(element, labels, go) {
  if (!element.next.length) return null;
  const item = (way) => h('li', {},
    way.name && h('span', {}, `${way.name}: `),
    h('button', { type: 'button', class: 'plain', onclick: () => go(way.target) }, way.target_name),
    way.condition && h('code', { class: 'map-line' }, way.condition));
  return h('section', { class: 'map-next' }, h('h3', {}, labels.next), h('ul', {}, element.next.map(item)));
}
