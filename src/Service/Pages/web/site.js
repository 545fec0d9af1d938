// Brings the live part of a page up to date, while somebody looks.
(() => {
  'use strict';
  const live = document.getElementById('live');
  if (!live) {
    return;
  }
  const seconds = Number(live.dataset.refresh);
  async function refresh() {
    if (document.visibilityState === 'visible') {
      try {
        const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
        if (answer.ok) {
          const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('live');
          const focused = live.contains(document.activeElement) ? document.activeElement : null;
          if (fresh && fresh.innerHTML !== live.innerHTML && !focused) {
            live.innerHTML = fresh.innerHTML;
          }
        }
      } catch {
        // The service is away; the page keeps what it shows and asks again.
      }
    }
    setTimeout(refresh, seconds * 1000);
  }
  setTimeout(refresh, seconds * 1000);
})();
