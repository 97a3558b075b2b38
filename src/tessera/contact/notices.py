"""Word by mail of a message or a decision. No address but the reader's own is in it.

A notice that can't be sent is sent later by the worker; the message itself is on the site already.
"""

from __future__ import annotations

import logging
import unicodedata
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tessera.accounts.models import User
from tessera.contact.models import Decision, Message, What

log = logging.getLogger("tessera.contact")

WAIT = timedelta(minutes=5)
"""From then on a notice that wasn't sent is the worker's."""

GIVE_UP = timedelta(days=3)
"""A notice that couldn't be sent until then is not sent any more."""


def one_line(text: str) -> str:
    """Text for a header: nothing that ends a line, hides or turns letters around."""
    seen = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)
    return " ".join(seen.split())


def tell(message: Message, base: str) -> bool:
    """Tell the other of a message; whether that went well. base: the site's address, or empty."""
    other = message.thread.parties.exclude(pk=message.author_id).select_related("user").get()
    if other.user is None or not message.text:
        return True
    name = one_line(message.name)
    context = {
        "name": name,
        "organisation": one_line(message.organisation),
        # Marked line by line, so that nothing in it can pass for words of the site.
        "text": "\n".join(f"> {line}" for line in message.text.splitlines()),
        "address": base + reverse("conversation", args=[message.thread_id]),
    }
    sent = _send(other.user, _("a message from %(name)s") % {"name": name}, "message", context)
    if sent:
        Message.objects.filter(pk=message.pk).update(noticed_at=timezone.now())
    return sent


def tell_late() -> bool:
    """Send what couldn't be sent before; whether all of it went well."""
    now = timezone.now()
    waiting = Message.objects.filter(
        noticed_at=None, at__lt=now - WAIT, at__gt=now - GIVE_UP
    ).exclude(text="")
    told = [tell(message, settings.PUBLIC_URL) for message in waiting]
    return all(told)


def tell_decision(decision: Decision, base: str) -> bool:
    """Tell the author of the reported message; whether that went well."""
    message = decision.report.message
    user = message.author.user
    if user is None or decision.what == What.NOTHING:
        return True
    context = {
        "what": decision.what,
        "words": decision.words,
        "text": "\n".join(f"> {line}" for line in message.text.splitlines()),
        "address": base + reverse("messages"),
    }
    return _send(user, _("about a message that you wrote"), "decision", context)


def _send(user: User, subject: str, template: str, context: dict[str, str]) -> bool:
    # Nothing is known of the reader's language; who wrote has set their own.
    with translation.override(settings.LANGUAGE_CODE):
        body = render_to_string(f"contact/email/{template}.txt", context)
    mail = EmailMessage(
        f"{one_line(settings.SITE.name)}: {subject}", body, to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        # What servers answer repeats addresses.
        log.error("Word of a message could not be sent by mail: %s", type(error).__name__)
        return False
    return True
