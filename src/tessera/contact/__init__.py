"""Messages between people through the site: nobody's address is needed for them, or shown."""
