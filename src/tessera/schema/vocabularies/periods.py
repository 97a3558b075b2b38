"""Programming periods. A project belongs to the period of its programme, not of its dates."""

import re
from typing import Final, NamedTuple

PERIODS: Final = ("2000-2006", "2007-2013", "2014-2020", "2021-2027")
_INTERREG: Final = dict(zip(PERIODS, ("III", "IV", "V", "VI"), strict=True))
_BY_NUMERAL: Final = {numeral: code for code, numeral in _INTERREG.items()}
_STARTS: Final = {code[:4]: code for code in PERIODS}

# Compiled on first use: importing this module stays cheap.
_YEARS: Final = r"(?<!\d)(20\d\d)\s*(?:[-‐-―−/]|to)\s*((?:20)?\d\d)(?!\d)"
_CCI: Final = r"(?i)(?<![A-Z0-9])(20\d\d)[A-Z]{2}\d{2}[A-Z0-9]{4}\d{3}(?![A-Z0-9])"
_NUMERAL: Final = r"(?i)\binterreg\s+(iii|iv|vi|v)(?:[\s-]*[a-d])?\b"


class Period(NamedTuple):
    """A period: `code` is `2014-2020`, `interreg` the numeral of that generation, `V`."""

    code: str
    interreg: str

    @property
    def label(self) -> str:
        """For people: `2014–2020 (Interreg V)`."""
        return f"{self.code.replace('-', '–')} (Interreg {self.interreg})"


def period(code: str) -> Period:
    """The period with this code. Raises KeyError for any other text: read it with `period_of`."""
    return Period(code, _INTERREG[code])


def period_of(text: str) -> str | None:
    """The code of the period that `text` names, None if it names none or more than one.

    Reads `2014-20`, `2014–2020`, `2014/2020`, `2014 - 2020 INTERREG VB North Sea`, a CCI code and
    `Interreg V-A`. Years that are not those of a period (`2015-2020`) name none.
    """
    found = {_from_years(*match.groups()) for match in re.finditer(_YEARS, text)}
    if not found:
        found = {_STARTS.get(match[1]) for match in re.finditer(_CCI, text)}
    if not found:
        found = {_BY_NUMERAL[match[1].upper()] for match in re.finditer(_NUMERAL, text)}
    return found.pop() if len(found) == 1 else None


def _from_years(start: str, end: str) -> str | None:
    code = _STARTS.get(start)
    return code if code and code.endswith(end[-2:]) and code[5:].endswith(end) else None
