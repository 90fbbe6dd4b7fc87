"""The messages: an answer, what is still to be asked, help, and a plain word when something fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.slack.present import words
from service.slack.present.blocks import (
    Blocks,
    actions,
    button,
    clipped,
    context,
    escaped,
    fitted,
    header,
    section,
)
from service.slack.present.questions import next_question, open_question
from service.slack.present.reasons import why
from service.slack.state import Carried
from service.slack.turn import Reading, Turn

Json = dict[str, Any]


def answer_message(turn: Turn, carried: Carried) -> Json:
    """The whole answer for whoever asked, with the controls to take it further."""
    answer = turn.answer
    assert answer is not None
    parts: list[tuple[int, Blocks]] = [
        *_heart(answer),
        (3, context(_basis(turn.reading, answer))),
        (2, context(f"Beware: {item['message']}" for item in answer["warnings"])),
        (4, _what_would_change_it(answer)),
        (1, next_question(answer, carried)),
        (0, actions(_controls(carried, turn.link))),
        (5, context([_stamp(answer)])),
    ]
    return _message(words.in_brief(answer), fitted(parts))


def shared_message(turn: Turn, user: str) -> Json:
    """The answer for a channel: said by whom, no questions, nothing to press but the link."""
    answer = turn.answer
    assert answer is not None
    link = [button("Open in browser", "open", url=turn.link)] if turn.link else []
    parts: list[tuple[int, Blocks]] = [
        *_heart(answer),
        (3, context(_basis(turn.reading, answer))),
        (2, context(f"Beware: {item['message']}" for item in answer["warnings"])),
        (0, actions(link)),
        (0, [{"type": "context", "elements": [{"type": "mrkdwn", "text": f"Shared by <@{user}>. {_stamp(answer)}"}]}]),
    ]
    return _message(words.in_brief(answer), fitted(parts))


def asking_message(turn: Turn, carried: Carried) -> Json:
    """What was understood, and the first of the questions that are still open."""
    missing = turn.missing
    known = list(_read(turn.reading))
    count = f"{len(missing)} questions are" if len(missing) > 1 else "One question is"
    then = [f"Then: {', '.join(words.label(name) for name in missing[1:])}."] if missing[1:] else []
    blocks = [
        section(f"{count} open before there is an answer."),
        *context(known),
        *open_question(missing[0], carried),
        *context(then),
        *actions([button("Answer in a form", "adjust", carried.button)]),
    ]
    return _message(f"{count} open before there is an answer: {words.label(missing[0])} first.", blocks)


def faulty_message(turn: Turn, carried: Carried) -> Json:
    """What is wrong with a project, in the API's own words, and a form to put it right."""
    lines = [f"• {escaped(fault.message)}" for fault in turn.faults]
    text = "\n".join(["This can't be answered as it is:", *lines])
    return _message(
        "This can't be answered as it is.",
        [section(text), *actions([button("Put it right", "adjust", carried.button)])],
    )


def help_message(command: str) -> Json:
    """What the command does, with examples to copy."""
    examples = (
        "real-time card fraud detection for a bank, p99 < 50 ms, 900 rps, team of 8",
        "churn insights for a retailer, discovery phase, nothing going live, explained to executives",
        "take a validated forecasting model to production, batch, 14 models in prod, healthcare",
    )
    copied = "\n".join(f"`{command} {escaped(example)}`" for example in examples)
    text = (
        "Describe an AI project in a sentence, and get how many data scientists (DS) and ML engineers (MLE) it needs, "
        "why, and what would change that.\n\n"
        f"*Examples to copy*\n{copied}\n\n"
        f"`{command}` alone opens a form. `{command} help` shows this. Only you see an answer until you share it."
    )
    return _message("How to ask for a staffing recommendation", [section(text)])


def notice(text: str) -> Json:
    """A plain word, beside whatever is there already."""
    return _message(text, [section(escaped(text))]) | {"replace_original": False}


def _heart(answer: Json) -> list[tuple[int, Blocks]]:
    text = f"*{escaped(words.headline(answer))}*\n{escaped(words.spread(answer))}\n{escaped(words.headcount(answer))}"
    return [(0, [header(answer["name"] or words.UNNAMED), section(text)]), (0, why(answer))]


def _basis(reading: Reading, answer: Json) -> Iterator[str]:
    """Yield what the answer rests on: what was read and how, what was set aside, what is left open."""
    yield from _read(reading)
    if open_fields := answer["unanswered"]:
        listed = ", ".join(words.label(name) for name in open_fields)
        yield f"Not answered, so no rule counts for it ({len(open_fields)}): {listed}."


def _read(reading: Reading) -> Iterator[str]:
    said = [
        words.pair(name, text) + (f" (“{reading.words[name]}”)" if name in reading.words else "")
        for name, text in reading.pairs.items()
        if name not in ("name", "reference", "description")
    ]
    if said:
        yield f"What this rests on: {'; '.join(said)}."
    if reading.words:
        yield "Where words stand in quotes, the value was read from them: Adjust puts it right."
    if reading.set_aside:
        yield f"Read and set aside: {'; '.join(reading.set_aside)}."


def _what_would_change_it(answer: Json) -> Blocks:
    return [section(f"*What would change it*\n{escaped(answer['what_would_change_it']['smallest_flip']['statement'])}")]


def _controls(carried: Carried, link: str | None) -> list[Json]:
    controls = [
        button("Share to channel", "share", carried.button, primary=True),
        button("Adjust", "adjust", carried.button),
        button("All reasons", "reasons", carried.button),
    ]
    return controls + ([button("Open in browser", "open", url=link)] if link else [])


def _stamp(answer: Json) -> str:
    return f"Rulebook {answer['rulebook']['name']} {answer['rulebook']['version']}. A number in brackets is a claim."


def _message(text: str, blocks: Blocks) -> Json:
    return {"text": clipped(escaped(text), 1_000), "blocks": blocks}
