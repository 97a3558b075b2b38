"""The register of processing: what is held of people with an account, why, and how long.

The page "Register of processing" is made of this; a test holds it to the models. Numbers come from
where the code itself takes them.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tessera.accounts.forgetting import KEPT_DAYS, UNCONFIRMED_DAYS
from tessera.accounts.invitations.inviting import KEPT_DAYS as INVITED_DAYS
from tessera.accounts.profiles.parts import PARTS
from tessera.trail.models import KEPT_DAYS as ACTS_DAYS


class Entry(NamedTuple):
    """One row. models: whose rows it is about, as `app.model`."""

    what: Promise
    why: Promise
    basis: Promise
    seen_by: Promise
    kept: Promise | str
    models: tuple[str, ...]


def entries() -> list[Entry]:
    """All of it, in order."""
    nobody = _("The person; administrators of the site.")
    contract = _("To give the account that the person asked for (GDPR Art. 6(1)(b)).")
    consent = _("Consent (Art. 6(1)(a)), field by field, and withdrawn as easily.")
    with_account = _("Until the account is erased.")
    safety = _("To keep accounts safe (Art. 6(1)(f)).")
    session_days = settings.SESSION_COOKIE_AGE // 86_400
    return [
        Entry(
            _("Account: e-mail address, whether it is confirmed, dates, rights."),
            _("Signing in, and mail about the account."),
            contract,
            nobody,
            _("Until the account is erased; after %(days)d days where nobody confirms the address.")
            % {"days": UNCONFIRMED_DAYS},
            ("accounts.user", "account.emailaddress", "account.emailconfirmation",
             "accounts.user_groups", "accounts.user_user_permissions"),
        ),
        Entry(
            _("Password as a hash, public keys, secret of an authenticator app."),
            _("Signing in."), contract, _("Nobody."), with_account, ("mfa.authenticator",),
        ),
        Entry(
            _("Sessions: network address, browser, since when."),
            _("So that people can tell and end their sessions."),
            safety,
            nobody,
            _("Until the session ends, %(days)d days at most.") % {"days": session_days},
            ("usersessions.usersession", "sessions.session"),
        ),
        Entry(
            _("Attempts to sign in, under a hash."), _("Limits on attempts."), safety,
            _("Nobody."), _("An hour at most."), ("accounts.counted",),
        ),
        Entry(
            _("Institution: its name for the person, and what it says of them at sign-in."),
            _("Signing in through it; name and country are offered for the profile."),
            contract, nobody, _("Until it is disconnected, or the account is erased."),
            ("socialaccount.socialaccount", "socialaccount.socialtoken"),
        ),
        Entry(
            _("Profile: name, photo, organisation, what it represents, country, region, interests, "
              "what is looked for and offered, languages, texts, links, ORCID iD; all voluntary."),
            _("A directory of people, for those who publish their profile."),
            consent,
            _("The person; once they publish it, of each field those whom they chose (members or "
              "everyone); administrators of the site."),
            _("Until a field is emptied, or the account is erased; published, until %(days)d days "
              "after it was hidden because the person did not say that it is still right.")
            % {"days": settings.SITE.people.erase},
            ("accounts.profile",),
        ),
        Entry(
            _("Of a published profile, in the index and as a record: what others may see of it, "
              "under a random id."),
            _("Finding people; pages and open data."), consent,
            _("Those whom the person chose for each field."),
            _("Until it is withdrawn. A line stays with the id and nothing else."),
            ("records.record", "records.link", "records.change"),
        ),
        Entry(
            _("The month in which the person was last here; when they were asked whether the "
              "profile is still right, and said so."),
            _("So that readers can tell that a profile is alive; so that none is forgotten here."),
            consent,
            _("Whether it is the present month: who sees the profile. The rest: the person."),
            with_account, ("accounts.profile",),
        ),
        Entry(
            _("Contacts of programmes and projects, as their sources publish them."),
            _("Finding whom to ask about a project."),
            _("Legitimate interest (Art. 6(1)(f)): their sources publish them for that."),
            _("Everyone."),
            _("Until the source takes them out, or an editor takes the page down."),
            ("records.record", "records.sourcerecord", "records.verbatim"),
        ),
        Entry(
            _("Requests to take a page down: what is asked, and an address if one was given."),
            _("To decide and to answer (Art. 17, 21)."), _("A legal duty (Art. 6(1)(c))."),
            _("Editors."),
            _("Until %(days)d days after it was decided.") % {"days": KEPT_DAYS},
            ("accounts.takedownrequest",),
        ),
        Entry(
            _("Log of consent: what was agreed to or taken back, in which words, when."),
            _("To show that there was consent (Art. 7(1))."),
            _("A legal duty (Art. 6(1)(c))."), nobody, with_account, ("accounts.consent",),
        ),
        Entry(
            _("Acts of editors and administrators, and their sign-ins, under the number of the"
              " account."),
            _("To tell who decided what, and to find misuse."), safety,
            _("Administrators; editors see who signed a decision."),
            _("The trail for %(days)d days. Decisions stay; once the account is erased, its number"
              " leads to nobody.") % {"days": ACTS_DAYS},
            ("trail.act", "admin.logentry"),
        ),
        Entry(
            _("Invitations: e-mail address, role, by whom, when."),
            _("So that someone can be asked to come."), safety,
            _("Who invited; administrators of the site."),
            _("%(days)d days after it is accepted, withdrawn or too old.") % {"days": INVITED_DAYS},
            ("accounts.invitation",),
        ),
        *(entry for part in PARTS.values() for entry in part.entries()),
    ]  # fmt: skip
