"""Research projects of the EU as CORDIS publishes them: tables, XML and lists made of them."""
