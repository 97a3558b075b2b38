"""Events from calendars in the form of iCalendar (RFC 5545)."""
