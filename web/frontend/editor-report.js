// What the check and the scenarios said, below the drawing.
import { h } from './dom.js';

export function problemReport(problems, path, labels, go, nameOf) {
  const publish = h('p', {}, h('button', { type: 'button', class: 'button small first', 'data-do': 'publish' }, labels.to_publish));
  if (!problems.length) return [h('p', { class: 'editor-good' }, labels.checked_well), publish];
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const head = (errors ? labels.checked_errors : labels.checked_warnings).replace('{errors}', errors).replace('{warnings}', problems.length - errors);
  const isHere = (problem) => isFile(problem, path);
  const sorted = [...problems].sort((one, other) => one.severity.localeCompare(other.severity));
  const elsewhere = sorted.filter((problem) => !isHere(problem));
  return [
    h('p', {}, h('strong', {}, head)),
    h('ul', { class: 'editor-problems' }, sorted.filter(isHere).map((problem) => line(problem, labels, go, nameOf))),
    elsewhere.length > 0 && h('h3', {}, labels.elsewhere),
    elsewhere.length > 0 && h('ul', { class: 'editor-problems' }, elsewhere.map((problem) => line(problem, labels, null))),
    !errors && publish,
  ].filter(Boolean);
}

export function isFile(problem, path) {
  return problem.file === path || problem.file.endsWith(`/${path}`);
}

function line(problem, labels, go, nameOf) {
  return h('li', {},
    h('span', { class: `mark ${problem.severity === 'error' ? 'late' : 'soon'}` }, labels[problem.severity]),
    ' ',
    go && problem.element
      ? h('button', { type: 'button', class: 'plain', onclick: () => go(problem.element) },
        nameOf(problem.element), ' ', h('code', {}, problem.element))
      : h('code', {}, `${problem.file} ${problem.element}`),
    ` ${problem.message} `,
    h('span', { class: 'soft' }, problem.cure));
}

export function playReport(results, labels) {
  const failed = results.filter((result) => !result.passed);
  const head = labels.played.replace('{passed}', results.length - failed.length).replace('{failed}', failed.length);
  const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    h('p', { class: failed.length ? '' : 'editor-good' }, h('strong', {}, head)),
    h('ul', { class: 'editor-problems' }, failed.map((result) => h('li', {},
      h('strong', {}, result.scenario),
      h('dl', { class: 'facts' },
        h('dt', {}, labels.step), h('dd', {}, text(result.failure.step)),
        h('dt', {}, labels.expected), h('dd', {}, text(result.failure.expected)),
        h('dt', {}, labels.seen), h('dd', {}, text(result.failure.seen)))))),
  ];
}
