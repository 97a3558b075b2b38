"""Inviting someone, sending it again, withdrawing it, and accepting it."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tessera.accounts.invitations.models import GOOD_DAYS, Invitation
from tessera.accounts.models import User
from tessera.accounts.roles import Role, give, keep_one, role_of
from tessera.records.changes import writing
from tessera.trail.models import Act, What, note
from tessera.trail.signing import signature

SALT = "tessera.accounts.invitations"

A_DAY = 100
"""Mails with invitations that one person may have sent in a day."""

KEPT_DAYS = 30
"""Days after its end, its acceptance or its withdrawal for which an invitation is kept."""

ORDER = tuple(Role)


class InvitationError(ValueError):
    """Why nobody was invited, or nothing was accepted, in a sentence."""


def may_give(user: User) -> tuple[Role, ...]:
    """The roles that someone may invite to, here and now."""
    if not user.is_active:
        return ()
    match role_of(user):
        case Role.ADMINISTRATOR:
            return ORDER
        case Role.EDITOR if settings.SITE.sign_up != "closed":
            return (Role.READER,)
    return ()


def sent_today(user: User) -> int:
    """Mails with invitations in the last day."""
    since = timezone.now() - timedelta(days=1)
    sent = (What.INVITED, What.INVITED_AGAIN)
    return Act.objects.filter(by=signature(user), what__in=sent, at__gt=since).count()


def invite(request: HttpRequest, invitation: Invitation) -> None:
    """Store a new invitation and mail it; both or neither. Raises InvitationError."""
    by = request.user
    assert isinstance(by, User)
    _refuse(by, invitation.role)
    with transaction.atomic():
        invitation.email = invitation.email.strip().lower()
        invitation.invited_by = by
        invitation.save()
        note(signature(by), What.INVITED, str(invitation), role=invitation.role)
        _mail(request, invitation)


def send_again(request: HttpRequest, invitation: Invitation) -> None:
    """Mail another link, good from now on; the former one is good no more."""
    by = request.user
    assert isinstance(by, User)
    _refuse(by, invitation.role)
    with transaction.atomic():
        undecided = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
        now, times = timezone.now(), invitation.times + 1
        if not undecided.filter(pk=invitation.pk).update(sent_at=now, times=times):
            raise InvitationError(f"{invitation} is accepted or withdrawn already.")
        invitation.refresh_from_db()
        note(signature(by), What.INVITED_AGAIN, str(invitation))
        _mail(request, invitation)


def withdraw(invitation: Invitation, *, by: str) -> bool:
    """Whether there was anything to withdraw."""
    with transaction.atomic():
        undecided = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
        if not undecided.filter(pk=invitation.pk).update(withdrawn_at=timezone.now()):
            return False
        note(by, What.UNINVITED, str(invitation))
    return True


def token_of(invitation: Invitation) -> str:
    """The last part of its link."""
    return signing.dumps([invitation.pk, invitation.times], salt=SALT)


def opened_by(token: str) -> Invitation | None:
    """The invitation that a link is good for; None where it is good for none (any more)."""
    try:
        pk, times = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Invitation.objects.filter(pk=pk, times=times).select_related("invited_by").first()
    if found is None or not found.is_open or found.invited_by is None:
        return None
    # Whoever lost the right to give a role has given it to nobody who hasn't come yet.
    return found if found.role in may_give(found.invited_by) else None


def accept(token: str) -> User | None:
    """The account that has the role now, made where there was none; None for no good link.

    Raises LastAdministrator where an account that nobody confirmed would have to give way."""
    with writing():
        invitation = opened_by(token)
        if invitation is None or invitation.invited_by is None:
            return None
        open_still = Invitation.objects.filter(
            pk=invitation.pk, times=invitation.times, accepted_at=None, withdrawn_at=None
        )
        if not open_still.update(accepted_at=timezone.now()):
            return None
        user = _account(invitation.email)
        if not user.is_active:
            return None
        note(signature(user), What.JOINED, str(invitation))
        role = Role(invitation.role)
        if ORDER.index(role) > ORDER.index(role_of(user)):
            give(user, role, by=signature(invitation.invited_by))
    return user


def forget() -> int:
    """Delete what is over for KEPT_DAYS; how many."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    over = (
        Invitation.objects.filter(accepted_at__lt=before)
        | Invitation.objects.filter(withdrawn_at__lt=before)
        | Invitation.objects.filter(sent_at__lt=before - timedelta(days=GOOD_DAYS))
    )
    return over.delete()[0]


def _refuse(by: User, role: str) -> None:
    if role not in may_give(by):
        raise InvitationError("Nobody can be invited to this role by you.")
    if sent_today(by) >= A_DAY:
        raise InvitationError(f"You had {A_DAY} invitations sent within a day; go on tomorrow.")


def _mail(request: HttpRequest, invitation: Invitation) -> None:
    address = reverse("account_invitation", args=(token_of(invitation),))
    context = {
        "address": build_absolute_uri(request, address),
        "role": Role(invitation.role).label if invitation.role != Role.READER else "",
        "days": GOOD_DAYS,
    }
    get_adapter().send_mail("account/email/invitation", invitation.email, context)


def _account(address: str) -> User:
    """Whose address it is, which the link has shown."""
    confirmed = EmailAddress.objects.filter(email__iexact=address, verified=True).first()
    if confirmed is not None:
        owner: User = confirmed.user
        return owner
    there = User.objects.filter(email=address).first()
    if there is not None and EmailAddress.objects.filter(user=there).exists():
        # Somebody typed this address and never showed that it is theirs: what they brought
        # along, such as their institution's sign-in, must not open the account of the invited.
        keep_one(there)
        there.delete()
        there = None
    user = there or User.objects.create_user(address)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user
