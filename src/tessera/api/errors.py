"""Errors of the API: one shape for all of them."""

from __future__ import annotations

from django.http import JsonResponse


def error_response(status: int, code: str, message: str) -> JsonResponse:
    """`{"error": {"code", "message", "problems"}}` with its status."""
    body = {"error": {"code": code, "message": message, "problems": []}}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
