// @ts-check

/** How often a page that is open asks whether what it shows has changed, as Fava itself does. */
const WATCH_MILLISECONDS = 5000;
/** How often it looks whether a question is answered that the page must not be taken away from. */
const DIALOG_MILLISECONDS = 500;

/**
 * What all pages do: fetch what takes longer, follow the activity log, lead to other pages, and
 * ask before letters are written or sent.
 *
 * @type import("../../../frontend/src/extension-api").ExtensionModule
 */
export default {
  onExtensionPageLoad(ctx) {
    done = "";
    begin(ctx.api);
  },
};

/** What became of the letters, as HTML: it stays while the page below is made anew. */
let done = "";

/**
 * @typedef {import("../../../frontend/src/extension-api").ExtensionApi} Api
 */

/** @param {Api} api */
function begin(api) {
  const page = document.querySelector(".ledgercli");
  if (!(page instanceof HTMLElement) || page.dataset.ready) {
    return;
  }
  page.dataset.ready = "true";
  drawCharts(api, page);
  letSearch(page);
  letAct(api, page);
  const told = page.querySelector("#ledgercli-done");
  if (told && done) {
    told.innerHTML = done;
  }
  const later = page.querySelector("[data-ledgercli-later]");
  if (later instanceof HTMLElement) {
    fetchAll(api, page).catch((error) => {
      tell(later, `${later.dataset.failed} ${error}`);
    });
  } else {
    follow(api, page);
  }
}

/** @returns {Record<string, string>} */
function asked() {
  return Object.fromEntries(new URLSearchParams(window.location.search));
}

/**
 * Show the whole page in the place of what is there.
 *
 * @param {Api} api
 * @param {HTMLElement} page
 */
async function fetchAll(api, page) {
  const address = window.location.href;
  const response = /** @type {Response} */ (
    await api.request("content", "GET", asked(), undefined, "raw")
  );
  if (!response.ok) {
    throw new Error(response.statusText);
  }
  const { html } = await response.json();
  while (page.querySelector("dialog[open]")) {
    await new Promise((resolve) => setTimeout(resolve, DIALOG_MILLISECONDS));
  }
  // Whoever has gone on meanwhile is left alone.
  if (!page.isConnected || (page.dataset.acted && !done) || address !== window.location.href) {
    return;
  }
  const made = document.createElement("template");
  made.innerHTML = html;
  const style = page.previousElementSibling;
  if (style instanceof HTMLStyleElement) {
    style.remove();
  }
  page.replaceWith(made.content);
  begin(api);
}

/**
 * Draw the charts with Fava's own component, once the page is there.
 *
 * @param {Api} api
 * @param {HTMLElement} page
 */
async function drawCharts(api, page) {
  const place = page.querySelector("[data-ledgercli-charts]");
  if (!place) {
    return;
  }
  const charts = await api.get("charts", asked());
  place.setAttribute("aria-busy", "false");
  const data = document.createElement("script");
  data.type = "application/json";
  data.textContent = JSON.stringify(charts);
  const component = document.createElement("svelte-component");
  component.setAttribute("type", "charts");
  component.append(data);
  place.replaceChildren(component);
}

/**
 * Go to what is looked for within Fava, as its links do.
 *
 * @param {HTMLElement} page
 */
function letSearch(page) {
  const form = page.querySelector("[data-ledgercli-search]");
  if (!(form instanceof HTMLFormElement)) {
    return;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const link = document.createElement("a");
    const address = new URL(form.action, window.location.href);
    for (const [key, value] of new FormData(form)) {
      address.searchParams.set(key, String(value));
    }
    link.href = address.href;
    link.hidden = true;
    form.append(link);
    link.click();
    link.remove();
  });
}

/**
 * Show the page anew once the activity log or the letters have changed, which Fava does not watch.
 *
 * @param {Api} api
 * @param {HTMLElement} page
 */
function follow(api, page) {
  const { state } = page.dataset;
  if (!state) {
    return;
  }
  let isAsking = false;
  const timer = setInterval(async () => {
    if (!page.isConnected || page.dataset.acted) {
      clearInterval(timer);
      return;
    }
    const isBusy =
      isAsking ||
      document.hidden ||
      page.querySelector("dialog[open]") ||
      document.activeElement?.closest("[data-ledgercli-search]");
    if (isBusy) {
      return;
    }
    isAsking = true;
    try {
      const now = /** @type {{state: string}} */ (await api.get("state", {}));
      if (now.state !== state && !page.dataset.acted && !page.querySelector("dialog[open]")) {
        await fetchAll(api, page);
      }
    } catch {
      // Fava may be gone for a while.
    }
    isAsking = false;
  }, WATCH_MILLISECONDS);
}

/**
 * Ask before letters are written or sent, and tell what became of it.
 *
 * @param {Api} api
 * @param {HTMLElement} page
 */
function letAct(api, page) {
  const place = page.querySelector("#ledgercli-done");
  if (!(place instanceof HTMLElement)) {
    return;
  }
  for (const button of page.querySelectorAll("[data-ledgercli-ask]")) {
    const dialog = document.getElementById(button.getAttribute("data-ledgercli-ask") ?? "");
    if (!(dialog instanceof HTMLDialogElement)) {
      continue;
    }
    button.addEventListener("click", () => dialog.showModal());
    dialog
      .querySelector("[data-ledgercli-close]")
      ?.addEventListener("click", () => dialog.close());
    const act = dialog.querySelector("[data-ledgercli-do]");
    act?.addEventListener("click", async () => {
      page.dataset.acted = "true";
      done = "";
      dialog.close();
      for (const each of page.querySelectorAll("[data-ledgercli-ask]")) {
        each.setAttribute("disabled", "");
      }
      const progress = document.createElement("progress");
      progress.setAttribute("aria-label", button.textContent ?? "");
      place.replaceChildren(progress);
      try {
        const response = /** @type {Response} */ (
          await api.request(
            "letters",
            "PUT",
            asked(),
            {
              what: act.getAttribute("data-ledgercli-do"),
              seen: act.getAttribute("data-seen"),
            },
            "raw",
          )
        );
        const found = await response.json();
        if (response.ok) {
          done = found.html;
          place.innerHTML = done;
          await fetchAll(api, page);
        } else {
          tell(place, found.error ?? response.statusText);
        }
      } catch (error) {
        tell(place, String(error));
      }
      const told = document.getElementById("ledgercli-done");
      told?.focus();
      told?.scrollIntoView({ block: "nearest" });
    });
  }
}

/**
 * @param {HTMLElement} place
 * @param {string} words
 */
function tell(place, words) {
  const line = document.createElement("p");
  line.className = "refused";
  line.setAttribute("role", "alert");
  line.textContent = words;
  place.replaceChildren(line);
}
