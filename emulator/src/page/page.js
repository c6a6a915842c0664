"use strict";

// Keeps what is shown current, and makes the buttons work. The page is complete without it.

const REFRESH_MILLISECONDS = 2000;
const content = () => document.getElementById("content");

function say(text, isFailure) {
  const message = document.getElementById("message");
  message.textContent = text;
  message.classList.toggle("failure", isFailure);
}

async function refresh() {
  const answer = await fetch("/_emulator/", { cache: "no-store" });
  if (!answer.ok) throw new Error(`the emulator answered ${answer.status}`);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("content");
  for (const open of content().querySelectorAll("details[open]")) {
    const same = fresh.querySelector(`#${CSS.escape(open.id)}`);
    if (same) same.open = true;
  }
  content().replaceWith(fresh);
}

async function order(method, what, body) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await fetch(`/_emulator/${what}`, { method, headers, body: body && JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
}

async function carryOut(done, work) {
  try {
    await work();
    await refresh();
    say(done, false);
  } catch (error) {
    say(error.message, true);
  }
}

for (const button of document.querySelectorAll("button[data-advance]")) {
  const seconds = Number(button.dataset.advance);
  button.addEventListener("click", () =>
    carryOut(`The clock was put forward: ${button.textContent}.`, () => order("POST", "clock", { advance_seconds: seconds })));
}

document.getElementById("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = new FormData(event.target);
  const number = (name) => Number(fields.get(name));
  const fault = {
    action: fields.get("action"), kind: fields.get("kind"), times: number("times"), after: number("after"),
    probability: number("probability"), millis: number("millis"),
  };
  carryOut(`The fault ${fault.kind} waits.`, () => order("POST", "faults", fault));
});

document.getElementById("clear-faults").addEventListener("click", () =>
  carryOut("No fault waits any more.", () => order("DELETE", "faults")));

document.getElementById("reset").addEventListener("click", () => {
  if (confirm("Jobs, tasks and the request log will be gone. Go back to the fixtures?")) {
    carryOut("Everything is as the fixtures say.", () => order("POST", "reset"));
  }
});

document.querySelector(".controls").hidden = false;

// One after the other, so that a slow emulator is not asked faster than it answers.
async function keepCurrent() {
  try {
    if (!document.hidden) await refresh();
  } catch (error) {
    say(`Not current: ${error.message}.`, true);
  }
  setTimeout(keepCurrent, REFRESH_MILLISECONDS);
}
setTimeout(keepCurrent, REFRESH_MILLISECONDS);
