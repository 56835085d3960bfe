// What a server adds: the live page takes its content anew as it changes. Over a WebSocket, by asking again
// where that is blocked; the connection is made again after a restart of the server.
(() => {
  "use strict";
  if (document.body.dataset.lwPage !== "/live") return;
  const main = document.getElementById("main");
  const state = document.createElement("p");
  state.className = "lw-state";
  state.setAttribute("role", "status");
  main.before(state);
  let shown = "";
  const show = (markup) => {
    if (markup === shown) return;
    shown = markup;
    // The markup is made and escaped by our own server, of the same origin as this script.
    const made = new DOMParser().parseFromString(markup, "text/html");
    // Who walks along the links by keyboard stays where they are.
    const at = main.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    main.replaceChildren(...made.body.childNodes);
    if (at) [...main.querySelectorAll("a")].find((a) => a.getAttribute("href") === at)?.focus({ preventScroll: true });
  };
  let asking = 0;
  const ask = async () => {
    try {
      const answer = await fetch(`/live/part${location.search}`, { headers: { Accept: "text/html" } });
      if (answer.ok) show(await answer.text());
      state.textContent = answer.ok ? "Asked for every two seconds." : `The server answers ${answer.status}.`;
    } catch {
      state.textContent = "The server does not answer; asking again.";
    }
  };
  let wait = 1000;
  const listen = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/live/socket${location.search}`);
    socket.onopen = () => {
      wait = 1000;
      clearInterval(asking);
      asking = 0;
      state.textContent = "Live.";
    };
    socket.onmessage = (event) => show(event.data);
    socket.onclose = () => {
      if (!asking) {
        ask();
        asking = setInterval(ask, 2000);
      }
      setTimeout(listen, wait);
      wait = Math.min(30000, wait * 2);
    };
  };
  listen();
})();
