// Keeps the names of lanes in sight: on a wide diagram the head of the pool scrolls away, and with it who does what.
import { h } from './dom.js';

const HEAD = 30; // units that the name of a lane takes at its left side

export function nameLanes(viewer, canvasElement) {
  const canvas = viewer.get('canvas');
  const lanes = viewer.get('elementRegistry').filter((shape) => shape.type === 'bpmn:Lane' && shape.businessObject.name);
  if (!lanes.length) return;
  const column = h('div', { class: 'map-lanes', 'aria-hidden': 'true' });
  const names = lanes.map((shape) => [shape, h('div', { class: 'map-lane', hidden: true }, h('span', {}, shape.businessObject.name))]);
  column.append(...names.map(([, name]) => name));
  canvasElement.append(column);

  const place = () => {
    const box = canvas.viewbox();
    const { height } = canvas.getSize();
    for (const [shape, name] of names) {
      const top = Math.max(0, (shape.y - box.y) * box.scale);
      const bottom = Math.min(height, (shape.y + shape.height - box.y) * box.scale);
      const isGone = shape.x + HEAD / 2 < box.x && shape.x + shape.width > box.x;
      name.hidden = !isGone || bottom - top < 24;
      name.style.top = `${top}px`;
      name.style.height = `${bottom - top}px`;
    }
  };
  viewer.get('eventBus').on('canvas.viewbox.changed', place);
  place();
}
