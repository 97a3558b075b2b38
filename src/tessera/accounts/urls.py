"""Addresses below /account/: ours where they differ, then allauth's."""

from __future__ import annotations

from allauth.account import views as account_views
from allauth.account.decorators import reauthentication_required
from django.urls import include, path

from tessera.accounts import proof, views

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
    path("", include("allauth.urls")),
]
