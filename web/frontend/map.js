// The map of a process: the diagram as it is drawn, where cases stand, which way they came, and what each element means.
// The same facts stand in the table under it, made by the server; without this script nothing is lost.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import { getJson, getText, h } from './dom.js';
import { nameLanes } from './map-lanes.js';
import { emptyPanel, elementPanel } from './map-panel.js';

const READABLE = 0.5; // below this scale labels cannot be read, so a map opens at least so large
const STEP = 1.25;
const MARGIN = 20; // units around the drawing

class ProcessMap {
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector('[data-map-canvas]');
    this.panel = root.querySelector('[data-map-panel]');
    this.isSmall = root.dataset.mapMode === 'small';
    this.selected = null;
  }

  async open() {
    this.data = await getJson(this.root.dataset.map);
    const modules = this.isSmall ? [{ zoomScroll: ['value', null] }] : []; // the wheel scrolls the page there
    this.viewer = new NavigatedViewer({ container: this.canvas, additionalModules: modules });
    this.viewer.on('import.parse.complete', ({ elementsById }) => this.rename(elementsById));
    await this.viewer.importXML(await getText(this.data.diagram));
    this.elements = new Map(this.data.elements.map((element) => [element.id, element]));
    this.mark();
    this.listen();
    if (!this.isSmall) nameLanes(this.viewer, this.canvas);
    this.look();
    this.root.classList.add('is-ready');
  }

  // The drawing speaks the reader's language; the file stays as it is.
  rename(elements) {
    for (const [id, name] of Object.entries(this.data.names)) if (elements[id]) elements[id].name = name;
  }

  get(name) {
    return this.viewer.get(name);
  }

  // What is seen ------------------------------------------------------------------------------------------------------

  mark() {
    const canvas = this.get('canvas');
    const registry = this.get('elementRegistry');
    const add = (id, marker) => registry.get(id) && canvas.addMarker(id, marker);
    for (const id of Object.keys(this.data.passed)) add(id, 'is-passed');
    for (const id of this.data.flows_passed) add(id, 'is-passed');
    if (this.data.case) this.dimWhatIsAhead();
    for (const id of Object.keys(this.data.open)) add(id, 'is-open');
    for (const id of this.data.missed) add(id, 'is-missed');
    for (const id of this.data.broken) add(id, 'is-broken');
    for (const id of this.elements.keys()) if (registry.get(id)) this.badge(registry.get(id));
  }

  dimWhatIsAhead() {
    const met = new Set([
      ...Object.keys(this.data.passed), ...Object.keys(this.data.open), ...this.data.broken, ...this.data.flows_passed,
    ]);
    for (const shape of this.get('elementRegistry').getAll()) {
      const id = shape.labelTarget ? shape.labelTarget.id : shape.id;
      if ((this.elements.has(id) || shape.waypoints) && !met.has(id)) this.get('canvas').addMarker(shape, 'is-ahead');
      else if (shape.labelTarget && shape.labelTarget.waypoints && !met.has(id)) this.get('canvas').addMarker(shape, 'is-ahead');
    }
  }

  badge(shape) {
    const { labels, open, broken, missed, passed } = this.data;
    const signs = [];
    if (broken.includes(shape.id)) signs.push(['map-badge-broken', labels.broken]);
    if (open[shape.id]) signs.push(['map-badge-open', this.data.case ? labels.here : open[shape.id][0].count]);
    if (missed.includes(shape.id)) signs.push(['map-badge-missed', labels.late]);
    const count = passed[shape.id] || 0;
    if (count > 1 || (count && !this.data.case)) signs.push(['map-badge-count', `×${count}`]);
    if (!signs.length) return;
    const html = h('div', { class: 'map-badges' }, signs.map(([kind, text]) => h('span', { class: `map-badge ${kind}` }, text)));
    const position = { top: -11, left: shape.width < 60 ? shape.width - 8 : 6 };
    this.get('overlays').add(shape.id, { position, scale: { min: 0.75, max: 1.1 }, html });
  }

  look() {
    const canvas = this.get('canvas');
    const here = this.data.case && (this.root.dataset.mapElement || this.places()[0]);
    canvas.zoom('fit-viewport');
    if (canvas.zoom() >= READABLE) this.centre();
    else if (here) this.goTo(here, this.isSmall ? 0.7 : 0.8);
    else this.goToBeginning();
    this.select(here && !this.isSmall ? here : null);
  }

  goToBeginning() {
    const canvas = this.get('canvas');
    const { inner } = canvas.viewbox();
    const { width, height } = canvas.getSize();
    const scale = Math.min(1, Math.max(READABLE, (height - 40) / inner.height));
    canvas.viewbox({ x: inner.x - 20, y: inner.y - 20, width: width / scale, height: height / scale });
  }

  centre() {
    const canvas = this.get('canvas');
    if (canvas.zoom() > 1) canvas.zoom(1);
    const { inner, width, height } = canvas.viewbox();
    canvas.viewbox({ x: inner.x + inner.width / 2 - width / 2, y: inner.y + inner.height / 2 - height / 2, width, height });
  }

  places() {
    const drawn = (id) => this.get('elementRegistry').get(id);
    return [...this.data.broken, ...Object.keys(this.data.open)].filter(drawn);
  }

  // Centres an element, but never shows emptiness beside the drawing where there is drawing to show.
  goTo(id, scale = this.get('canvas').zoom()) {
    const canvas = this.get('canvas');
    const shape = this.get('elementRegistry').get(id);
    const { inner } = canvas.viewbox();
    const { width, height } = canvas.getSize();
    const box = { width: width / scale, height: height / scale };
    const x = within(shape.x + (shape.width || 0) / 2, box.width, inner.x, inner.width);
    const y = within(shape.y + (shape.height || 0) / 2, box.height, inner.y, inner.height);
    canvas.viewbox({ ...box, x, y });
  }

  // What can be done --------------------------------------------------------------------------------------------------

  listen() {
    const bus = this.get('eventBus');
    if (this.isSmall) {
      // A glance for those who see; the page around it says the same in words.
      this.canvas.querySelector('svg').setAttribute('tabindex', '-1');
      bus.on('element.click', ({ element }) => {
        const id = this.known(element);
        if (id) location.assign(`${this.data.page}#${id}`);
      });
      return;
    }
    bus.on('element.click', ({ element }) => { this.select(this.known(element)); });
    bus.on('element.dblclick', ({ element }) => { this.enter(this.known(element)); });
    this.root.addEventListener('click', (event) => {
      const button = event.target.closest('[data-map-do]');
      if (button) this.act(button.dataset.mapDo);
    });
    this.canvas.addEventListener('keydown', (event) => this.key(event));
    for (const link of document.querySelectorAll('[data-map-select]')) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        this.show(link.dataset.mapSelect);
      });
    }
    if (location.hash.length > 1) {
      const id = decodeURIComponent(location.hash.slice(1));
      if (this.elements.has(id)) setTimeout(() => this.show(id));
    }
  }

  known(element) {
    const id = element.labelTarget ? element.labelTarget.id : element.id;
    return this.elements.has(id) ? id : null;
  }

  key(event) {
    const steps = { PageDown: 1, PageUp: -1 };
    if (event.key in steps) this.walk(steps[event.key]);
    else if (event.key === 'Enter') this.enter(this.selected);
    else if (event.key === 'Escape') this.select(null);
    else return;
    event.preventDefault();
  }

  act(what) {
    const canvas = this.get('canvas');
    if (what === 'fit') canvas.zoom('fit-viewport', 'auto');
    else if (what === 'in') canvas.zoom(canvas.zoom() * STEP);
    else if (what === 'out') canvas.zoom(canvas.zoom() / STEP);
    else if (what === 'here') this.nextPlace();
    else if (what === 'next') this.walk(1);
    else if (what === 'previous') this.walk(-1);
    else if (what === 'legend') this.root.classList.toggle('has-legend');
  }

  nextPlace() {
    const places = this.places();
    if (!places.length) return;
    this.place = ((this.place ?? -1) + 1) % places.length;
    this.show(places[this.place], Math.max(this.get('canvas').zoom(), 0.8));
  }

  walk(step) {
    const order = [...this.elements.keys()].filter((id) => this.get('elementRegistry').get(id));
    const at = order.indexOf(this.selected);
    const next = at < 0 ? (step > 0 ? 0 : order.length - 1) : (at + step + order.length) % order.length;
    this.show(order[next]);
  }

  show(id, scale) {
    if (!this.get('elementRegistry').get(id)) return;
    this.goTo(id, scale ?? Math.max(this.get('canvas').zoom(), READABLE));
    this.select(id);
    this.canvas.scrollIntoView({ block: 'nearest' });
  }

  enter(id) {
    const element = id && this.elements.get(id);
    if (element && element.called_url) location.assign(element.called_url);
  }

  select(id) {
    const canvas = this.get('canvas');
    if (this.selected) canvas.removeMarker(this.selected, 'is-chosen');
    this.selected = id;
    if (id) canvas.addMarker(id, 'is-chosen');
    if (!this.panel) return;
    const go = (target) => this.show(target);
    this.panel.replaceChildren(
      ...(id ? elementPanel(this.elements.get(id), this.data, go) : emptyPanel(this.data, this.elements, go)),
    );
    this.panel.scrollTop = 0;
  }
}

// The beginning of a window of this length around a middle, kept within the drawing; a small drawing is centred.
function within(middle, length, from, extent) {
  if (extent + 2 * MARGIN <= length) return from + extent / 2 - length / 2;
  return Math.min(Math.max(middle - length / 2, from - MARGIN), from + extent + MARGIN - length);
}

for (const root of document.querySelectorAll('[data-map]')) {
  new ProcessMap(root).open().catch((error) => {
    root.classList.add('has-failed');
    console.error(error);
  });
}
