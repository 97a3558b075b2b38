"""Addresses below /account/messages/."""

from __future__ import annotations

from django.urls import path

from tessera.contact import views

urlpatterns = [
    path("", views.messages_page, name="messages"),
    path("choice/", views.choice, name="messages_choice"),
    path("to/<path:uid>/", views.write, name="write_to"),
    path("blocked/<int:number>/end/", views.unblock, name="unblock"),
    path("<uuid:thread_id>/", views.conversation, name="conversation"),
    path("<uuid:thread_id>/address/", views.address, name="give_address"),
    path("<uuid:thread_id>/block/", views.block, name="block"),
    path("<uuid:thread_id>/delete/", views.delete, name="delete_conversation"),
    path("<uuid:thread_id>/report/<int:number>/", views.report, name="report_message"),
]
