"""Interreg projects with partners in Sweden, as the Swedish agency publishes them."""
