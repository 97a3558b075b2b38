"""News and events from feeds: RSS, Atom, JSON Feed."""
