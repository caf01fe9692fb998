// The editor of a diagram: draws, binds, keeps a draft, has it checked and tried out. It publishes nothing by itself.
import Modeler from 'bpmn-js/lib/Modeler';

import { Bindings } from './bindings.js';
import { getJson, getText, h } from './dom.js';
import { offering, translation } from './editor-modules.js';
import { Panel } from './editor-panel.js';
import { isFile, playReport, problemReport } from './editor-report.js';
import { declareCollections } from './heal.js';
import descriptor from './spiffworkflow.json';

const SMALLEST = 0.15; // scale below which nothing can be told apart

class Editor {
  constructor(root) {
    this.root = root;
    this.settings = JSON.parse(root.querySelector('[data-editor-settings]').textContent);
    this.labels = this.settings.labels;
    this.token = root.querySelector('[name=_csrf]').value;
    this.status = root.querySelector('[data-status]');
    this.report = root.querySelector('[data-report]');
    this.isDirty = false;
  }

  async open() {
    this.modeler = new Modeler({
      container: this.root.querySelector('[data-canvas]'),
      moddleExtensions: { spiffworkflow: descriptor },
      additionalModules: [translation(document.documentElement.lang), offering(this.labels)],
    });
    const choices = await getJson(this.settings.choices);
    this.panel = new Panel(this.root.querySelector('[data-panel]'), this.modeler, new Bindings(this.modeler), choices, this.labels);
    const { warnings } = await this.modeler.importXML(declareCollections(await getText(this.settings.diagram)));
    if (warnings.length) this.say(warnings.map((warning) => warning.message).join('; '));
    this.fit();
    this.listen();
    this.root.classList.add('is-ready');
  }

  // The palette stands over the left side, so the drawing begins beside it.
  fit() {
    const canvas = this.modeler.get('canvas');
    const { inner } = canvas.viewbox();
    const { width, height } = canvas.getSize();
    const tools = canvas.getContainer().querySelector('.djs-palette');
    const left = tools.offsetLeft + tools.offsetWidth + 20;
    const whole = Math.min(1, (width - left - 20) / inner.width, (height - 40) / inner.height);
    const scale = Math.max(whole, SMALLEST);
    canvas.viewbox({ x: inner.x - left / scale, y: inner.y - 20 / scale, width: width / scale, height: height / scale });
  }

  listen() {
    this.modeler.on('commandStack.changed', () => {
      this.isDirty = true;
      this.say(this.labels.unsaved);
    });
    this.root.addEventListener('click', (event) => {
      const button = event.target.closest('[data-do]');
      if (button) this.act(button.dataset.do, button);
    });
    document.addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
        event.preventDefault();
        this.save();
      }
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.isDirty) event.preventDefault();
    });
  }

  async act(what, button) {
    const stack = this.modeler.get('commandStack');
    if (what === 'undo') stack.undo();
    else if (what === 'redo') stack.redo();
    else if (what === 'fit') this.modeler.get('canvas').zoom('fit-viewport', 'auto');
    else if (what === 'download') this.download();
    else {
      button.disabled = true;
      await this[what]().finally(() => { button.disabled = false; });
    }
  }

  // Drafts ------------------------------------------------------------------------------------------------------------

  async save() {
    this.say(this.labels.saving);
    const { xml } = await this.modeler.saveXML({ format: true });
    const answer = await this.post(this.settings.save, { xml, seen_at: this.settings.seen_at }).catch(() => null);
    const body = answer && (await answer.json().catch(() => ({})));
    if (!answer || !answer.ok) {
      this.say((body && body.error) || this.labels.save_failed, true);
      return false;
    }
    this.settings.seen_at = body.seen_at;
    this.isDirty = false;
    this.say(this.labels.saved);
    return true;
  }

  async isKept() {
    return !this.isDirty || this.save();
  }

  async check() {
    if (!(await this.isKept())) return;
    this.say(this.labels.checking);
    const { problems } = await this.ask(this.settings.check, this.labels.check_failed);
    if (!problems) return;
    this.say('');
    this.badge(problems);
    this.show(problemReport(problems, this.settings.path, this.labels, (id) => this.goTo(id), (id) => this.nameOf(id)));
  }

  async play() {
    if (!(await this.isKept())) return;
    this.say(this.labels.playing);
    const { results } = await this.ask(this.settings.play, this.labels.play_failed);
    if (!results) return;
    this.say('');
    this.show(playReport(results, this.labels));
  }

  async publish() {
    if (!(await this.isKept())) return;
    const form = document.querySelector('[data-publish]');
    form.hidden = false;
    form.scrollIntoView({ block: 'center' });
    form.querySelector('textarea').focus();
  }

  async download() {
    const { xml } = await this.modeler.saveXML({ format: true });
    const url = URL.createObjectURL(new Blob([xml], { type: 'application/xml' }));
    h('a', { href: url, download: this.settings.path }).click();
    URL.revokeObjectURL(url);
  }

  // What is told -------------------------------------------------------------------------------------------------------

  badge(problems) {
    const overlays = this.modeler.get('overlays');
    const registry = this.modeler.get('elementRegistry');
    overlays.remove({ type: 'problem' });
    const here = problems.filter((problem) => isFile(problem, this.settings.path) && registry.get(problem.element));
    const byElement = Map.groupBy ? Map.groupBy(here, (one) => one.element) : grouped(here);
    for (const [id, found] of byElement) {
      const isError = found.some((problem) => problem.severity === 'error');
      const html = h('button', {
        type: 'button', class: `editor-badge ${isError ? 'is-error' : 'is-warning'}`,
        title: found.map((problem) => problem.message).join('\n'), onclick: () => this.goTo(id),
      }, String(found.length));
      overlays.add(id, 'problem', { position: { top: -10, right: 10 }, html });
    }
  }

  goTo(id) {
    const shape = this.modeler.get('elementRegistry').get(id);
    if (!shape) return;
    this.modeler.get('selection').select(shape);
    this.modeler.get('canvas').scrollToElement(shape, 120);
  }

  show(parts) {
    this.report.hidden = false;
    this.report.replaceChildren(...parts);
    this.report.scrollIntoView({ block: 'nearest' });
  }

  // A flow without a name is known by its two ends.
  nameOf(id) {
    const shape = this.modeler.get('elementRegistry').get(id);
    if (!shape) return '';
    const name = ({ businessObject: { name, $type } }) => name || this.labels[$type] || '';
    if (!shape.source || !shape.target || shape.businessObject.name) return name(shape);
    return `${name(shape.source)} → ${name(shape.target)}`;
  }

  say(text, isWrong = false) {
    this.status.textContent = text;
    this.status.classList.toggle('is-wrong', isWrong);
  }

  async ask(url, failure) {
    const answer = await this.post(url, { path: this.settings.path }).catch(() => null);
    if (answer && answer.ok) return answer.json();
    this.say(failure, true);
    return {};
  }

  post(url, fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...fields, _csrf: this.token })) body.append(name, value);
    return fetch(url, { method: 'POST', body, headers: { Accept: 'application/json' } });
  }
}

function grouped(problems) {
  const found = new Map();
  for (const problem of problems) found.set(problem.element, [...(found.get(problem.element) || []), problem]);
  return found;
}

for (const root of document.querySelectorAll('[data-editor]')) {
  const editor = new Editor(root);
  editor.open().catch((error) => {
    editor.say(editor.labels.open_failed.replace('{why}', error.message), true);
    console.error(error);
  });
}
