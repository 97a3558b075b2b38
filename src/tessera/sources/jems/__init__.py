"""Jems: the exports of projects and partners that the monitoring system of Interreg writes."""
