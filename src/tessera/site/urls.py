"""All addresses of the site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path, re_path

from tessera.api.routes import urls as api_urls
from tessera.schema.kinds import KIND_NAMES
from tessera.search.views import explore_view, home_view, record_view
from tessera.site import views
from tessera.site.whereabouts import whereabouts_view

_KINDS = "|".join(KIND_NAMES)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home_view, name="home"),
    path("explore", explore_view, name="explore"),
    path("about", views.about, name="about"),
    path("about/ordering", views.prose, {"name": "ordering"}, name="ordering"),
    path("about/accessibility", views.prose, {"name": "accessibility"}, name="accessibility"),
    path("about/privacy", views.prose, {"name": "privacy"}, name="privacy"),
    path("about/glossary", views.prose, {"name": "glossary"}, name="glossary"),
    path("about/api", views.prose, {"name": "api"}, name="api-guide"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("theme.css", views.theme, name="theme"),
    path("admin/whereabouts/", admin.site.admin_view(whereabouts_view), name="whereabouts"),
    path("admin/", admin.site.urls),
    *api_urls,
    re_path(rf"^(?P<kind>{_KINDS})/(?P<uid>.+)$", record_view, name="record"),
]

handler400 = "tessera.site.errors.bad_request"
handler403 = "tessera.site.errors.forbidden"
handler404 = "tessera.site.errors.not_found"
handler500 = "tessera.site.errors.failed"
