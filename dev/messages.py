"""Parse the messages of the hooks."""

import shlex
from collections.abc import Sequence

from dev.rules import find_problems
from dev.variants import ASKED, CHOICES, HOLDER


def answers_in(command: str) -> dict[str, str]:
    """Return the answers, by question, in a ``command`` that bakes, parsed as by bash."""
    pairs = (word.partition("=") for word in shlex.split(command))
    return {question: answer for question, _, answer in pairs if question in ASKED}


def problems_in(lines: Sequence[str]) -> list[str]:
    """Return the problems in ``lines``, the standard error of the first hook.

    Raise AssertionError if there is no problem, or if the last line is neither a command
    with accepted answers nor a sentence that explains why no command is shown. The command
    can end with answers that only the user can correct.
    """
    problems = [line[7:] for line in lines if line.startswith("ERROR: ")]
    assert problems, "the hook reported no problem"
    advice, *commands = lines[len(problems) :]
    assert all(map(str.isascii, lines))
    assert len(commands) == advice.endswith(":"), advice
    for command in commands:
        answers = answers_in(command)
        assert {*answers} == {*ASKED}
        right = {**answers, **HOLDER}
        left = [each for each in CHOICES if answers[each] not in CHOICES[each]]
        right |= {each: CHOICES[each][0] for each in left}
        if find_problems(answers | {each: right[each] for each in left}):
            left.append("full_name")
        assert left == [*answers][len(answers) - len(left) :]
        assert find_problems(right) == []
    return problems
