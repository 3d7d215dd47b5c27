// @ts-check

/**
 * Draw the charts of a page with Fava's own component, once the page is there.
 *
 * @type import("../../../frontend/src/extension-api").ExtensionModule
 */
export default {
  async onExtensionPageLoad(ctx) {
    const place = document.querySelector("[data-ledgercli-charts]");
    if (!place || place.getAttribute("aria-busy") !== "true") {
      return;
    }
    place.setAttribute("aria-busy", "false");
    const asked = Object.fromEntries(new URLSearchParams(window.location.search));
    const charts = await ctx.api.get("charts", asked);
    const data = document.createElement("script");
    data.type = "application/json";
    data.textContent = JSON.stringify(charts);
    const component = document.createElement("svelte-component");
    component.setAttribute("type", "charts");
    component.append(data);
    place.replaceChildren(component);
  },
};
