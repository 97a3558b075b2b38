"""The site as a whole: settings, addresses, checks, base templates."""
