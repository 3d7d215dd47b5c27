// @ts-check

export { default } from "./Receivables.js";
