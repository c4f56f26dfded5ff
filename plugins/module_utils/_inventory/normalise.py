# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert values as YAML, INI, `-e` or Jinja deliver them to the types of their options.

A value with one possible meaning is accepted: "5060" for a number, "no" for false, one text for a list. A value whose
meaning would be a guess is refused: YAML 1.1 reads 0100 as 64, +17756187988 without its plus, NO as false and 22:22:22
as 80542.
"""

from __future__ import annotations

import copy
import datetime
import re
from typing import Any, Callable, Mapping

from .options import Spec, Values, nearest

#: Returns the text of a value's place in its file: None where YAML cannot have misread it, "" where it is unknown.
AsWritten = Callable[[Any], "str | None"]

_TRUE, _FALSE = ("yes", "on", "true", "y", "t", "1"), ("no", "off", "false", "n", "f", "0")
#: Options for which an empty text is a value. For any other option it is as if not given.
_EMPTY_COUNTS = frozenset({
    "pbx_account_sid", "verify_number", "verify_junit", "disaster_recovery_url", "twilio_trunk_api_url",
    "twilio_trunk_account_sid", "twilio_trunk_auth_token", "twilio_trunk_api_key", "twilio_trunk_api_secret",
    "twilio_trunk_region", "twilio_trunk_edge",
})
#: Options that may be the widest where they are not given, so that an empty text is refused.
_EMPTY_OPENS = frozenset({"pbx_default_class", "class"})
#: Dicts of texts in which a boolean is written as JSON writes it, and not as yes or no.
_TRUE_FALSE = frozenset({"n8n_environment"})
#: Dicts in which null is a value, the same as an empty text.
_NULL_COUNTS = frozenset({"pbx_feature_codes"})
#: Lists of names that may hold commas. A text for any other list is split at commas, as Ansible does.
_NAMES = frozenset({"ip_access_control_lists", "credential_lists", "adopt_trunks", "files"})


class Unfit(ValueError):
    """A value that an option cannot have. The message continues the option's name."""


def normalise(
    spec: Spec, given: Values, as_written: AsWritten = lambda value: None
) -> tuple[dict[str, Any], list[str]]:
    """Convert variables to the values of options.

    :param spec: options as in an argument spec. :param given: values by option; null is as if not given.
    :returns: a value for each option (its default, or None, where it is not given), and a sentence for each refused
        value, which begins with the value's place and shows no secret.
    """
    reader = _Reader(as_written)
    return reader.options(spec, given, ""), reader.problems


class _Reader:
    def __init__(self, as_written: AsWritten):
        self.as_written = as_written
        self.problems: list[str] = []

    def options(self, spec: Spec, given: Values, place: str) -> dict[str, Any]:
        return {name: self._option(name, option, given.get(name), place + name) for name, option in spec.items()}

    def _option(self, name: str, option: Values, value: Any, path: str) -> Any:
        try:
            read = None if value is None else self._read(name, option, value, path)
        except Unfit as error:
            self.problems.append(f"{path} {error}.")
            return [] if option.get("type") == "list" else option.get("default")
        if read is None and option.get("required"):
            self.problems.append(f"{path} is missing: give it a value.")
        return copy.deepcopy(option.get("default")) if read is None else read

    def _read(self, name: str, option: Values, value: Any, path: str) -> Any:
        kind = option.get("type", "str")
        if kind == "list":
            return self._list(name, option, value, path)
        if kind == "dict" and "values" in option:
            return self._dict_of_rows(option["values"], value, path)
        if kind == "dict":
            return self._row(option["options"], value, path) if "options" in option else self._free_dict(path, value)
        return self._scalar(name, option, kind, value)

    def _scalar(self, name: str, option: Values, kind: str, value: Any) -> Any:
        if kind == "str":
            value = self._text(option, value)
            if value == "" and name in _EMPTY_OPENS:
                raise Unfit("is empty, as from a variable that is not set: name a class, or leave it out")
            if value == "" and name not in _EMPTY_COUNTS and not option.get("no_log"):
                return None
        elif kind == "int":
            value = self._int(value)
        elif kind == "bool":
            value = _bool(value)
        elif kind == "raw":
            value = self._raw(value)
        choices = option.get("choices")
        if choices and value not in choices:
            raise Unfit(f"must be one of {', '.join(map(str, choices))}, not {value!r}")
        return value

    def _text(self, option: Values, value: Any) -> str:
        if isinstance(value, str):
            text = str.__str__(value)
            if option.get("no_log") and text != text.strip():
                raise Unfit("must not begin or end with a space or a line break")
            return text.strip()
        if isinstance(value, (list, tuple, dict)):
            raise Unfit(f"must be one text, not a {'dict' if isinstance(value, dict) else 'list'}")
        if isinstance(value, int) and not isinstance(value, bool) and self.as_written(value) in (None, _plain(value)):
            return _plain(value)
        raise Unfit(self._not_text(value, option))

    def _not_text(self, value: Any, option: Values) -> str:
        written = self.as_written(value)
        if option.get("no_log"):
            return "must be text, and Ansible reads another type: write it in quotes"
        if isinstance(value, bool):
            choices = [str(choice) for choice in option.get("choices") or ()]
            if choices and not {"yes", "no", "on", "off"}.intersection(choices):
                return f"must be one of {', '.join(choices)}, not {str(value).lower()}"
            return (
                f"must be text, and YAML reads yes, no, on and off as true and false, here as {str(value).lower()}:"
                " write it in quotes"
            )
        if written:
            read = "a number" if written == _plain(value) else _plain(value)
            return f"must be text, and YAML reads {written} as {read}: write it in quotes, \"{written}\""
        return (
            f"must be text, and Ansible reads it as {_kind(value)}, {_plain(value)}: write it in quotes without a tag,"
            " in an INI file as \"'…'\""
        )

    def _int(self, value: Any) -> int:
        if isinstance(value, str):
            if re.fullmatch(r"\s*[+-]?[0-9]+\s*", value):
                return int(value)
        elif isinstance(value, float) and value.is_integer():
            return int(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            written = self.as_written(value)
            if not written or written.replace("_", "").lstrip("+") == _plain(value):
                return 0 + value
            raise Unfit(f"must be a whole number, and YAML reads {written} as {_plain(value)}: write it as a decimal")
        raise Unfit(f"must be a whole number, not {value!r}")

    def _raw(self, value: Any) -> Any:
        """Return a value of any type, unless YAML may have misread it."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if self.as_written(value) not in (None, _plain(value)):
                raise Unfit(self._not_text(value, {}))
            return 0 + value
        return value

    def _list(self, name: str, option: Values, value: Any, path: str) -> list[Any]:
        if "options" in option or option.get("elements") == "dict":
            return self._rows(option, value, path)
        if isinstance(value, str):
            value = _split(name, value)
        elif isinstance(value, int) and not isinstance(value, bool):
            value = [value]
        elif not isinstance(value, (list, tuple)):
            raise Unfit(f"must be a list, not {_kind(value)}")
        element = {**option, "type": option.get("elements", "str"), "default": None, "required": True}
        return [self._option(name, element, one, f"{path}[{index}]") for index, one in enumerate(value)]

    def _rows(self, option: Values, value: Any, path: str) -> list[dict[str, Any]]:
        if not isinstance(value, (list, tuple)):
            is_text = isinstance(value, str)
            json = f"on the command line give it as JSON, -e '{{\"{path}\": […]}}'"
            hint = json if is_text else "begin each with a dash"
            raise Unfit(f"must be a list of dicts, not {_kind(value)}: {hint}")
        rows = (self._row(option.get("options"), row, f"{path}[{index}]") for index, row in enumerate(value))
        return [row for row in rows if row is not None]

    def _row(self, columns: Spec | None, row: Any, path: str) -> dict[str, Any] | None:
        if not isinstance(row, Mapping):
            shape = f" of {', '.join(columns)}" if columns else ""
            self.problems.append(f"{path} must be a dict{shape}{_as_json(path, row)}.")
            return None
        if columns is None:
            return dict(row)
        row = self._with_text_keys(row, path)
        for unknown in [name for name in row if name not in columns]:
            near = nearest(str(unknown), columns)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(columns)}."
            self.problems.append(f"{path}.{unknown} is no option: {hint}")
        return self.options(columns, row, f"{path}.")

    def _dict_of_rows(self, columns: Spec, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise Unfit(f"must be a dict, not {_kind(value)}{_as_json(path, value)}")
        named = self._with_text_keys(value, path)
        return {name: self._row(columns, row, f"{path}.{name}") for name, row in named.items() if row is not None}

    def _with_text_keys(self, row: Mapping[Any, Any], path: str) -> Mapping[str, Any]:
        """Return a row with its keys as text: YAML reads the key of a menu, 1, as a number, and 012 as 10."""
        if all(isinstance(name, str) for name in row):
            return row
        found: dict[str, Any] = {}
        for name, value in row.items():
            text = _plain(name)
            written = self.as_written(name) if isinstance(name, int) and not isinstance(name, bool) else None
            if written not in (None, text):
                hint = f', "{written}"' if written else ""
                self.problems.append(f"{path}.{text} is a number that YAML may have misread: write it in quotes{hint}.")
            if text in found:
                self.problems.append(f"{path}.{text} is given twice.")
            found[text] = value
        return found

    def _free_dict(self, path: str, value: Any) -> dict[str, str]:
        if not isinstance(value, Mapping):
            raise Unfit(f"must be a dict, not {_kind(value)}{_as_json(path, value)}")
        found = {}
        for name, one in value.items():
            if isinstance(one, bool):
                words = ("true", "false") if path in _TRUE_FALSE else ("yes", "no")
                found[str(name)] = words[0] if one else words[1]
            elif one is None and path in _NULL_COUNTS:
                found[str(name)] = ""
            elif isinstance(one, (list, dict)) or one is None:
                raise Unfit(f"must have a text for {name}, not {_kind(one)}")
            else:
                try:
                    found[str(name)] = self._text({}, one)
                except Unfit as error:
                    raise Unfit(f"has {name}, which {error}") from None
        return found


def _as_json(path: str, value: Any) -> str:
    """Return how a variable that is a dict is typed on the command line, where a text came instead."""
    of_a_row = "." in path or "[" in path
    hint = f": on the command line give it as JSON, -e '{{\"{path}\": {{…}}}}'"
    return hint if isinstance(value, str) and not of_a_row else ""


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if not isinstance(value, (str, int)) or text not in _TRUE + _FALSE:
        raise Unfit(f"must be true or false, not {value!r}")
    return text in _TRUE


def _split(name: str, value: str) -> list[str]:
    """Return the entries of a list that was given as one text."""
    text = str.__str__(value).strip()
    if not text:
        raise Unfit("is empty, where a list is meant: leave it out, or write [] for an empty list")
    if text[0] in "[{":
        cure = "" if name in _NAMES else "write its entries alone with commas between them, or "
        raise Unfit(
            f"must be a list, and is a text that looks like one: {cure}on the command line give it as JSON, -e '{{…}}'")
    if name not in _NAMES:
        return [part.strip() for part in text.split(",")]
    if "," in text:
        raise Unfit(f"must be a list, and {text!r} may be one name or several: write [\"…\", \"…\"]")
    return [text]


def _plain(value: Any) -> str:
    """Return a number in decimal, whichever subclass Ansible made of it."""
    return int.__repr__(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _kind(value: Any) -> str:
    """Return the type of a value in words, without the value."""
    kinds: tuple[tuple[Any, str], ...] = (
        (str, "a text"), (bool, "true or false"), ((int, float), "a number"), (datetime.date, "a date"),
        (type(None), "null"), (Mapping, "a dict"), ((list, tuple), "a list"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "something else")
