// The page without this script is whole: links and forms work. The script saves the reloads.
import { follow } from "./follow.js";
import { copying } from "./copy.js";
import { filtering, proving } from "./filter.js";

document.documentElement.dataset.script = "on";
copying(document);
const project = document.querySelector("#project");
if (project) follow(project);
const filter = document.querySelector("#filter");
if (filter) filtering(filter);
const proof = document.querySelector("[data-proof]");
if (proof) proving(proof);
