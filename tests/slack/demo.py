"""`make slack-demo`: the service and a Slack of our own, a command, its answer and a button press in the terminal."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from tests.slack import requests
from tests.slack.conftest import TOKEN, Workspace, elements
from tests.slack.web_api import running_slack
from tests.workers import services

Json = dict[str, Any]
SENTENCE = "real-time card fraud detection for a bank, in the modeling phase, p99 < 50 ms, 900 rps, team of 8"
CONSOLE = Console(highlight=False, width=110)


def main() -> None:
    """Show one conversation, then go on with it where somebody types."""
    with running_slack() as slack, services() as serve:
        here = Workspace(serve(SLACK_API_URL=slack.api_url, PUBLIC_URL="https://staffing.example.org", **TOKEN), slack)
        CONSOLE.print(f"The service listens on {here.service.url}/slack/events; Slack is ours, on {slack.api_url}\n")
        message = typed(here, SENTENCE)
        buttons = [element for name, element in elements(message).items() if name.startswith("answer:")]
        if buttons:
            message = pressed(here, buttons[-1])
        while sys.stdin.isatty():
            message = step(here, message)
        CONSOLE.print(f"Calls that Slack received: {dict(slack.counts())}; payloads that broke a limit: {slack.faults}")


def step(here: Workspace, message: Json) -> Json:
    """Ask what to do next: a number presses that button, anything else is typed after /staffing."""
    controls = list(elements(message).values())
    for number, element in enumerate(controls, start=1):
        CONSOLE.print(f"  {number}  [{element.get('text', element.get('placeholder'))['text']}]", markup=False)
    try:
        said = input("A number presses, words are typed after /staffing, Ctrl-D ends: ").strip()
    except EOFError:
        sys.exit(0)
    if not said.isdigit():
        return typed(here, said) if said else message
    chosen = controls[int(said) - 1] if 0 < int(said) <= len(controls) else {"type": "none"}
    if chosen["type"] == "button" and "url" not in chosen:
        return pressed(here, chosen)
    CONSOLE.print("That one is for Slack's own window.")
    return message


def typed(here: Workspace, text: str) -> Json:
    """Type the command."""
    CONSOLE.print(f"> /staffing {text}\n", markup=False, style="bold")
    return _after(here, requests.command(text, here.slack.response_url()))


def pressed(here: Workspace, element: Json) -> Json:
    """Press a button."""
    CONSOLE.print(f"> [{element['text']['text']}]\n", markup=False, style="bold")
    return _after(here, requests.press(element, here.slack.response_url()))


def _after(here: Workspace, body: str) -> Json:
    """Send a request, and show what Slack is then told."""
    shown = ("response_url", "views.open")
    before = len(here.slack.of(*shown))
    acknowledged = here.send(body)
    if acknowledged.body:
        return show(acknowledged.json(), "with the acknowledgement")
    call = here.next_of(shown, before)
    return show(call.body.get("view", call.body), call.method)


def show(payload: Json, how: str) -> Json:
    """Draw a message or a window as text."""
    lines = [line for block in payload["blocks"] for line in _drawn(block)]
    seen = payload.get("response_type", "a window")
    CONSOLE.print(Panel(Text("\n".join(lines)), title=f"{seen}, {how}", title_align="left"))
    return payload


def _drawn(block: Json) -> list[str]:
    match block["type"]:
        case "header":
            return [block["text"]["text"].upper(), ""]
        case "section":
            return [block["text"]["text"].replace("*", ""), ""]
        case "context":
            return [*(f"  {element['text']}" for element in block["elements"]), ""]
        case "actions":
            return [" ".join(f"[{one.get('text', one.get('placeholder'))['text']}]" for one in block["elements"]), ""]
    return [f"{block['label']['text']}  [ {block['element'].get('initial_value', '')} ]"]


if __name__ == "__main__":
    main()
