// @ts-check

/**
 * Ask before letters are written or sent, and tell what became of it.
 *
 * @type import("../../../frontend/src/extension-api").ExtensionModule
 */
export default {
  onExtensionPageLoad(ctx) {
    const done = document.getElementById("ledgercli-done");
    if (!done || done.dataset.ready) {
      return;
    }
    done.dataset.ready = "true";
    for (const button of document.querySelectorAll("[data-ledgercli-ask]")) {
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
        dialog.close();
        for (const each of document.querySelectorAll("[data-ledgercli-ask]")) {
          each.setAttribute("disabled", "");
        }
        done.setAttribute("aria-busy", "true");
        try {
          const response = /** @type {Response} */ (
            await ctx.api.request(
              "letters",
              "PUT",
              Object.fromEntries(new URLSearchParams(window.location.search)),
              {
                what: act.getAttribute("data-ledgercli-do"),
                seen: act.getAttribute("data-seen"),
              },
              "raw",
            )
          );
          const found = await response.json();
          if (response.ok) {
            done.innerHTML = found.html;
          } else {
            tell(done, found.error ?? response.statusText);
          }
        } catch (error) {
          tell(done, String(error));
        }
        done.removeAttribute("aria-busy");
        done.scrollIntoView({ block: "nearest" });
      });
    }
  },
};

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
