"""Addresses below /account/: ours where they differ, then allauth's."""

from __future__ import annotations

from allauth.account import views as account_views
from allauth.account.decorators import reauthentication_required
from django.urls import include, path

from tessera.accounts import proof, views
from tessera.accounts.invitations.views import invitation_page
from tessera.accounts.profiles import publishing, rights
from tessera.accounts.profiles import views as profiles

urlpatterns = [
    path("", views.overview, name="account_overview"),
    path("reauthenticate/code/", proof.by_code, name="account_reauthenticate_by_code"),
    # A password of one's own is a way in: not for whoever finds an open session.
    path(
        "password/set/",
        reauthentication_required(app="allauth.account")(account_views.password_set),
        name="account_set_password",
    ),
    path("sessions/<int:number>/end/", views.end_session, name="account_end_session"),
    path("oidc/<slug:provider_id>/login/", views.to_institution, name="openid_connect_login"),
    path("profile/", profiles.profile, name="profile"),
    path("profile/publish/", publishing.publish_page, name="profile_publish"),
    path("profile/withdraw/", publishing.withdraw_now, name="profile_withdraw"),
    path("profile/confirm/", publishing.confirm_now, name="profile_confirm"),
    path("profile/still-right/<str:token>/", publishing.still_right, name="profile_still_right"),
    path("profile/photo/<str:name>", profiles.picture, name="profile_photo"),
    path("profile/seen-by/<slug:audience>/", profiles.preview, name="profile_preview"),
    path("profile/<slug:slug>/", profiles.group, name="profile_group"),
    path("invitation/<str:token>/", invitation_page, name="account_invitation"),
    path("data/", rights.data_page, name="account_data"),
    path("data/my-data.json", rights.data_file, name="account_data_file"),
    path(
        "erase/",
        reauthentication_required(app="allauth.account")(rights.erase_page),
        name="account_erase",
    ),
    path("", include("allauth.urls")),
]
