"""Date formats of feeds and sitemaps, read strictly."""

import re
from datetime import datetime, timedelta, timezone

_DATE = r"(\d{4})-(\d\d)-(\d\d)"
_ZONE = r"(Z|[+-]\d\d:\d\d)"
_RFC3339 = re.compile(rf"{_DATE}T(\d\d):(\d\d):(\d\d)(\.\d+)?{_ZONE}")
_MINUTES = re.compile(rf"{_DATE}T(\d\d):(\d\d){_ZONE}")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_RFC822 = re.compile(
    rf"(?:({'|'.join(_DAYS)}), )?(\d\d?) ({'|'.join(_MONTHS)}) (\d{{4}}) "
    r"(\d\d):(\d\d)(?::(\d\d))? (UT|GMT|Z|[ECMP][SD]T|[+-]\d{4})"
)
_NAMED_ZONES = {"UT": 0, "GMT": 0, "Z": 0}
_NAMED_ZONES |= {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}


def _zone(text: str) -> timezone:
    """The offset `Z`, `+01:00`, `+0100` or a zone name of RFC 822; ValueError when out of range."""
    if text in _NAMED_ZONES:
        return timezone(timedelta(hours=_NAMED_ZONES[text]))
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError("offset minutes")
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def rfc3339(text: str) -> datetime | None:
    """The moment that an RFC 3339 date-time names; None when it is not one."""
    match = _RFC3339.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    micros = int((match[7] or ".0")[1:7].ljust(6, "0"))
    if second == 60:  # a leap second: valid, but unknown to datetime
        second = 59
    try:
        return datetime(year, month, day, hour, minute, second, micros, _zone(match[8]))
    except ValueError:
        return None


def rfc822(text: str) -> datetime | None:
    """The moment that an RSS date names (RFC 822 with a year of four digits); None when it is not one."""
    match = _RFC822.fullmatch(text)
    if not match:
        return None
    month = _MONTHS.index(match[3]) + 1
    clock = (int(match[5]), int(match[6]), int(match[7] or 0))
    try:
        moment = datetime(int(match[4]), month, int(match[2]), *clock, tzinfo=_zone(match[8]))
    except ValueError:
        return None
    return None if match[1] and _DAYS[moment.weekday()] != match[1] else moment


def w3c(text: str) -> bool:
    """Whether `text` is a W3C datetime: a year, month or day, or a date with time and offset."""
    if re.fullmatch(r"\d{4}", text):
        return True
    if re.fullmatch(r"\d{4}-\d\d", text):
        return 1 <= int(text[5:]) <= 12
    if re.fullmatch(_DATE, text):
        return rfc3339(text + "T00:00:00Z") is not None
    if _MINUTES.fullmatch(text):
        return rfc3339(text[:16] + ":00" + text[16:]) is not None
    return rfc3339(text) is not None
