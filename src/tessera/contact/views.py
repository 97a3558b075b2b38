"""The pages of one's messages. What isn't one's own is answered like what never was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.utils import build_absolute_uri
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tessera.accounts.models import User
from tessera.accounts.profiles.publication import account_behind
from tessera.contact import people
from tessera.contact.forgetting import delete_for
from tessera.contact.forms import MessageForm, ReportForm
from tessera.contact.inbox import conversations_of, with_news
from tessera.contact.models import Block, Message, Party, Report, Standing
from tessera.contact.notices import tell
from tessera.contact.writing import Refused, refusal, send, thread_of

ON_A_PAGE = 50
"""Conversations."""


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _parties(user: User, thread_id: UUID) -> tuple[Party, Party]:
    """One's own and the other's part in a conversation that one has; else 404."""
    mine = get_object_or_404(conversations_of(user), thread=thread_id)
    other = mine.thread.parties.exclude(pk=mine.pk).select_related("user").get()
    return mine, other


def _shown(mine: Party) -> QuerySet[Message]:
    """What one hasn't deleted of a conversation."""
    return mine.thread.messages.filter(pk__gt=mine.deleted_to)


def base_of(request: HttpRequest) -> str:
    """The address of the site that mail leads to."""
    return settings.PUBLIC_URL or str(build_absolute_uri(request, "/")).rstrip("/")


@login_required
@require_safe
def messages_page(request: HttpRequest) -> HttpResponse:
    """One's conversations, the newest first; whether one may be written to; whom one blocked."""
    user = _user(request)
    news = set(with_news(user).values_list("pk", flat=True))
    page = Paginator(conversations_of(user), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "thread": each.thread,
            "name": people.name_of(each.thread.parties.exclude(pk=each.pk).get()),
            "new": each.pk in news,
        }
        for each in page
    ]
    context = {
        "current": "account",
        "rows": rows,
        "page": page,
        "agrees": people.agrees(user),
        "published": bool(people.shown(user).uid),
        "wording": people.REACHABLE.text,
        "blocks": Block.objects.filter(by=user).order_by("-at"),
        "stopped": Standing.objects.filter(user=user).exclude(stopped_at=None).first(),
        "keep_days": settings.SITE.contact.keep_days,
    }
    return render(request, "contact/messages.html", context)


@login_required
@require_POST
def choice(request: HttpRequest) -> HttpResponse:
    """Whether one may be written to."""
    people.choose(_user(request), request.POST.get("reachable") == "yes")
    messages.success(request, _("Saved."))
    return redirect("messages")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, uid: str) -> HttpResponse:
    """A first message to whoever has published that record of a person."""
    user, other = _user(request), account_behind(uid)
    if other is None:
        raise Http404(uid)
    begun = thread_of(user, other)
    thread = begun if begun and conversations_of(user).filter(thread=begun).exists() else None
    if request.method != "POST" and (other == user or thread is not None):
        return redirect("conversation", thread.pk) if thread else redirect("messages")
    form, refused, sent = _compose(request, user, other)
    if sent:
        return _on(request, sent)
    context = {"current": "account", "uid": uid, "name": people.public_name(other), "form": form,
               "refused": refused, "rules": settings.SITE.contact}  # fmt: skip
    return render(request, "contact/write.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """One conversation, with a form to go on."""
    user = _user(request)
    mine, other = _parties(user, thread_id)
    form, refused, sent = _compose(request, user, other.user)
    if sent:
        return _on(request, sent)
    reported = Report.objects.filter(message=OuterRef("pk"), by=mine)
    context = {
        "current": "account",
        "thread": mine.thread,
        "mine": mine,
        "other": other,
        "name": people.name_of(other),
        "uid": people.shown(other.user).uid if other.user else "",
        "written": _shown(mine).annotate(reported=Exists(reported)),
        "blocked": Block.objects.filter(by=user, whom=other.user).first(),
        "form": form,
        "refused": refused,
        "rules": settings.SITE.contact,
    }
    Party.objects.filter(pk=mine.pk).update(read_at=timezone.now())
    return render(request, "contact/conversation.html", context)


def _compose(
    request: HttpRequest, user: User, other: User | None
) -> tuple[MessageForm, Refused | None, Message | None]:
    """The form as it stands, why it can't be sent, and the message where it was."""
    if request.method != "POST":
        return MessageForm(user), refusal(user, other), None
    form = MessageForm(user, request.POST)
    if not form.is_valid():
        return form, None, None
    try:
        # A name that was asked for stays in the profile, whatever becomes of the message.
        form.save_name()
        message = send(user, other, form.cleaned_data["text"])
    except Refused as refused:
        return form, refused, None
    return form, None, message


def _on(request: HttpRequest, message: Message) -> HttpResponse:
    """Tell the other, and go to the conversation."""
    tell(message, base_of(request))
    messages.success(request, _("Your message is sent."))
    return redirect("conversation", message.thread_id)


@login_required
@require_POST
def address(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Give one's own address to the other of a conversation, or take it back."""
    user = _user(request)
    mine, other = _parties(user, thread_id)
    given: dict[str, Any] = {"address": "", "address_given_at": None}
    if request.POST.get("act") == "give" and other.user is not None:
        given = {"address": user.email, "address_given_at": timezone.now()}
    Party.objects.filter(pk=mine.pk).update(**given)
    messages.success(
        request, _("Your address is shown to them.") if given["address"]
        else _("Your address is not shown to them any more."),
    )  # fmt: skip
    return redirect("conversation", thread_id)


@login_required
@require_POST
def block(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Take no more messages from the other, who isn't told."""
    user = _user(request)
    _mine, other = _parties(user, thread_id)
    if other.user is not None:
        name = people.name_of(other)
        Block.objects.get_or_create(by=user, whom=other.user, defaults={"name": name})
        messages.success(
            request, _("Messages from %(name)s are not delivered any more.") % {"name": name}
        )
    return redirect("conversation", thread_id)


@login_required
@require_POST
def unblock(request: HttpRequest, number: int) -> HttpResponse:
    """Take messages again."""
    user = _user(request)
    ended = get_object_or_404(Block, pk=number, by=user)
    ended.delete()
    messages.success(request, _("%(name)s can write to you again.") % {"name": ended.name})
    return redirect("messages")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Ask whether it is meant, and delete a conversation for oneself."""
    mine, other = _parties(_user(request), thread_id)
    if request.method == "POST":
        delete_for(mine)
        messages.success(request, _("The conversation is deleted for you."))
        return redirect("messages")
    context = {"current": "account", "thread": mine.thread, "mine": mine, "other": other,
               "name": people.name_of(other)}  # fmt: skip
    return render(request, "contact/delete.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, thread_id: UUID, number: int) -> HttpResponse:
    """Ask editors to look at a message that one got."""
    mine, other = _parties(_user(request), thread_id)
    message = get_object_or_404(_shown(mine), pk=number, author=other)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        Report.objects.get_or_create(message=message, by=mine, defaults=form.cleaned_data)
        messages.success(request, _("Editors will look at this message."))
        return redirect("conversation", thread_id)
    context = {"current": "account", "thread": mine.thread, "message": message, "form": form}
    return render(request, "contact/report.html", context)
