// Counts, for the owner, sections read and links followed; of nobody who asks not to be tracked.
(() => {
  const { doNotTrack, globalPrivacyControl } = navigator;
  if (doNotTrack === "1" || globalPrivacyControl || !navigator.sendBeacon) return;
  const to = `/u/${location.pathname.split("/")[2]}/seen`;
  const told = new Set();
  let clicks = [];
  let sections = [];
  let soon;
  const send = () => {
    if (!clicks.length && !sections.length) return;
    const body = JSON.stringify({ clicks, sections });
    navigator.sendBeacon(to, new Blob([body], { type: "application/json" }));
    clicks = [];
    sections = [];
  };
  const clicked = (event) => {
    const link = event.target.closest("a[href^=http]");
    if (!link || link.host === location.host) return;
    clicks.push(link.getAttribute("href"));
    send();
  };
  addEventListener("click", clicked);
  addEventListener("auxclick", clicked);
  const looking = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      const key = target.dataset.section;
      if (!isIntersecting || told.has(key)) continue;
      told.add(key);
      sections.push(key);
      clearTimeout(soon);
      soon = setTimeout(send, 1500);
    }
  }, { rootMargin: "-20% 0px -20% 0px" });
  for (const part of document.querySelectorAll("[data-section]")) looking.observe(part);
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.hidden && send());
})();
