"""What this part holds of an account: in its export, at its erasure, in the register."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tessera.accounts.models import User
from tessera.accounts.profiles.parts import Choice, Part
from tessera.accounts.profiles.register import Entry
from tessera.contact import people
from tessera.contact.forgetting import clear
from tessera.contact.models import Block, Decision, Message, Party, Report, Standing, Thread

HEADINGS: dict[str, Promise] = {
    "messages": _("Messages"),
    "conversations": _("Conversations"),
    "messages_choices": _("Who may write to you"),
    "blocked": _("Whom you blocked"),
    "reports": _("Messages that you reported"),
    "decisions_about_you": _("What editors decided about messages of yours"),
    "decisions_as_editor": _("What you decided as an editor about messages"),
}

REMAINS = _(
    "People whom you wrote to keep the conversation with what they wrote; your messages in it are "
    "emptied, and “(erased account)” stands for your name. Conversations that they deleted go. "
    "What the site sent them by mail is with them. Decisions of editors about messages of yours "
    "stay, without name, text and words."
)


def held(user: User) -> dict[str, list[dict[str, Any]]]:
    """By heading; of the others in it only what they wrote and how they signed it, unless that was
    deleted."""
    mine = Party.objects.filter(user=user)
    have = mine.filter(thread=OuterRef("thread"), deleted_to__lt=OuterRef("pk"))
    messages = Message.objects.filter(Q(author__in=mine) | Exists(have)).select_related("author")
    return {
        "messages": [
            {
                "conversation": str(each.thread_id),
                "number": each.pk,
                "at": each.at.isoformat(),
                "written_by_you": each.author.user_id == user.pk,
                "name": each.name,
                "organisation": each.organisation,
                "text": each.text,
            }
            for each in messages.order_by("thread", "pk")
        ],
        "conversations": [
            {
                "conversation": str(each.thread_id),
                "begun_by_you": each.began,
                "read_at": _moment(each.read_at),
                "address_you_gave": each.address,
                "address_given_at": _moment(each.address_given_at),
                "messages_deleted_up_to": each.deleted_to or None,
            }
            for each in mine.order_by("pk")
        ],
        "messages_choices": [
            {"may_be_written_to": each.reachable, "stopped_at": _moment(each.stopped_at)}
            for each in Standing.objects.filter(user=user)
        ],
        "blocked": [
            {"name": each.name, "at": each.at.isoformat()}
            for each in Block.objects.filter(by=user).order_by("pk")
        ],
        "reports": [
            {
                "conversation": str(each.message.thread_id),
                "reason": each.reason,
                "words": each.words,
                "at": each.at.isoformat(),
            }
            for each in Report.objects.filter(by__user=user).select_related("message")
        ],
        "decisions_about_you": _decisions(report__message__author__user=user),
        "decisions_as_editor": _decisions(editor=user),
    }


def _decisions(**which: Any) -> list[dict[str, Any]]:
    return [
        {"decision": each.what, "words": each.words, "at": each.at.isoformat()}
        for each in Decision.objects.filter(**which)
    ]


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None


def erase(user: User) -> None:
    """Take everything of the person out of their conversations; those of nobody go."""
    mine = Party.objects.filter(user=user)
    Message.objects.filter(author__in=mine).update(name="", organisation="", text="")
    Decision.objects.filter(report__message__author__in=mine).update(words="")
    Report.objects.filter(by__in=mine).update(words="")
    others = Party.objects.filter(thread=OuterRef("pk")).exclude(user=None).exclude(user=user)
    Thread.objects.filter(~Exists(others), parties__user=user).delete()
    theirs = Thread.objects.filter(pk__in=list(mine.values_list("thread", flat=True)))
    # The account goes after this, and with it the marks of what it had.
    mine.update(address="", address_given_at=None, read_at=None, user=None)
    clear(theirs)


def entries() -> list[Entry]:
    """The lines of the register."""
    both = _("The two who write to each other; editors, a message that one of them reports.")
    interest = _("To let people write to each other without giving out addresses "
                 "(Art. 6(1)(f)); whoever writes does so of their own accord.")  # fmt: skip
    kept = _("%(days)d days after the last message of the conversation; text and name until the "
             "author's account is erased or both have deleted the conversation, if that is "
             "earlier. That the two wrote, and when, is then kept for a day, and until that end "
             "where one of them never answered, so that limits hold.")  # fmt: skip
    days = {"days": settings.SITE.contact.keep_days}
    safety = _("To keep people safe from messages that they don't want (Art. 6(1)(f)).")
    return [
        Entry(
            _("Messages: text, name and organisation of the author as they were shown then, when; "
              "until when each of the two has read, and up to which one they deleted them for "
              "themselves."),
            _("Messages between people through the site."), interest, both, kept % days,
            ("contact.thread", "contact.party", "contact.message"),
        ),
        Entry(
            _("An e-mail address that one of the two gives to the other."),
            _("So that they can go on without the site."),
            _("Consent (Art. 6(1)(a)), by its owner's act, and taken back on the same page."),
            _("The other of the two."), kept % days, ("contact.party",),
        ),
        Entry(
            _("Whether one may be written to; whether editors stopped one from writing."),
            _("To deliver no message that isn't wanted."), safety,
            _("The person; administrators of the site."), _("Until the account is erased."),
            ("contact.standing",),
        ),
        Entry(
            _("Blocks: who takes no messages from whom."), _("To refuse such messages."), safety,
            _("Whoever blocks."), _("Until it is lifted, or one of the accounts is erased."),
            ("contact.block",),
        ),
        Entry(
            _("Reports of messages with their reason, and what editors decided, who and when."),
            _("To act on messages that break rules or laws."), safety, _("Editors."),
            _("As long as the conversation, which is kept while a report is undecided, and while "
              "its author may not write because of it."),
            ("contact.report", "contact.decision"),
        ),
    ]  # fmt: skip


CHOICE = Choice(
    people.ASKED, {False: people.CLOSED, True: people.REACHABLE.text}, people.agrees, people.choose
)

PART = Part(HEADINGS, held, erase, entries, REMAINS, CHOICE)
