"""All addresses of the site."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from tessera.accounts.takedown import takedown_page
from tessera.api.routes import urls as api_urls
from tessera.schema.kinds import KIND_NAMES
from tessera.search.views import explore_view, home_view, record_view
from tessera.site import views
from tessera.site.whereabouts import whereabouts_view

_KINDS = "|".join(KIND_NAMES)

# Editors sign in as everybody does, with whatever second step they have.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home_view, name="home"),
    path("explore", explore_view, name="explore"),
    path("about", views.about, name="about"),
    path("about/ordering", views.prose, {"name": "ordering"}, name="ordering"),
    path("about/accessibility", views.prose, {"name": "accessibility"}, name="accessibility"),
    path("about/privacy", views.prose, {"name": "privacy"}, name="privacy"),
    path("about/register", views.register, name="register"),
    path("about/glossary", views.prose, {"name": "glossary"}, name="glossary"),
    path("about/api", views.prose, {"name": "api"}, name="api-guide"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("theme.css", views.theme, name="theme"),
    path("takedown/<path:uid>", takedown_page, name="takedown"),
    path("account/messages/", include("tessera.contact.urls")),
    path("account/", include("tessera.accounts.urls")),
    path("admin/whereabouts/", admin.site.admin_view(whereabouts_view), name="whereabouts"),
    path("admin/", admin.site.urls),
    *api_urls,
    re_path(rf"^(?P<kind>{_KINDS})/(?P<uid>.+)$", record_view, name="record"),
]

handler400 = "tessera.site.errors.bad_request"
handler403 = "tessera.site.errors.forbidden"
handler404 = "tessera.site.errors.not_found"
handler500 = "tessera.site.errors.failed"
