// What every page loads: htmx, which only enhances; each page works the same without it.
import htmx from 'htmx.org';

htmx.config.allowEval = false; // the pages' content security policy forbids it anyway
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0; // pages hold personal data: keep none in the browser's storage
// A refused form comes back as 422 with the form drawn again.
htmx.config.responseHandling = [
  { code: '204', swap: false },
  { code: '[23]..', swap: true },
  { code: '422', swap: true },
  { code: '[45]..', swap: false, error: true },
];
window.htmx = htmx;
